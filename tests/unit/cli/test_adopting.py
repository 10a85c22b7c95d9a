"""Taking a scenario into programmes' files: whatever TOML a person writes, all or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from rantang.cli.adopting import adopt
from rantang.errors import RantangError
from rantang.planning.scenario import Change, Scenario
from rantang.store.workspace import Workspace, new_workspace, open_workspace

OWN = """\
# of the city
'code' = 'SUSU'  # single quotes, quoted key
name = "Susu"
agency = "dinkes"
level = "kota"
strategy = "beban"
unit = "individu"
aid = "pangan"
source = "x"
status = "V"
rule = '''
balita and
usia < 5'''
complements = [
    "PKH",
]
{more}
# what it costs
  [[amounts]]
from = "2021-01"  # assumed
rupiah = 50_000
per = "month"
source = "x"
"""
NOTHING = {"programmes": {}}


def workspace(folder: Path, more: str = "") -> Workspace:
    new_workspace(folder, "malang", "2022-11")
    (folder / "programmes").mkdir()
    (folder / "programmes" / "susu.toml").write_text(OWN.replace("{more}", more), "utf-8")
    return open_workspace(folder)


def adopted(of: Workspace, *changes: Change) -> str:
    adopt(of, Scenario("coba", "coba", programmes=changes), NOTHING)
    return (of.folder / "programmes" / "susu.toml").read_text("utf-8")


def test_an_end_stands_before_the_first_table_of_any_kind(tmp_path: Path) -> None:
    text = adopted(workspace(tmp_path / "kota"), Change("SUSU", give="henti"))
    assert text == OWN.replace("]\n{more}\n", ']\nuntil = "2022-11"\n\n')
    assert open_workspace(tmp_path / "kota").city.programme("SUSU").until == "2022-11"


def test_a_rule_of_several_lines_is_replaced_whole(tmp_path: Path) -> None:
    text = adopted(workspace(tmp_path / "kota"), Change("SUSU", rule="jenis_kelamin = 'P'\nand usia < 5"))
    assert "balita" not in text and "rule = '''jenis_kelamin = 'P'\nand usia < 5'''\n" in text


def test_new_figures_stand_beside_the_old_with_their_source(tmp_path: Path) -> None:
    adopted(workspace(tmp_path / "kota"), Change("SUSU", places=70, benefit=60_000))
    found = open_workspace(tmp_path / "kota").city.programme("SUSU")
    assert found.quota_in("2022-12").count == 70 and "coba" in found.quota_in("2022-12").source
    assert (found.amount_in("2022-11").rupiah, found.amount_in("2022-12").rupiah) == (50_000, 60_000)


def test_what_cannot_be_edited_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    own = workspace(tmp_path / "kota", 'places = [{ from = "2021-01", count = 5, source = "x" }]')
    before = {path: path.read_text("utf-8") for path in (own.folder / "programmes").iterdir()}
    with pytest.raises(RantangError, match="RENCANA-ADOPSI-BERKAS"):
        adopted(own, Change("PKH", places=9), Change("SUSU", places=9))
    assert {path: path.read_text("utf-8") for path in (own.folder / "programmes").iterdir()} == before
