"""What every test shares: an engine, and a plain word at the end about what was not run and why."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec

import pytest
from hypothesis import settings

# A busy machine is no failure: examples have no deadline.
settings.register_profile("rantang", deadline=None)
settings.load_profile("rantang")

REQUIRE_ALL = os.environ.get("RANTANG_REQUIRE_ALL") == "1"


def _java() -> str:
    if find_spec("pyspark") is None:
        return "PySpark is not installed (pip install pyspark)"
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        return "Java 17 is not installed (apt install openjdk-17-jre-headless)"
    return ""


def _browser() -> str:
    if find_spec("playwright") is None:
        return "Playwright is not installed"
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return "Chromium is not installed (apt install chromium)"
    return ""


def _office() -> str:
    if not any(shutil.which(name) for name in ("soffice", "libreoffice")):
        return "LibreOffice is not installed (apt install libreoffice-calc)"
    return ""


def _r() -> str:
    if shutil.which("Rscript") is None:
        return "R is not installed (its packages survey, convey and laeken are compared where they are)"
    return ""


NEEDS: dict[str, Callable[[], str]] = {"spark": _java, "browser": _browser, "office": _office, "r": _r}
OPTIONAL = frozenset({"r"})
"""Comparisons made where the other program is; its figures stand in the tests as fixed values, too."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run; with RANTANG_REQUIRE_ALL=1 it is run and fails, R aside."""
    asked = {name: ask for name, ask in NEEDS.items() if not REQUIRE_ALL or name in OPTIONAL}
    missing = {marker: why for marker, ask in asked.items() if (why := ask())}
    for item in items:
        for marker, why in missing.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=why))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say last what was not run, and why: a skipped check never looks like a passed one."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", ()):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        why = why.removeprefix("Skipped: ")
        reasons[why] = reasons.get(why, 0) + 1
    if left_out := terminalreporter.stats.get("deselected", ()):
        reasons["deselected on the command line"] = len(left_out)
    terminalreporter.section("not run")
    if not reasons:
        terminalreporter.line("Nothing was left out.")
    for why, count in sorted(reasons.items()):
        terminalreporter.line(f"{count} test(s): {why}")
