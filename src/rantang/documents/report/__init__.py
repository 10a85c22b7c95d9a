"""The edition's report: one self-contained page that a mayor reads in two minutes.

`collect` makes `ReportData` of an edition's tables: aggregates only, disclosure control applied.
`render` makes the page of it; it sees nothing else, so nothing hidden can slip onto the page.
"""

from rantang.documents.report.data import collect
from rantang.documents.report.model import ReportData
from rantang.documents.report.render import render

__all__ = ["ReportData", "collect", "render"]
