"""Workbooks that are worked in: lists of what to do, person by person, for an agency or a kelurahan.

They name people, so they are made on demand only; the caller writes them for its owner alone (0600)
and logs that it did.
"""

from rantang.documents.workbooks.screening import screening
from rantang.documents.workbooks.worklist import Request, worklist

__all__ = ["Request", "screening", "worklist"]
