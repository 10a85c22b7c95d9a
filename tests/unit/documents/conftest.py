"""What the tests of documents share: one made-up edition and its pages, made once."""

from __future__ import annotations

from typing import Any

import edition_tables
import ibis.expr.types as ir
import pytest

from rantang.documents.report import ReportData, collect, render


@pytest.fixture(scope="session")
def made_up() -> tuple[dict[str, ir.Table], dict[str, Any]]:
    return edition_tables.edition(0.02)


@pytest.fixture(scope="session")
def data(made_up: tuple[dict[str, ir.Table], dict[str, Any]]) -> ReportData:
    return collect(*made_up, edition_tables.city())


@pytest.fixture(scope="session")
def public(made_up: tuple[dict[str, ir.Table], dict[str, Any]]) -> ReportData:
    return collect(*made_up, edition_tables.city(), public=True)


@pytest.fixture(scope="session")
def page(data: ReportData) -> str:
    return render(data)
