"""How poor is a family, how sure are we, and on what basis?

Until a city has its own score, the class is a stand-in: the decile of an official list (`dtsen`
before `p3ke`), read, never computed. A family on neither is `belum-didata`: counted, shown, never
imputed. The columns of the score are there and empty.
"""

from rantang.welfare.classes import classify

__all__ = ["classify"]
