"""Which rows are the same person, which persons are one family?"""
