"""A tiny sample city and what running it gives, made once for all tests that look at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from running import SCALE, SEED, Ran, run

from rantang.sample import generate


@pytest.fixture(scope="session")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's files, never run on: copy it."""
    folder = tmp_path_factory.mktemp("sample") / "kota"
    generate(folder, scale=SCALE, seed=SEED)
    return folder


@pytest.fixture(scope="session")
def ran(lists: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A first run. Look at it only."""
    folder = tmp_path_factory.mktemp("ran") / "kota"
    shutil.copytree(lists, folder)
    return run(folder)


@pytest.fixture
def copied(lists: Path, tmp_path: Path) -> Callable[[], Path]:
    def copy() -> Path:
        folder = tmp_path / "kota"
        shutil.copytree(lists, folder)
        return folder

    return copy
