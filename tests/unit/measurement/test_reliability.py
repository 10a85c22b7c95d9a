import math

import pytest

from rantang.measurement.reliability import mark


@pytest.mark.parametrize(
    ("rse", "said"),
    [
        (0.0, "usable"),
        (0.25, "usable"),
        (0.2501, "caution"),
        (0.5, "caution"),
        (0.51, "not_published"),
        (math.nan, "not_published"),
    ],
)
def test_mark_of_bps(rse: float, said: str) -> None:
    assert mark(rse) == said
