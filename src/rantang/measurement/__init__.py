"""How much poverty is there, where, and how sure are we: estimates from survey microdata."""
