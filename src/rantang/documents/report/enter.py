"""Enter every number of the report in the ledger, with every relation that a reader can use.

A relation forgotten here is a hole: a hidden number could be had by subtraction. So each group of
numbers is entered in one function, with its sums, its parts and the rests that nobody prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from rantang.cities.model import City
from rantang.documents.disclosure import Key, Ledger
from rantang.documents.report import cube, ties
from rantang.documents.report.facts import Facts, ListKey
from rantang.documents.report.queries import GROUPS, total

CLASSES: Final = ("kerak", "miskin", "rentan", "tidak-miskin", "belum-didata")
MATRIX_SIZE: Final = 13


def everything(ledger: Ledger, facts: Facts) -> None:
    """Enter all of a report's numbers."""
    _areas(ledger, facts)
    _programmes(ledger, facts)
    _pairs(ledger, facts)
    _lists(ledger, facts)
    _agencies(ledger, facts)
    _findings(ledger, facts)
    _reasons(ledger, facts)
    _kerak(ledger, facts)
    _groups(ledger, facts)
    _views(ledger, facts)
    _cube(ledger, facts)
    _the_rest(ledger, facts)
    ties.work(ledger, facts)
    ties.said_twice(ledger, facts)


def districts(city: City) -> tuple[str, ...]:
    """Return the names of the kecamatan, in the order of the areas."""
    return tuple(dict.fromkeys(area.kecamatan for area in city.areas))


def _part(ledger: Ledger, whole: Key, parts: Iterable[Key], whole_value: int, part_values: int) -> None:
    """Declare parts of a whole where they can be such (a row may count otherwise than its people)."""
    if 0 <= part_values <= whole_value:
        ledger.rest(whole, parts)


def _areas(ledger: Ledger, facts: Facts) -> None:
    """Enter families by kelurahan: all, eligible, gap, kerak; people without a NIK."""
    families = {row["code"]: row for row in facts.raw.areas}
    waiting: dict[str, int] = {}
    for row in facts.raw.queue:
        waiting[row["code"]] = waiting.get(row["code"], 0) + int(row["persons"])
    known = [area.code for area in facts.city.areas]
    extra = sorted((set(families) | set(waiting) | set(facts.anything)) - set(known) - {"*"})
    merged: dict[str, dict[str, int]] = {}
    for code in [*known, *extra]:
        into = merged.setdefault(
            code if code in known else "?",
            dict.fromkeys(("families", "kerak", "eligible", "gap", "queue"), 0),
        )
        for name, source in (
            ("families", families),
            ("kerak", families),
            ("eligible", facts.anything),
            ("gap", facts.anything),
        ):
            into[name] += int((source.get(code) or {}).get(name) or 0)
        into["queue"] += waiting.get(code, 0)
    measures = ("families", "kerak", "eligible", "gap", "queue")
    totals = {name: sum(row[name] for row in merged.values()) for name in measures}
    of = {area.code: area.kecamatan for area in facts.city.areas}
    sums = {
        f"/{name}": {m: sum(row[m] for code, row in merged.items() if of.get(code) == name) for m in measures}
        for name in districts(facts.city)
    }
    for code, row in {**merged, **sums, "*": totals}.items():
        for name in measures:
            ledger.count(("area", code, name), row[name], keep=2 * (code[0] in "*/"))
        for whole, part in (("families", "kerak"), ("families", "eligible"), ("eligible", "gap")):
            _part(ledger, ("area", code, whole), [("area", code, part)], row[whole], row[part])
    for name in measures:
        ledger.sum(("area", "*", name), [("area", code, name) for code in merged])
        ledger.sum(("area", "*", name), [("area", code, name) for code in [*sums, *({"?"} & set(merged))]])
        for district in districts(facts.city):
            inside = [("area", code, name) for code in merged if of.get(code) == district]
            ledger.sum(("area", f"/{district}", name), inside)


def _programmes(ledger: Ledger, facts: Facts) -> None:
    """Enter each programme's recipients, standing, gap and money."""
    counts = (
        "recipients",
        "eligible",
        "served",
        "gap",
        "not_eligible",
        "unanswered",
        "unlinked",
        "doubles",
        "overlap",
        "unknown",
    )
    for row in facts.city_coverage:
        code = row["programme"]
        names = {"served": "eligible_served", "unknown": "eligible_unknown"}
        values = {name: int(row[names.get(name, name)] or 0) for name in counts}

        def key(name: str, code: str = code) -> Key:
            return ("programme", code, name)

        for name, value in values.items():
            ledger.count(key(name), value, keep=int(name in ("gap", "recipients")))
        values["check"] = int(row["verify"] or 0) + values["not_eligible"]
        ledger.count(key("check"), values["check"])
        ledger.rest(key("check"), [key("not_eligible")])
        if values["served"] + values["gap"] == values["eligible"]:
            ledger.sum(key("eligible"), [key("served"), key("gap")])
        standing = ("check", "unanswered")
        _part(
            ledger,
            key("recipients"),
            [key(n) for n in standing],
            values["recipients"],
            sum(values[n] for n in standing),
        )
        for name in ("served", "doubles", "overlap"):
            _part(ledger, key("recipients"), [key(name)], values["recipients"], values[name])
        ledger.money(key("money"), row["money"], behind=key("recipients"))
        ledger.money(key("money_check"), row["money_verify"], behind=key("check"))
        _part(
            ledger, key("money"), [key("money_check")], int(row["money"] or 0), int(row["money_verify"] or 0)
        )
    city = facts.anything.get("*", {})
    aided = int(city.get("recipients") or 0)
    doubted = int(city.get("verify") or 0) + int(city.get("not_eligible") or 0)
    ledger.count(("aid", "recipients"), aided, keep=1)
    ledger.money(("aid", "money"), total(facts.city_coverage, "money"), behind=("aid", "recipients"))
    ledger.count(("check", "families"), doubted, keep=1)
    ledger.money(("check", "money"), total(facts.city_coverage, "money_verify"), behind=("check", "families"))
    ledger.count(("check", "forbidden"), city.get("overlap"), keep=1)
    for part in ("families", "forbidden"):
        _part(ledger, ("aid", "recipients"), [("check", part)], aided, ledger.value(("check", part)))
    codes = [row["programme"] for row in facts.city_coverage]
    ledger.sum(("aid", "money"), [("programme", code, "money") for code in codes])
    ledger.sum(("check", "money"), [("programme", code, "money_check") for code in codes])


def pairs_shown(facts: Facts) -> list[tuple[str, str, Any]]:
    """Return the pairs of the largest programmes, each with itself, too, and every forbidden pair."""
    large = sorted(facts.holders, key=lambda code: (-facts.holders[code], code))[:MATRIX_SIZE]
    return [
        (r["programme_a"], r["programme_b"], r["relation"])
        for r in facts.raw.overlap
        if r["relation"] == "terlarang" or {r["programme_a"], r["programme_b"]} <= set(large)
    ]


def _pairs(ledger: Ledger, facts: Facts) -> None:
    """Enter the matrix: a pair is a part of either programme's families."""
    values = {(r["programme_a"], r["programme_b"]): int(r["families"]) for r in facts.raw.overlap}
    shown = [(a, b) for a, b, _ in pairs_shown(facts)]
    for a, b in shown:
        ledger.count(("pair", a, b), values[a, b])
    recipients = {r["programme"]: (r["unit"], int(r["recipients"] or 0)) for r in facts.city_coverage}
    for a, b in shown:
        # the same number printed twice must not be hidden in one place and shown in the other
        if a == b and recipients.get(a) == ("keluarga", values[a, a]):
            ledger.sum(("programme", a, "recipients"), [("pair", a, a)])
    for a, b in shown:
        for side in (a, b) if a != b else ():
            whole: Key = ("pair", side, side)
            if not ledger.has(whole) and recipients.get(side) == ("keluarga", facts.holders.get(side)):
                whole = ("programme", side, "recipients")
            if ledger.has(whole):
                _part(ledger, whole, [("pair", a, b)], ledger.value(whole), values[a, b])


def _lists(ledger: Ledger, facts: Facts) -> None:
    """Enter each list's rows and health."""
    for key, row in facts.latest_lists.items():
        values = {
            name: int(row.get(name) or 0)
            for name in (
                "rows",
                "accepted",
                "refused",
                "held",
                "valid",
                "elsewhere",
                "wrong_nik",
                "dead",
                "moved",
            )
        }
        values["doubles"] = int(row.get("doubled_rows") or 0) - int(row.get("doubled_people") or 0)

        def cell(name: str, key: ListKey = key) -> Key:
            return ("list", key, name)

        for name, value in values.items():
            ledger.count(cell(name), value)
        if values["accepted"] + values["refused"] + values["held"] == values["rows"]:
            ledger.sum(cell("rows"), [cell("accepted"), cell("refused"), cell("held")])
        for name in ("valid", "elsewhere", "wrong_nik", "doubles"):
            _part(ledger, cell("accepted"), [cell(name)], values["accepted"], values[name])
        _part(
            ledger,
            cell("accepted"),
            [cell("dead"), cell("moved")],
            values["accepted"],
            values["dead"] + values["moved"],
        )
    deliveries = facts.delivered.values()
    ledger.count(("rows", "*"), total(deliveries, "rows"), keep=1)
    links = facts.raw.lists
    doubles = total(links, "doubled_rows") - total(links, "doubled_people")
    unlike = min(total(links, "doubles_unlike"), doubles)
    ledger.count(("doubles", "*"), doubles, keep=1)
    ledger.count(("doubles", "unlike"), unlike, keep=1)
    ledger.rest(("doubles", "*"), [("doubles", "unlike")])
    ledger.count(("links", "*"), total(links, "links"), keep=1)
    ledger.count(("links", "beyond"), total(links, "beyond_nik"), keep=1)
    ledger.rest(("links", "*"), [("links", "beyond")])


def _agencies(ledger: Ledger, facts: Facts) -> None:
    """Enter each agency's rows and recipients."""
    for agency in facts.city.agencies:
        _agency(ledger, facts, agency.code)
    codes = [agency.code for agency in facts.city.agencies]
    ties.all_of(ledger, ("rows", "*"), [("agency", code, "rows") for code in codes])
    lost = total(facts.delivered.values(), "refused") + total(facts.delivered.values(), "held")
    for code in codes if lost == 0 else ():  # the page says so: then every row is an accepted one
        ties.same(ledger, ("agency", code, "rows"), ("agency", code, "accepted"))
    ledger.rest(("doubles", "*"), [("agency", code, "doubles") for code in codes])


def _agency(ledger: Ledger, facts: Facts, code: str) -> None:
    mine = [row for key, row in facts.delivered.items() if key[0] == code]
    lists = [row for row in facts.raw.lists if row["agency"] == code]
    runs = [row for row in facts.city_coverage if row["agency"] == code]

    def key(name: str) -> Key:
        return ("agency", code, name)

    values = {
        "rows": total(mine, "rows"),
        "accepted": total(mine, "accepted"),
        "recipients": total(runs, "recipients"),
        "unanswered": total(runs, "unanswered"),
        "verify": total(runs, "verify") + total(runs, "not_eligible"),
        "doubles": total(lists, "doubled_rows") - total(lists, "doubled_people"),
    }
    values["judged"] = max(0, values["recipients"] - values["unanswered"])
    values["on_target"] = max(0, values["judged"] - values["verify"])
    for name, value in values.items():
        ledger.count(key(name), value)
    _part(ledger, key("rows"), [key("accepted")], values["rows"], values["accepted"])
    shown = [each for each in facts.latest_lists if each[0] == code]
    for name in ("rows", "accepted"):
        ties.all_of(ledger, key(name), [("list", each, name) for each in shown])
    ties.all_of(ledger, key("recipients"), [key("judged"), key("unanswered")])
    ties.all_of(ledger, key("judged"), [key("on_target"), key("verify")])
    for name, of in (("recipients", "recipients"), ("verify", "check"), ("unanswered", "unanswered")):
        ledger.sum(key(name), [("programme", row["programme"], of) for row in runs])


def _findings(ledger: Ledger, facts: Facts) -> None:
    """Enter findings by code and in all."""
    for code, (_, _, count) in facts.finding_codes.items():
        ledger.count(("finding", code), count)
    ledger.count(("findings", "*"), sum(count for _, _, count in facts.finding_codes.values()), keep=1)
    ledger.sum(("findings", "*"), [("finding", code) for code in facts.finding_codes])


def _reasons(ledger: Ledger, facts: Facts) -> None:
    """Enter recipient rows to be checked by reason; a row may have several."""
    everyone, by_word = facts.reasons["*"]
    for code, (rows, word) in facts.reasons.items():
        ledger.count(("reason", code, "rows"), rows, keep=int(code == "*"))
        ledger.count(("reason", code, "word"), word)
        ledger.rest(("reason", code, "rows"), [("reason", code, "word")])
        if code != "*":
            _part(ledger, ("reason", "*", "rows"), [("reason", code, "rows")], everyone, rows)
            _part(ledger, ("reason", "*", "word"), [("reason", code, "word")], by_word, word)
        if code in facts.finding_codes:  # the same rows, counted among the findings
            found = facts.finding_codes[code][2]
            _part(ledger, ("finding", code), [("reason", code, "rows")], found, rows)


def _kerak(ledger: Ledger, facts: Facts) -> None:
    """Enter the kerak families' record of aid."""
    rows = facts.raw.lapses
    never = sum(int(r["families"]) for r in rows if r["never"])
    months = {
        m: sum(int(r["families"]) for r in rows if r["lapse"] == m and not r["never"])
        for m in facts.lapse_months
    }
    everyone = sum(int(r["families"]) for r in rows)
    lapsed = sum(months.values())
    ledger.count(("kerak", "*"), everyone, keep=2)
    ledger.count(("kerak", "never"), never)
    ledger.count(("kerak", "lapsed"), lapsed)
    ledger.count(("kerak", "unbroken"), everyone - never - lapsed)
    for month, count in months.items():
        ledger.count(("lapse", month), count)
    ledger.sum(("kerak", "*"), [("kerak", "never"), ("kerak", "lapsed"), ("kerak", "unbroken")])
    ledger.sum(("kerak", "lapsed"), [("lapse", month) for month in months])
    if everyone == sum(int(r["kerak"]) for r in facts.raw.areas):
        ledger.sum(("area", "*", "kerak"), [("kerak", "*")])
    classes = {row["class_"]: int(row["families"]) for row in facts.raw.classes}
    for name in CLASSES:
        ledger.count(("class", name), classes.get(name, 0), keep=2)
    if classes.get("kerak", 0) == everyone:
        ledger.sum(("kerak", "*"), [("class", "kerak")])
    if sum(classes.get(n, 0) for n in CLASSES) == sum(int(r["families"]) for r in facts.raw.areas):
        ledger.sum(("area", "*", "families"), [("class", name) for name in CLASSES])


def _views(ledger: Ledger, facts: Facts) -> None:
    """Enter families by national decile and the city's class."""
    rows = {(int(r["decile"]), r["class_"]): int(r["families"]) for r in facts.raw.views}
    deciles = sorted({decile for decile, _class in rows})
    for decile in deciles:
        for name in CLASSES:
            ledger.count(("view", decile, name), rows.get((decile, name), 0))
        ledger.count(("view", decile, "*"), sum(rows.get((decile, name), 0) for name in CLASSES))
        ledger.sum(("view", decile, "*"), [("view", decile, name) for name in CLASSES])
    for name in CLASSES:
        if sum(rows.get((decile, name), 0) for decile in deciles) == ledger.value(("class", name)):
            ledger.sum(("class", name), [("view", decile, name) for decile in deciles])


def _cube(ledger: Ledger, facts: Facts) -> None:
    """Enter the pivot's cells; its margins stand elsewhere in the report, too."""
    found = cube.sums(facts.raw.cube)
    cube.enter(ledger, found)
    of = {area.kecamatan_code: f"/{area.kecamatan}" for area in facts.city.areas}
    same: list[tuple[Key, cube.Where]] = [(("area", "*", "families"), ())]
    same += [(("class", name), (("kelas", name),)) for name in CLASSES]
    same += [(("area", of[code], "families"), (("kecamatan", code),)) for code in of]
    same += [(("area", "*", "gap"), (("bantuan", "terlewat"),))]
    for key, where in same:
        if where in found and found[where] == ledger.value(key):
            ledger.sum(key, [cube.key_of(where)])


def _groups(ledger: Ledger, facts: Facts) -> None:
    """Enter linkage by group of people."""
    row = facts.raw.groups[0]
    for name in GROUPS:
        values = {m: int(row[f"{name}.{m}"] or 0) for m in ("rows", "linked", "likely")}
        for measure, value in values.items():
            ledger.count(("group", name, measure), value, keep=int(name == "all"))
        for part in ("linked", "likely"):
            _part(ledger, ("group", name, "rows"), [("group", name, part)], values["rows"], values[part])
    for measure in ("rows", "linked", "likely"):
        ledger.sum(("group", "all", measure), [("group", "nik", measure), ("group", "no_nik", measure)])
        ledger.rest(("group", "all", measure), [("group", "women", measure), ("group", "men", measure)])
        for part in ("elderly", "one_word"):
            ledger.rest(("group", "all", measure), [("group", part, measure)])


def _the_rest(ledger: Ledger, facts: Facts) -> None:
    """Enter people and families by standing, the Dukcapil queue, and the stages."""
    standing = {(r["subject"], r["status"]): int(r["n"]) for r in facts.raw.standing}
    for subject in ("person", "family"):
        for status in ("layak", "perlu-verifikasi", "tidak-layak"):
            ledger.count(("standing", subject, status), standing.get((subject, status), 0))
    people = sum(count for (subject, _), count in standing.items() if subject == "person")
    ledger.count(("persons", "*"), people, keep=1)
    _part(
        ledger,
        ("persons", "*"),
        [("standing", "person", "perlu-verifikasi")],
        people,
        standing.get(("person", "perlu-verifikasi"), 0),
    )
    queue: dict[str, int] = {}
    for row in facts.raw.queue:
        queue[row["dukcapil_queue"]] = queue.get(row["dukcapil_queue"], 0) + int(row["persons"])
    ledger.count(("queue", "*"), sum(queue.values()), keep=1)
    for name in ("tanpa-nik", "nik-salah"):
        ledger.count(("queue", name), queue.get(name, 0))
    ledger.rest(("queue", "*"), [("queue", "tanpa-nik"), ("queue", "nik-salah")])
    ledger.sum(("area", "*", "queue"), [("queue", "*")])
    for number, stage in enumerate(facts.manifest.get("stages", ())):
        parts = [("stage", number, name) for name in ("accepted", "refused", "held", "aside")]
        for key in (("stage", number, "rows"), *parts):
            ledger.count(key, stage.get(key[2]))
        if sum(ledger.value(key) for key in parts) == int(stage.get("rows") or 0):
            ledger.sum(("stage", number, "rows"), parts)
