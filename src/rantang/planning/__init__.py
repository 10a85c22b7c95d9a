"""Which programmes for whom, with which money: the best plan, its proof and its prices, and what-if."""

from __future__ import annotations

from rantang.planning.optimise import Plan, plan
from rantang.planning.problem import Families, Floor, Pairs, Problem, Rules, pose

__all__ = ["Families", "Floor", "Pairs", "Plan", "Problem", "Rules", "plan", "pose"]
