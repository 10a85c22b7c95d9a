"""The reference: pages made from what is declared, so that they cannot be wrong for long.

`python -m rantang.reference docs/reference` writes them; a test fails while one is stale. Nothing else
writes them, and nothing imports this package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rantang.reference import commands, expressions, findings, lists, places, rules, tables
from rantang.sample import reference as sample

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "commands.md": commands.page,
    "contracts.md": lists.page,
    "expressions.md": expressions.page,
    "findings.md": findings.page,
    "places.md": places.page,
    "rules.md": rules.page,
    "sample.md": sample.render,
    "tables.md": tables.page,
}
"""Every generated page by its file's name."""
