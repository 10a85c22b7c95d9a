"""Find the texts of a folder: what `_` and `mark` are given in Python, and `_` in templates."""

from __future__ import annotations

import ast
import re
from pathlib import Path


def texts(folder: Path) -> set[str]:
    found: set[str] = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "mark")
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    for file in folder.rglob("*.j2"):
        found |= set(re.findall(r"""_\(\s*["'](.+?)["']\s*[,)]""", file.read_text("utf-8")))
    return found
