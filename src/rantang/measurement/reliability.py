"""How far an estimate may be used, by its relative standard error.

BPS publishes estimates of the Susenas with an RSE of at most 25 % as they are, marks those up to
50 % as to be used with caution, and does not publish the rest.
"""

from __future__ import annotations

import math
from typing import Final

USABLE: Final = "usable"
CAUTION: Final = "caution"
NOT_PUBLISHED: Final = "not_published"
MOST_USABLE: Final = 0.25
MOST_CAUTION: Final = 0.50


def mark(rse: float) -> str:
    """Return BPS's mark of a relative standard error (a fraction); one that is unknown is not published."""
    if math.isnan(rse) or rse > MOST_CAUTION:
        return NOT_PUBLISHED
    return USABLE if rse <= MOST_USABLE else CAUTION
