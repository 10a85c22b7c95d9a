"""The scalar form of any rule: the column form run on a table of one row (about 5 ms)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis
import ibis.expr.types as ir


def apply(
    column_function: Callable[..., ir.Value], *values: Any, types: tuple[str, ...] = (), **options: Any
) -> Any:
    """Run `column_function` on one value for each column it takes and return the one result.

    Parameters
    ----------
    values
        One value per column argument.
    types
        Ibis types of the values; text where not given.
    options
        Further arguments that are not columns.
    """
    kinds = types or ("string",) * len(values)
    names = [f"value_{number}" for number in range(len(values))]
    schema = ibis.schema(dict(zip(names, kinds, strict=True)))
    row = ibis.memtable([dict(zip(names, values, strict=True))], schema=schema)
    result = column_function(*(row[name] for name in names), **options)
    return row.select(result=result).to_pyarrow()["result"][0].as_py()
