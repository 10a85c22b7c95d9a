"""Adding up by place: the one grouping that every figure rests on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def added(
    place: npt.NDArray[np.int64], values: npt.NDArray[np.float64], places: int
) -> npt.NDArray[np.float64]:
    """Return the sum of the values at each place, 0 where there is none."""
    found: npt.NDArray[np.float64] = np.bincount(place, values, places).astype(np.float64)
    return found
