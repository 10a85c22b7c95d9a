"""Figures as plain values: what is not a number is null, and digits that mean nothing are cut."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def known(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with null for every float that is not a number."""
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in row.items()
    }


def rounded(row: Mapping[str, float], digits: int) -> dict[str, float | None]:
    """Return figures to so many significant digits, null for those that are not a number."""
    return {key: None if value is None else float(f"{value:.{digits}g}") for key, value in known(row).items()}
