"""Shall we reach the target? The path of a published poverty rate, with what it cannot know.

Pure: a place's indicators and targets in, a `Projection` out. No file, no clock, no chance.
"""

from rantang.projection.project import Projection, project

__all__ = ["Projection", "project"]
