"""One kecamatan's welfare list read and understood: `rantang check`, and pandas that only reads it."""

from __future__ import annotations

from benchmarks.measure import PYTHON, RANTANG, child, sample, save

READ = (
    "import sys, pandas; "
    "[len(x) for x in pandas.read_excel(sys.argv[1], sheet_name=None, dtype=str).values()]"
)


def report(scale: float) -> None:
    """Time both on the largest file; pandas gives text and neither types nor findings."""
    file = max((sample(scale) / "lists/dinsos/dtks").glob("*.xlsx"), key=lambda path: path.stat().st_size)
    rows = []
    for name, command in (
        ("rantang check", (RANTANG, "check", str(file), "--json")),
        ("pandas + openpyxl", (PYTHON, "-c", READ, str(file))),
    ):
        seconds, memory, _ = child(*command)
        rows.append({"by": name, "mib": file.stat().st_size / 2**20, "s": seconds, "gib": memory})
    save("intake", rows, scale=scale, file=file.name)
