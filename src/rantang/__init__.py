"""Rantang: one register from many agencies' lists, and who gets what from whom."""

__version__ = "0.1.0"
