"""What the field's terms mean: one rule each, on a column (`scalar.apply` runs it on one value)."""
