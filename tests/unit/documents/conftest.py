"""What the tests of documents share: one made-up edition and its pages, made once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import edition_tables
import ibis.expr.types as ir
import made_plans
import pytest

from rantang.documents.report import ReportData, collect, render
from rantang.projection import project
from rantang.projection.record import record


@pytest.fixture(scope="session")
def made_up() -> tuple[dict[str, ir.Table], dict[str, Any]]:
    return edition_tables.edition(0.02)


@pytest.fixture(scope="session")
def projection() -> dict[str, Any]:
    """The record of `rantang project` as it is read back from its file."""
    found = record(project(edition_tables.city(), edition_tables.PERIOD, 0.22))
    read: dict[str, Any] = json.loads(json.dumps(found))
    return read


@pytest.fixture(scope="session")
def plans() -> Sequence[dict[str, Any]]:
    """The records of `rantang plan`."""
    return made_plans.plans(edition_tables.city())


@pytest.fixture(scope="session")
def data(
    made_up: tuple[dict[str, ir.Table], dict[str, Any]],
    projection: dict[str, Any],
    plans: Sequence[dict[str, Any]],
) -> ReportData:
    city, model = edition_tables.city(), edition_tables.model()
    return collect(*made_up, city, model=model, projection=projection, planned=plans)


@pytest.fixture(scope="session")
def public(
    made_up: tuple[dict[str, ir.Table], dict[str, Any]], plans: Sequence[dict[str, Any]]
) -> ReportData:
    return collect(*made_up, edition_tables.city(), public=True, planned=plans)


@pytest.fixture(scope="session")
def page(data: ReportData) -> str:
    return render(data)
