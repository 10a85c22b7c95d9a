"""Columns of any list by role: what their cells say."""

from __future__ import annotations

import ibis

from rantang.linking import as_rows

MEN = ("L", "Laki-laki", "LAKI LAKI", "Pria", "PRIA", "M", "male", "man", "1", "1. Laki-laki")
WOMEN = ("P", "Perempuan", "Wanita", "WANITA", "F", "female", "woman", "2", "W", "Pr")
NOBODY_KNOWS = ("-", "tidak tahu", "Lainnya", "X", "3", "Menikah", "Putra/i", None)


def test_sex_is_read_as_the_code_lists_have_it(keep) -> None:
    written = [*MEN, *WOMEN, *NOBODY_KNOWS]
    said = ibis.memtable(
        {"row": list(range(len(written))), "sex": written}, schema={"row": "int64", "sex": "string"}
    )
    found = keep(as_rows(said, "a"), "rows").order_by("row").sex.to_pyarrow().to_pylist()
    expected = [*("L" for _ in MEN), *("P" for _ in WOMEN), *(None for _ in NOBODY_KNOWS)]
    assert dict(zip(written, found, strict=True)) == dict(zip(written, expected, strict=True))
