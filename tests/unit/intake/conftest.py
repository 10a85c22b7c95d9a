"""Every test of intake speaks Indonesian unless it asks otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rantang.texts import language, use_language


@pytest.fixture(autouse=True)
def indonesian() -> Iterator[None]:
    before = language()
    use_language("id")
    yield
    use_language(before)
