"""The command line: thin shells over the pipeline. One module per command."""

from rantang.cli.app import main

__all__ = ["main"]
