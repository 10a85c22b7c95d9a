"""The one error a user may see: it says what, where, why and how to mend, in their language.

Everything that can go wrong *with a list* is a finding (`rantang.tables.findings`), not an
error. A `RantangError` is raised only when a command cannot do what it was asked at all; the
command line prints it and exits with 2.
"""

from __future__ import annotations


class RantangError(Exception):
    """A command could not do its work.

    Parameters
    ----------
    code
        Stable code from the catalogue (`rantang.catalogue`), for instance ``RUANG-KOSONG``.
    values
        What the message's placeholders stand for.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        from rantang.catalogue import describe  # noqa: PLC0415  (the catalogue reads texts)

        text = describe(self.code, self.values)
        return f"[{self.code}] {text.message} {text.mend}".strip()
