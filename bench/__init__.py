"""Measurements, side by side: each program keeps what it finds in raw/."""
