"""What the tests of linkage share."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import ibis
import ibis.expr.types as ir
import pytest

_names = itertools.count()


@pytest.fixture
def keep() -> Callable[[ir.Table, str], ir.Table]:
    connection = ibis.duckdb.connect()
    return lambda expr, name: connection.create_table(f"{name}_{next(_names)}", expr, temp=True)
