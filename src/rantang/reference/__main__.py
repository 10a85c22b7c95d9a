"""Write the reference: `python -m rantang.reference docs/reference`."""

from __future__ import annotations

import sys
from pathlib import Path

from rantang.reference import PAGES
from rantang.texts import use_language


def main(folder: Path) -> None:
    """Write every page into `folder`."""
    use_language("en")
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
