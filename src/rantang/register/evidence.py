"""Evidence of a link in short codes that a reviewer's page turns into words.

``name=`` equal, ``name~`` near, ``name!`` differs; a missing field says nothing.
"""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.register.levels import LEVELS

# Up to which level a field counts as equal, and up to which as near.
_EQUAL_NEAR: Final[dict[str, tuple[int, int]]] = {
    "name": (4, 7),
    "nik": (1, 3),
    "kk": (1, 2),
    "place": (1, 5),
    "born": (2, 4),
    "sex": (1, 1),
    "mother": (1, 2),
    "support": (0, 0),
    "taken": (0, 0),
}


def evidence(pairs: ir.Table) -> ir.StringValue:
    """Return the codes of a compared pair, joined by a space, strongest agreement first as listed."""
    parts = []
    for field in LEVELS:
        if field not in pairs.columns:
            continue
        level = pairs[field]
        if field == "support":
            parts.append((level >= 2).ifelse("keluarga+ ", ""))
        elif field == "taken":
            parts.append((level == 2).ifelse("terpakai! ", ""))
        else:
            equal, near = _EQUAL_NEAR[field]
            parts.append(
                ibis.cases(
                    (level == 0, ""),
                    (level <= equal, f"{field}= "),
                    (level <= near, f"{field}~ "),
                    else_=f"{field}! ",
                )
            )
    text = parts[0]
    for part in parts[1:]:
        text = text + part
    return text.strip()
