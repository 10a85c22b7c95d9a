"""The person x family model: classes of pairs, fitted per delivery without labels.

A pair is not simply a match or a non-match. A non-match is *another member of the same family*
(card and address agree, the name does not) or *a namesake elsewhere* (the name agrees, the
family does not); a model of two classes takes one for the other.

====  ===============================================
M1    the same person in the same family
M2    the same person, the family changed
H     another member of the same family
T     the person's twin (not fitted: too few to learn from)
N1    a namesake elsewhere
N2    anybody else
C     a stranger met by chance (known, not fitted; see `chance`)
====  ===============================================

P(levels) = sum over classes of share x product over fields of P(level | class); a missing field
has factor 1. Fields of the person (name, NIK, birth, sex, mother) share one table for M1 and M2:
changing the family does not change how a name is misspelt. The fit is expectation-maximisation
(Dempster, Laird & Rubin 1977; Fellegi & Sunter 1969 for the frame) on *counts of level patterns*,
**anchored**: a pattern whose class rules call certain keeps it, so that the fit cannot drift.
Dirichlet priors (`PRIOR`) carry small deliveries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from rantang.register.alike import Alike
from rantang.register.levels import EQUAL_NAME, FAMILY_FIELDS, LEVELS

Levels = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]
# P(level) of a field between two of equal names, by class and field, where it is not as between any two.
Namesakes = Mapping[str, Mapping[str, Floats]]

CLASSES: Final = ("M1", "M2", "H", "T", "N1", "N2")
PRIOR_WEIGHT: Final = 40.0
ROUNDS: Final = 60
FLOOR: Final = 1e-6
# Twins among pairs of one family: one birth in a hundred, and few pairs are of two children; doubled.
TWINS: Final = 0.004
# Fields are not quite independent (names follow years of birth, streets and tongues): strangers agree
# more often in several fields than these would by themselves. The fit must know it, too: else it takes
# those whom chance does not explain for persons whose birth date was written quite wrong.
SAFETY: Final = 2.0
PERSONAL: Final = ("name", "nik", "kk", "place", "born", "sex", "mother")
# Levels of `place` up to which two rows share an address.
SAME_DOOR: Final = 3

# Prior tables by field and class: what lists of this kind look like before one is read. They
# start the fit and weigh as `PRIOR_WEIGHT` pairs, nothing beside a list of thousands.
PRIOR: Final[dict[str, dict[str, tuple[float, ...]]]] = {
    "name": {
        "M": (0.32, 0.20, 0.15, 0.13, 0.07, 0.08, 0.03, 0.01, 0.005, 0.005),
        "H": (0.001, 0.001, 0.001, 0.001, 0.006, 0.01, 0.06, 0.04, 0.12, 0.76),
        "T": (0.001, 0.001, 0.001, 0.002, 0.02, 0.08, 0.195, 0.15, 0.25, 0.30),
        "N1": (0.02, 0.08, 0.20, 0.40, 0.12, 0.08, 0.06, 0.02, 0.01, 0.01),
        "N2": (0.0003, 0.0005, 0.001, 0.002, 0.01, 0.02, 0.15, 0.10, 0.15, 0.5662),
    },
    "nik": {
        "M": (0.93, 0.035, 0.01, 0.008, 0.002, 0.015),
        "H": (0.0005, 0.002, 0.002, 0.70, 0.02, 0.2755),
        "T": (0.002, 0.50, 0.18, 0.25, 0.008, 0.06),
        "N1": (0.0002, 0.001, 0.008, 0.004, 0.86, 0.1268),
        "N2": (0.0002, 0.002, 0.05, 0.01, 0.80, 0.1378),
    },
    "kk": {
        "M1": (0.94, 0.03, 0.03),
        "M2": (0.01, 0.01, 0.98),
        "H": (0.94, 0.03, 0.03),
        "N1": (0.002, 0.002, 0.996),
        "N2": (0.01, 0.005, 0.985),
    },
    "place": {
        "M1": (0.60, 0.05, 0.12, 0.06, 0.06, 0.08, 0.03),
        "M2": (0.10, 0.01, 0.02, 0.05, 0.06, 0.20, 0.56),
        "H": (0.60, 0.05, 0.12, 0.06, 0.06, 0.08, 0.03),
        "N1": (0.01, 0.005, 0.01, 0.05, 0.05, 0.50, 0.375),
        "N2": (0.05, 0.01, 0.05, 0.10, 0.10, 0.40, 0.29),
    },
    "born": {
        "M": (0.80, 0.10, 0.06, 0.025, 0.015),
        "H": (0.001, 0.001, 0.02, 0.08, 0.898),
        "T": (0.87, 0.10, 0.02, 0.005, 0.005),
        "N1": (0.001, 0.001, 0.03, 0.08, 0.888),
        "N2": (0.005, 0.003, 0.06, 0.10, 0.832),
    },
    "sex": {
        "M": (0.985, 0.015),
        "H": (0.45, 0.55),
        "T": (0.70, 0.30),
        "N1": (0.92, 0.08),
        "N2": (0.52, 0.48),
    },
    "mother": {
        "M": (0.86, 0.11, 0.03),
        "H": (0.40, 0.04, 0.56),
        "T": (0.86, 0.11, 0.03),
        "N1": (0.01, 0.02, 0.97),
        "N2": (0.02, 0.02, 0.96),
    },
    "support": {
        "M1": (0.08, 0.32, 0.60),
        "M2": (0.97, 0.02, 0.01),
        "H": (0.08, 0.32, 0.60),
        "N1": (0.985, 0.010, 0.005),
        "N2": (0.97, 0.020, 0.010),
    },
    "taken": {"M": (0.985, 0.015), "H": (0.15, 0.85), "N1": (0.75, 0.25), "N2": (0.75, 0.25)},
}


@dataclass(frozen=True)
class Chance:
    """How strangers compare: P(level) per field, and the strangers that each row could meet.

    `kin` has the same of members of one family, for the fields in which that could be counted.
    `namesakes` has, by class and field, how those of equal names compare: strangers of one name are of one
    sex; father and son of one name have two birth dates, twins of one birth date two names. `alike` has how
    people of the register compare with each other, in all fields at once.
    """

    tables: Mapping[str, Floats]
    strangers: float
    kin: Mapping[str, Floats] = field(default_factory=dict)
    namesakes: Namesakes = field(default_factory=dict)
    alike: Alike | None = None


def _shared(name: str, class_: str) -> str:
    """Which table a class uses: M1 and M2 share those of the person's own fields, H and T the others."""
    if class_ == "T" and (name in FAMILY_FIELDS or name == "taken"):
        return "H"
    return "M" if class_ in {"M1", "M2"} and name not in FAMILY_FIELDS else class_


@dataclass(frozen=True)
class Fit:
    """A fitted model: share of each class and, per field and table, P(level)."""

    fields: tuple[str, ...]
    shares: Floats
    tables: Mapping[str, Mapping[str, Floats]]
    classes: tuple[str, ...] = CLASSES
    trusted: bool = True
    reason: str = ""
    rounds: int = 0
    notes: Mapping[str, float] = field(default_factory=dict)
    alike: Alike | None = None
    rows_share: float = 0.0
    namesakes: Namesakes = field(default_factory=dict)

    def log_classes(self, patterns: Levels) -> Floats:
        """Return log(share x P(levels | class)), one row a pattern, one column a class."""
        total = np.tile(np.log(self.shares), (len(patterns), 1))
        for column, name in enumerate(self.fields):
            levels = patterns[:, column]
            for index, class_ in enumerate(self.classes):
                table = self.tables[name][_shared(name, class_)]
                total[:, index] += np.concatenate(([0.0], np.log(table)))[levels]
        if "C" in self.classes:
            compared = [self.fields.index(name) for name in self.fields if name in PERSONAL]
            several = (patterns[:, compared] > 0).sum(axis=1) > 1
            total[:, self.classes.index("C")] += several * np.log(SAFETY)
        for class_ in self.namesakes.keys() & set(self.classes):
            total[:, self.classes.index(class_)] += self._log_namesakes(patterns, class_)
        return total

    def _log_namesakes(self, patterns: Levels, class_: str) -> Floats:
        """Return what equal names make of the other fields of a class: log of the ratio, per pattern."""
        of_name = patterns[:, self.fields.index("name")]
        total = np.zeros(len(patterns))
        for name, table in self.namesakes[class_].items():
            more = np.log(table) - np.log(self.tables[name][_shared(name, class_)])
            total += np.concatenate(([0.0], more))[patterns[:, self.fields.index(name)]]
        return np.where((of_name >= 1) & (of_name <= EQUAL_NAME), total, 0.0)

    def weights(self, patterns: Levels) -> Floats:
        """Return w = log P(M1 or M2) - log P(H or N1 or N2), rounded to 1e-6, per pattern."""
        if not self.trusted:
            return self._ladder(patterns)
        log = self.log_classes(patterns)
        match = [i for i, name in enumerate(self.classes) if name in {"M1", "M2"}]
        other = [i for i, name in enumerate(self.classes) if name not in {"M1", "M2"}]
        others = _log_sum(log[:, other])
        if self.alike is not None:
            others = np.maximum(others, self._log_met(patterns, self.alike))
        return np.round(_log_sum(log[:, match]) - others, 6)

    def _log_met(self, patterns: Levels, alike: Alike) -> Floats:
        """Return log of the share of pairs in which rows meet another person of the register so.

        What the family pass adds is not known of the register's own rows: the class of other people
        that it suits best stands for it.
        """
        met = np.log(np.maximum(self.rows_share * alike.met(patterns, self.fields), 1e-300))
        for name in ("support", "taken"):
            if name in self.fields:
                levels = patterns[:, self.fields.index(name)]
                tables = [t for key, t in self.tables[name].items() if key not in {"M", "M1", "M2"}]
                met += np.concatenate(([0.0], np.log(np.max(tables, axis=0))))[levels]
        return np.asarray(met)

    def _ladder(self, patterns: Levels) -> Floats:
        """Without a fit to trust: an equal NIK with a like name is a match, the rest is for people."""
        nik, name = (patterns[:, self.fields.index(field)] for field in ("nik", "name"))
        certain = (nik == 1) & (name >= 1) & (name <= 6)
        return np.where(certain, 12.0, np.where((name >= 1) & (name <= 4), -1.0, -12.0))

    def as_json(self) -> dict[str, object]:
        """Return the fit as plain data for `model.json` (rounded: it must be reproducible)."""

        def plain(shares: Floats) -> list[float]:
            return [float(f"{share:.9g}") for share in shares]

        return {
            "fields": list(self.fields),
            "classes": list(self.classes),
            "shares": plain(self.shares),
            "tables": {
                name: {key: plain(table) for key, table in tables.items()}
                for name, tables in self.tables.items()
            },
            "trusted": self.trusted,
            "reason": self.reason,
            "rounds": self.rounds,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Fit:
        """Read what `as_json` wrote."""
        tables = {
            name: {key: np.asarray(table, dtype=np.float64) for key, table in by_class.items()}
            for name, by_class in data["tables"].items()  # type: ignore[attr-defined]
        }
        return cls(
            fields=tuple(data["fields"]),  # type: ignore[arg-type]
            shares=np.asarray(data["shares"], dtype=np.float64),
            tables=tables,
            classes=tuple(data["classes"]),  # type: ignore[arg-type]
            trusted=bool(data["trusted"]),
            reason=str(data["reason"]),
            rounds=int(data["rounds"]),  # type: ignore[call-overload]
        )


def _log_sum(log: Floats) -> Floats:
    top = log.max(axis=1, keepdims=True)
    return np.asarray(top[:, 0] + np.log(np.exp(log - top).sum(axis=1)))


def allowed_classes(patterns: Levels, fields: Sequence[str], classes: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return which classes each pattern may take: the anchors of the fit.

    A pattern that the rules do not call certain may take every class. Rules are those of the
    deterministic ladder: an equal NIK alone is never enough (one in a hundred is shared, mistyped
    or borrowed; a name is hardly ever written as quite another), an equal NIK with a like name is;
    an unlike name under one card is another member of the family; a like name with another valid
    NIK and another card is a namesake.
    """

    def level(name: str) -> Levels:
        return patterns[:, list(fields).index(name)] if name in fields else np.zeros(len(patterns), np.int8)

    name, nik, kk, place = level("name"), level("nik"), level("kk"), level("place")
    born, mother, taken = level("born"), level("mother"), level("taken")
    allowed = np.ones((len(patterns), len(classes)), dtype=bool)
    has_family = "H" in classes

    def only(where: npt.NDArray[np.bool_], *names: str) -> None:
        names = tuple(n for n in names if n in classes)
        names += tuple(of for of, by in (("T", "H"), ("C", "N2")) if by in names and of in classes)
        if names:
            allowed[where] = [n in names for n in classes]

    like, unlike = (name >= 1) & (name <= 6), name == 10
    same_place, other_place = (place >= 1) & (place <= 3), (place >= 6) | (place == 0)
    only((nik == 1) & like, "M1", "M2")
    if has_family:
        only((nik == 1) & like & ((kk == 1) | ((kk == 0) & same_place)), "M1")
        only((nik == 1) & like & (kk == 3) & other_place & (place != 0), "M2")
    only((nik != 1) & like & (born == 1) & (mother == 1) & (place <= 3) & (place > 0), "M1", "M2")
    only(unlike & (kk != 1) & ~same_place & ((nik != 1) | (born != 1)), "N2")
    # Neither name nor number nor card nor place: a first word in common and a birth month is chance.
    strangers = (name >= 7) & (nik != 1) & (born != 1) & (kk != 1) & (kk != 2) & ((place >= 4) | (place == 0))
    only(strangers, "N1", "N2", *(("H",) if has_family else ()))
    only(unlike & (nik == 1) & ((born >= 5) | (mother == 3)), "H", "N1", "N2")
    if has_family:
        # Another name under an equal NIK and card: a borrowed NIK, or the same person under a
        # call name. Once it is known whose person the owner surely is, the fit may decide.
        undecided = (taken == 2) | ("taken" not in fields)
        only(unlike & (nik == 1) & ((kk == 1) | same_place) & undecided, "H")
        one_door = (kk == 1) | ((kk == 0) & same_place & (born != 1))
        only((name >= 8) & (nik != 1) & one_door, "H")
        only((name >= 7) & (nik == 4), "H")
        # A name that is not common, under the right card, beside the NIK of another member: the
        # NIK was borrowed; two members of one name are sixteen times rarer.
        only((name >= 1) & (name <= 3) & (nik == 4) & (kk == 1), "M1")
    apart = (nik >= 4) & ((kk == 3) | (kk == 0)) & ((place >= 5) | (place == 0))
    disagree = ((born >= 4) | (mother == 3)) | ((born == 0) & (mother == 0) & (nik >= 5))
    only((name >= 1) & (name <= 4) & apart & disagree, "N1")
    return allowed


def fit(
    patterns: Levels,
    counts: Floats,
    fields: Sequence[str],
    *,
    rows: float,
    start: Fit | None = None,
    chance: Chance | None = None,
) -> Fit:
    """Fit the model on distinct level patterns and how often each occurs.

    Parameters
    ----------
    patterns
        One row a pattern, one column a field, levels as in `LEVELS` (0 = missing).
    counts
        Number of pairs with the pattern (may be weighted: sampled rows count as many).
    rows
        Number of list rows behind the pairs: there cannot be more matches than rows.
    start
        A fit to start from (the family pass refits from the tables of the first).
    chance
        How strangers compare, where that is known: a class that the fit cannot move.

    Returns
    -------
    Fit
        With ``trusted`` false and a reason when the checks fail; then only the ladder is used.
    """
    fields = tuple(fields)
    classes = CLASSES if _families_show(patterns, fields) else ("M1", "N1", "N2")
    total = float(counts.sum())
    match_share = min(0.5, rows / max(total, 1.0))
    split = {"M1": 0.85, "M2": 0.15, "H": 0.15, "T": 0.0015, "N1": 0.25, "N2": 0.6}
    shares = np.array([split[c] * (match_share if c in {"M1", "M2"} else 1 - match_share) for c in classes])
    shares /= shares.sum()
    if chance is not None:
        classes = (*classes, "C")
        shares = np.append(shares, chance.strangers * rows / max(total, 1.0))
    allowed = allowed_classes(patterns, fields, classes)
    tables = _start_tables(fields, classes, start, chance)
    namesakes = chance.namesakes if chance is not None else {}
    current = Fit(fields, shares, tables, classes, namesakes=namesakes)
    rounds = 0
    while rounds < ROUNDS:
        rounds += 1
        posterior = _posterior(current, patterns, allowed)
        updated = _maximise(posterior, patterns, counts, current, chance)
        moved = float(np.abs(updated.shares - current.shares).max())
        current = updated
        if moved < 1e-7:
            break
    checked = _checked(current, patterns, counts, allowed, rows, rounds)
    # What decides is what is written down: the next edition takes this fit over from its file.
    written = replace(Fit.from_json(checked.as_json()), notes=checked.notes)
    if chance is None:
        return written
    return replace(written, alike=chance.alike, rows_share=rows / max(total, 1.0), namesakes=namesakes)


def _families_show(patterns: Levels, fields: Sequence[str]) -> bool:
    """Whether members of one family can be met at all: by card, or by a shared address."""
    kk, place = (patterns[:, fields.index(name)] for name in ("kk", "place"))
    return bool(np.any(kk > 0) or np.any((place >= 1) & (place <= 3)))


def _start_tables(
    fields: Sequence[str], classes: Sequence[str], start: Fit | None, chance: Chance | None
) -> dict[str, dict[str, Floats]]:
    tables: dict[str, dict[str, Floats]] = {}
    for name in fields:
        keys = {_shared(name, class_) for class_ in classes} - {"C"}
        known = start.tables.get(name, {}) if start is not None else {}
        tables[name] = {key: np.asarray(known.get(key, _prior(name, key, chance))) for key in sorted(keys)}
        if chance is not None:
            tables[name]["C"] = chance.tables[name]
            if "H" in keys and name in chance.kin:
                tables[name]["H"] = chance.kin[name]
    return tables


def _prior(name: str, key: str, chance: Chance | None) -> Floats:
    """Return the prior table of a field; a namesake elsewhere has a whole address as strangers have it.

    Nothing but the prior would say how often namesakes do: with names and addresses alone it would
    outweigh what the list shows.
    """
    prior = np.asarray(PRIOR[name][key])
    if chance is None or name != "place" or key != "N1":
        return prior
    whole = np.minimum(chance.tables[name][:SAME_DOOR], prior[:SAME_DOOR])
    rest = prior[SAME_DOOR:]
    return np.concatenate((whole, rest / rest.sum() * (1.0 - whole.sum())))


def _posterior(model: Fit, patterns: Levels, allowed: npt.NDArray[np.bool_]) -> Floats:
    log = np.where(allowed, model.log_classes(patterns), -np.inf)
    log -= log.max(axis=1, keepdims=True)
    weight = np.exp(log)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _maximise(posterior: Floats, patterns: Levels, counts: Floats, model: Fit, chance: Chance | None) -> Fit:
    counted = chance.kin if chance is not None else {}
    expected = posterior * counts[:, None]
    classes = model.classes
    shares = np.maximum(expected.sum(axis=0) + 1.0, FLOOR)
    shares /= shares.sum()
    tables: dict[str, dict[str, Floats]] = {}
    for column, name in enumerate(model.fields):
        size = len(LEVELS[name])
        tables[name] = {}
        for key in model.tables[name]:
            if key in {"T", "C"} or (key == "H" and name in counted):
                tables[name][key] = model.tables[name][key]
                continue
            members = [i for i, class_ in enumerate(classes) if _shared(name, class_) == key]
            mass = expected[:, members].sum(axis=1)
            seen = np.bincount(patterns[:, column], weights=mass, minlength=size + 1)[1 : size + 1]
            table = seen + PRIOR_WEIGHT * _prior(name, key, chance)
            table = np.maximum(table / table.sum(), FLOOR)
            tables[name][key] = table / table.sum()
    if "T" in classes:
        shares[classes.index("T")] = TWINS * shares[classes.index("H")]
    if "C" in classes:
        shares[-1] = model.shares[-1]
    return replace(model, shares=shares, tables=tables)


def _checked(
    model: Fit, patterns: Levels, counts: Floats, allowed: npt.NDArray[np.bool_], rows: float, rounds: int
) -> Fit:
    """Refuse a fit that calls more matches than rows, loses the pairs with equal NIK and like names,
    or whose matches mostly have unlike names.
    """
    posterior = _posterior(model, patterns, allowed)
    match = posterior[:, [i for i, c in enumerate(model.classes) if c in {"M1", "M2"}]].sum(axis=1)
    matches = float((match * counts).sum())
    reason = ""
    if matches > 1.2 * rows + 10:
        reason = "more-matches-than-rows"
    if "nik" in model.fields:
        name = patterns[:, model.fields.index("name")]
        equal = (patterns[:, model.fields.index("nik")] == 1) & (name >= 1) & (name <= 6)
        of_equal = float(counts[equal].sum())
        if of_equal > 50 and float((match * counts)[equal].sum()) < 0.5 * of_equal:
            reason = "equal-nik-not-matched"
    return replace(model, trusted=not reason, reason=reason, rounds=rounds, notes={"matches": matches})
