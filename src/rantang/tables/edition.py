"""The tables of an edition, in the order in which they are written."""

from __future__ import annotations

from typing import Final

from rantang.tables.declare import Table
from rantang.tables.intake import FINDINGS, PROVENANCE
from rantang.tables.measurement import POVERTY
from rantang.tables.register import FAMILIES, IDS, LINKS, PERSONS, REVIEW
from rantang.tables.synergy import ASSISTANCE, COVERAGE, FAMILY_AID, HISTORY, OVERLAP
from rantang.tables.validation import ELIGIBILITY
from rantang.tables.welfare import WELFARE

EDITION: Final[tuple[Table, ...]] = (
    PERSONS, FAMILIES, LINKS, REVIEW, IDS, FINDINGS, ELIGIBILITY, WELFARE, ASSISTANCE, COVERAGE,
    OVERLAP, FAMILY_AID, HISTORY, POVERTY, PROVENANCE,
)  # fmt: skip
