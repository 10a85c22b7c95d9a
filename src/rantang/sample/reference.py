"""`docs/reference/sample.md`, made from the tables it describes: `python -m rantang.sample.reference`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from rantang.sample.aid import MONTHS, programmes
from rantang.sample.layout import layouts
from rantang.sample.rates import table

_TITLES: Final = {
    "place": "The place",
    "people": "People",
    "welfare": "Welfare",
    "lists": "Who is on which list",
    "faults": "Faults in writing people down",
    "aid": "Aid",
    "facts": "Facts of house, belongings and head",
}
_INTRO: Final = """\
# The sample city

`rantang sample DIR` writes a synthetic Malang: `city.toml`, the lists of ten agencies under `lists/`
as they look in life, and the truth apart under `truth/`. Nobody in it exists. The same seed and scale
give the same bytes. Only the sample itself and the benchmarks may read `truth/`.

**No number of the sample is anybody's.** Serials of NIK and KK are counted up from 9001 to 9999 per
area, date and sex, so the 13th digit is 9; no fault touches that digit. A number without the 9 there is
impossible by a hard rule (too short, all zeros). Streets are invented.

This page is made from the tables the sample is made with (`python -m rantang.sample.reference`).
**The rates are not changed to reach a bar.** A rate marked *assumption* has no published figure behind
it. A rate marked *scaled* makes linking harder and is multiplied by `rates_factor` (benchmarks use 2.5).
"""
_TRUTH: Final = """\
## The truth

| file | one row is | columns |
|---|---|---|
| `rows.parquet` | one row of one list | `file` (under `lists/`), `sheet` (empty for csv), `row` as a \
spreadsheet shows it, `person`, `family` |
| `persons.parquet` | one person | `person`, `family`, true `nik`, `kk`, `name`, `mother`, `birth_date`, \
`sex`, `relation`, `kelurahan_code`, `poor`, `kerak`, `dead`, `moved`, `status_date`, \
`absent_from_penduduk`, `moved_from_family` (the card they left) |
| `families.parquet` | one family | `family`, `kk`, `consumption` (rupiah a head a month), `poor`, \
`kerak`, address, housing in Regsosek codes |
| `breaks.parquet` | one month without any aid of a kerak family after a month with aid | `family`, \
`month`, `planned` (a break of monthly aid; the others only ever had aid given once) |

Poor are the families with the least consumption, taken up until 6.62 % of the residents are poor;
*kerak* are those of them whose lasting consumption is lowest, until 4.62 %.

## A delivery for scoring linkage

`linkage_delivery(build_world(seed, scale, Rates()), rows=100_000, rates_factor=1.0, whole=False,
children_moved=False)` gives a list, the population and who is who. *Cut* columns are those of SIKS-NG
(NIK, KK, name, address, kelurahan); *whole* adds mother, birth date and place, sex, relation, RT, RW.
With `children_moved` a quarter of the grown children of the listed families stand on the card they left.

## What is simpler than life

- The population list is clean: each resident stands there once, with the true name and address.
- An address nearly names a family (12 % of families share one).
- Faults fall independently of each other, but for whole families' KK and addresses.
- A family on the card is taken for a household, also in the survey.
- Facts of house and belongings speak of lasting welfare only. What `survei` says explains half of log
  consumption a head (R² held out .50 with the facts of `dtsen`, .42 with P3KE's; `model.json` of an edition).
  **Assumption**: about one half is where proxy-means models lie. It was set from memory of Alatas et al.
  (2012, *American Economic Review* 102(4), doi 10.1257/aer.102.4.1206), whose text we could not check.
- Receiving aid and standing on a list change nothing: who is helped is poorer, not less poor for it.
- The columns of *P3KE keluarga* stand in each member's row, joined by *ID Keluarga P3KE* as offices do.
- Places of registration of siblings are drawn one by one.
"""


def render() -> str:
    """Return the text of the page."""
    return "\n".join([_INTRO, *_rate_tables(), _programme_table(), _layout_table(), _TRUTH])


def _rate_tables() -> list[str]:
    pages = []
    for section, title in _TITLES.items():
        lines = [f"## {title}", "", "| rate | value | source | |", "|---|---|---|---|"]
        for rate in table():
            if rate.section == section:
                marks = [word for word in ("assumption", "scaled") if getattr(rate, word)]
                lines.append(f"| `{rate.name}` | {rate.value:g} | {rate.source} | {', '.join(marks)} |")
        pages.append("\n".join([*lines, ""]))
    return pages


def _programme_table() -> str:
    lines = [
        "## Programmes",
        "",
        "Places are at scale 1. A family's row is the person who signs for it.",
        "",
        "| code | agency | unit | places | months of 2022 | source | |",
        "|---|---|---|---|---|---|---|",
    ]
    for programme in programmes():
        months = "6–11" if programme.months == MONTHS else ", ".join(map(str, programme.months))
        mark = "assumption" if programme.assumption else ""
        lines.append(
            f"| {programme.code} | {programme.agency} | {programme.unit} | {programme.places} | {months} "
            f"| {programme.source} | {mark} |"
        )
    return "\n".join([*lines, ""])


def _layout_table() -> str:
    lines = [
        "## How the lists look",
        "",
        "Beside `penduduk` (csv, `;`), `padan`, `dtks` (50 columns, a file per kecamatan), `p3ke`, `dtsen`:",
        "",
        "| list | file | title lines | merged header | sheets | totals row | NIK as number |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, layout in layouts().items():
        number = "16th digit lost" if layout.lost else "exact" if layout.numbers else ""
        sheets = layout.split or ("instructions first" if layout.instructions else "1")
        lines.append(
            f"| {name} | {layout.ext} | {len(layout.titles)} | {'yes' if layout.above else ''} | {sheets} "
            f"| {'yes' if layout.foot else ''} | {number} |"
        )
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), encoding="utf-8", newline="\n")
