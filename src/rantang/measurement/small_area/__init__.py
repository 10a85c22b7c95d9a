"""Figures for areas with few or no households in the survey: models, benchmarking, checks.

Begin with `areas`: direct estimates or microdata in, one row per area out. The models under it are
pure arithmetic on arrays; randomness only by a seed that the caller gives.
"""
