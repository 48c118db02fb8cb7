"""Lies and bugs, and whether the checks find them; `make prove` writes PROOF.md."""
