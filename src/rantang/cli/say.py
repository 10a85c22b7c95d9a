"""How the command line speaks: calm lines, Indonesian numbers, colours only on a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from rantang.texts import language

console = Console(highlight=False, soft_wrap=True)


def say(text: str = "", style: str | None = None) -> None:
    """Print a line; what it quotes is never read as markup."""
    console.print(text, style=style, markup=False)


def say_json(content: Mapping[str, Any]) -> None:
    """Print one JSON object for machines."""
    print(json.dumps(content, ensure_ascii=False, indent=1, default=str))


def number(value: float | None, decimals: int = 0) -> str:
    """Write a number as the language in use does: 1.234.567,8."""
    if value is None:
        return "–"
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language() == "id" else text


def rupiah(value: float | None) -> str:
    """Write money: Rp 2,5 miliar."""
    if value is None:
        return "–"
    names = {"id": ("miliar", "juta"), "en": ("billion", "million")}[language()]
    for size, name in ((1e9, names[0]), (1e6, names[1])):
        if abs(value) >= size:
            return f"Rp {number(value / size, 1)} {name}"
    return f"Rp {number(value)}"


def seconds(value: float) -> str:
    """Write a duration."""
    if value >= 60:
        return f"{int(value // 60)} min {int(value % 60)} s"
    return f"{number(value, 1)} s"


def plain_table(*heads: tuple[str, bool]) -> Table:
    """Return a table without boxes; `True` for a column of numbers (right)."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for head, numeric in heads:
        table.add_column(head, justify="right" if numeric else "left", no_wrap=numeric)
    return table
