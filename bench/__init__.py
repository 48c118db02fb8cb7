"""Measurements, side by side: each program writes its section of RESULTS.md."""
