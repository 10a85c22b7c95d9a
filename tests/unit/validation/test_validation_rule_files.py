"""Rules are data: what a file may say, and that everything it says has its texts and source."""

from __future__ import annotations

from importlib import resources

import pytest

from rantang import catalogue, validation
from rantang.synergy import findings as synergy_findings
from rantang.synergy.screen import NOT_PLANNED, VERDICTS
from rantang.texts import use_language
from rantang.validation import standing
from rantang.validation.rules import read_rule

GOOD = {
    "code": "TANDA-X", "on": "row", "when": "tanda = 'X'", "effect": "perlu-verifikasi",
    "severity": "peringatan", "acts": "dinsos", "message": "…", "mend": "…", "source": "…",
}  # fmt: skip


@pytest.mark.parametrize("rule", validation.rules(), ids=lambda rule: rule.code)
def test_rule_has_severity_source_and_somebody_who_acts(rule):
    assert rule.severity in ("peringatan", "info")
    assert rule.source and rule.acts
    assert rule.effect != "catatan" or not rule.to_family


def test_only_the_persons_own_row_strikes_off():
    striking = {rule.code: rule for rule in validation.rules() if rule.effect == "tidak-layak"}
    assert set(striking) == {"MENINGGAL-CATATAN", "NONAKTIF-CATATAN"}
    assert all(rule.on == "row" and "daftar" in rule.when.columns for rule in striking.values())


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": "rumah"},
        {"effect": "coret"},
        {"message": ""},
        {"source": ""},
        {"evidence": ["tidak_ada"]},
        {"severity": "galat"},
        {"when": "tidak_ada = 1"},
    ],
    ids=str,
)
def test_a_wrong_rule_is_refused(wrong):
    assert read_rule(GOOD, "x.toml").code == "TANDA-X"
    with pytest.raises(Exception, match=r"x\.toml|ATURAN-KOLOM"):
        read_rule(GOOD | wrong, "x.toml")


def test_a_rule_is_one_entry_known_to_the_catalogue_by_its_own_texts():
    for rule in validation.rules():
        entry = catalogue.entries()[rule.code]
        assert entry.message and entry.mend
        assert (rule.severity, rule.acts, rule.source) == (entry.severity, entry.acts, entry.source)
    elsewhere = "".join(
        file.read_text("utf-8")
        for file in resources.files("rantang.catalogue").iterdir()
        if file.name.endswith(".toml")
    )
    assert [rule.code for rule in validation.rules() if f"[{rule.code}]" in elsewhere] == []


def test_every_code_of_these_rooms_speaks_both_languages():
    rooms = ("validation", "synergy", "cities", "expressions")
    of_rules = {rule.code for rule in validation.rules()}
    for code, entry in catalogue.entries().items():
        if code not in of_rules and not any(
            code in (resources.files("rantang.catalogue") / f"{r}.toml").read_text() for r in rooms
        ):
            continue
        for text in (entry.message, entry.mend):
            use_language("id")
            described = catalogue.describe(code)
            if text:
                assert text not in (described.message, described.mend), f"{code}: no Indonesian"
        assert entry.acts


def test_codes_in_the_code_are_in_the_catalogue():
    named = [*VERDICTS, NOT_PLANNED, standing.STRUCK_OFF, standing.KEPT, standing.ASK_AGAIN]
    named += [standing.MEMBER, standing.ALL_STRUCK]
    named += [value for name, value in vars(synergy_findings).items() if name.isupper() and "-" in str(value)]
    assert set(named) <= set(catalogue.entries())


def test_every_flag_of_the_contract_has_a_rule():
    text = (resources.files("rantang.contracts") / "_kode.toml").read_text("utf-8")
    import tomllib

    flags = set(tomllib.loads(text)["flag"])
    asked = " ".join(rule.when.text for rule in validation.rules())
    assert {flag for flag in flags if f"'{flag}'" not in asked} == set()
