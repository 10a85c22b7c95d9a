"""Measurements at the size of a city: `python -m benchmarks`."""
