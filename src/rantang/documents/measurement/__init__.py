"""What `rantang measure` hands over: JSON and CSV for machines, one page for people."""

from rantang.documents.measurement.data import as_csv, as_json
from rantang.documents.measurement.page import render

__all__ = ["as_csv", "as_json", "render"]
