"""Pages as Markdown: a heading that says how the page is made, tables, marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def page(title: str, intro: str, *parts: str) -> str:
    """Put a page together; it says that nobody should mend it by hand."""
    made = "*Made from the declarations by `python -m rantang.reference docs/reference`; do not edit.*"
    return "\n\n".join([f"# {title}", made, intro.strip(), *(part.strip() for part in parts if part)]) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Make a table."""
    lines = [_line(heads), "|" + "---|" * len(heads), *(_line(row) for row in rows)]
    return "\n".join(lines)


def code(text: str) -> str:
    """Mark as code; nothing stays nothing."""
    return f"`{text}`" if text else ""


def codes(texts: Iterable[str]) -> str:
    """Mark each as code."""
    return ", ".join(code(text) for text in texts)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
