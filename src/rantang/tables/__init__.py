"""What flows between the stages: every table's columns, types and meaning, declared once.

Stages are siblings and never import each other; what they agree on lies here. The reference
documents (`docs/reference/tables.md`) and the checks at each stage's border are made from
these declarations.
"""

from rantang.tables.declare import Column, Table

__all__ = ["Column", "Table"]
