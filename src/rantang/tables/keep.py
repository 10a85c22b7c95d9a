"""How a stage keeps an intermediate table without knowing the engine."""

from __future__ import annotations

from typing import Protocol

import ibis.expr.types as ir


class Keep(Protocol):
    """Compute `expr` now and return it as a table that is read many times.

    The caller supplies it: a temporary table on DuckDB, a cached frame on Spark. `name` only
    makes plans and logs readable; two calls may use the same name.
    """

    def __call__(self, expr: ir.Table, name: str) -> ir.Table:
        """Materialise `expr`."""
        ...
