"""How poor is a family, how sure are we, and on what basis?

A score is learnt on the survey's microdata and applied to families of which a list says facts: predicted
consumption, probability of poverty, rank among the city's people, each with its uncertainty, and the facts
that moved it. A family without facts is `belum-didata`: counted, shown, never imputed. Without a survey the
class is a stand-in: the decile of an official list, read, never computed; it stays beside the score.

A score strikes nobody off: families near a cut are visited, in the order of what a visit is worth.
"""

from rantang.welfare.classes import classify
from rantang.welfare.stage import Settings, Welfare, assess

__all__ = ["Settings", "Welfare", "assess", "classify"]
