"""The rule language: small SQL conditions over documented columns, as data, never as code.

    usia >= 60 and kk_satu_orang and desil_nasional <= 2

`parse` checks a text against the columns it may use; the `Expression` renders itself as an Ibis
expression (so it runs on every engine) and explains itself in words. An unknown fact stays
unknown: the logic has three values, as in SQL.
"""

from rantang.expressions.parse import FUNCTIONS, MAX_LENGTH, OPERATORS, Expression, parse

__all__ = ["FUNCTIONS", "MAX_LENGTH", "OPERATORS", "Expression", "parse"]
