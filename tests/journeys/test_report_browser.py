"""The report in a browser: on a desk, on a phone, on F4 paper. Needs Chromium."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "documents"))

from edition_tables import PERIOD, city, edition, model

from rantang.documents.report import collect, render
from rantang.projection import project
from rantang.projection.record import record

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "Chromium is not installed: apt-get install chromium"
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path_to_target = record(project(city(), PERIOD, 0.22))
    page = render(collect(*edition(0.05), city(), model=model(), projection=path_to_target))
    path.write_text(page, encoding="utf-8")
    return path


def _open(browser: Any, file: Path, width: int) -> tuple[Any, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(f"console: {message.text}"))
    page.goto(file.as_uri())
    return page, asked


@pytest.mark.parametrize("width", [360, 390, 768, 1440])
def test_nothing_runs_off_the_page_and_nothing_is_loaded(browser: Any, file: Path, width: int):
    page, asked = _open(browser, file, width)
    assert [url for url in asked if not url.startswith(("file:", "data:font"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_no_text_is_under_eleven_pixels_on_the_device(browser: Any, file: Path, width: int):
    page, _ = _open(browser, file, width)
    small = page.evaluate(
        """() => [...document.querySelectorAll('svg text, p, td, th, small, li, dd, span, code')]
            .filter(e => e.offsetParent !== null || e.closest('svg')?.getBoundingClientRect().width)
            .filter(e => e.textContent.trim())
            .map(e => {
                const svg = e.closest('svg');
                const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
                return [scale * parseFloat(getComputedStyle(e).fontSize), e.textContent.slice(0, 30)];
            }).filter(([size]) => size && size < 10.9)"""
    )
    assert small == []
    page.close()


def test_a_phone_gets_the_narrow_drawings_and_cards(browser: Any, file: Path):
    page, _ = _open(browser, file, 390)
    assert not page.locator("figure .wide").first.is_visible()
    assert page.locator("figure .narrow").first.is_visible()
    assert page.locator("table.cards thead").first.is_hidden()
    page.close()


def test_it_prints_on_f4_and_on_a4_when_that_is_chosen(browser: Any, file: Path):
    page, _ = _open(browser, file, 1440)
    for choice, size in (("f4", (609, 935)), ("a4", (595, 842))):
        page.locator(f"#{choice}").check()
        paper = page.pdf(prefer_css_page_size=True)
        box = paper.split(b"/MediaBox [")[1].split(b"]")[0].split()
        assert [round(float(value)) for value in box[2:]] == pytest.approx(size, abs=2)
    page.close()


@pytest.mark.parametrize("width", [688, 707])
def test_no_cell_runs_into_the_next_on_paper(browser: Any, file: Path, width: int):
    """Between its margins A4 is 688 px wide, F4 707."""
    page, _ = _open(browser, file, width)
    page.emulate_media(media="print")
    over = page.evaluate(
        """() => [...document.querySelectorAll('table:not(.matrix) td')]
            .filter(cell => cell.scrollWidth > cell.clientWidth + 1)
            .map(cell => [cell.closest('section').id, cell.textContent])"""
    )
    assert over == []
    assert not page.locator(".sides").first.is_visible()
    page.close()


def test_on_a_phone_the_figures_of_a_card_stand_on_one_line(browser: Any, file: Path):
    page, _ = _open(browser, file, 390)
    apart = page.evaluate(
        """() => [...document.querySelectorAll('#bantuan table.cards tr')].flatMap(row => {
            const lines = new Map();
            for (const cell of row.querySelectorAll('td[data-head]')) {
                const range = document.createRange();
                range.selectNodeContents(cell.firstChild);
                const box = cell.getBoundingClientRect();
                const top = Math.round(range.getBoundingClientRect().top);
                lines.set(Math.round(box.top), (lines.get(Math.round(box.top)) || new Set()).add(top));
            }
            return [...lines.values()].filter(tops => tops.size > 1);
        }).length"""
    )
    assert apart == 0
    page.close()


def test_a_command_breaks_between_its_words_only(browser: Any, file: Path):
    page, _ = _open(browser, file, 1440)
    assert page.locator("#temuan code span").count() > 3
    broken = page.evaluate(
        """() => [...document.querySelectorAll('#temuan code span')]
            .filter(word => word.getClientRects().length !== 1 || word.getBoundingClientRect().height > 24)
            .map(word => word.textContent)"""
    )
    assert broken == []
    page.close()


def test_the_pivot_turns(browser: Any, file: Path):
    page, asked = _open(browser, file, 1440)
    form = page.locator("form.pivot").first

    def heads() -> list[str]:
        return [text.split("\n")[0] for text in form.locator("thead th").all_inner_texts()]

    assert heads()[0] == "Kecamatan" and "kerak" in heads()
    form.locator("select[name=columns]").select_option("kepala")
    assert heads() == ["Kecamatan", "laki-laki", "perempuan", "Semua"]
    form.locator("select[name=layers]").select_option("lansia")
    assert form.locator("caption").all_inner_texts() == [
        "Ada lansia (60+): ya", "Ada lansia (60+): tidak",
    ]  # fmt: skip
    form.locator("input[name=shares]").check()
    assert form.locator("tfoot td").last.inner_text() == "100\u00a0%"
    # A side that the rows take is free nowhere else.
    form.locator("select[name=rows]").select_option("kepala")
    assert form.locator("select[name=columns]").input_value() == ""
    assert [line for line in asked if line.startswith("console")] == []
    page.close()


def test_the_pivot_is_used_with_the_keyboard(browser: Any, file: Path):
    page, _ = _open(browser, file, 1440)
    select = page.locator("form.pivot select[name=rows]").first
    select.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("form.pivot thead th").first.inner_text().startswith("Kelas")
    page.close()
