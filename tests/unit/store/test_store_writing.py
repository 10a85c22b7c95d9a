"""A file is there whole or not at all, and its owner's alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from rantang.store.writing import whole, write_whole


def test_what_is_written_is_its_owners_alone(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", "satu\r\n")
    assert (tmp_path / "a.txt").read_bytes() == b"satu\r\n"
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o600


def test_after_a_fault_the_old_file_is_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    write_whole(file, "lama")
    with pytest.raises(OSError, match="penuh"), whole(file) as half:
        half.write_text("ba", "utf-8")
        raise OSError("penuh")
    assert file.read_text("utf-8") == "lama"
    assert list(tmp_path.iterdir()) == [file]
