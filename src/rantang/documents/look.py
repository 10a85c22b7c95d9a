"""The colours and sizes of every drawing; the page's own are in `report.css` and must agree."""

from __future__ import annotations

from typing import Final

INK: Final = "#1b1f24"
MUTED: Final = "#5b6470"
LINE: Final = "#dcd8ce"
BAND: Final = "#f7f5f0"
PAPER: Final = "#ffffff"
ACCENT: Final = "#0b5f60"
WARNING: Final = "#b3361e"
CAUTION: Final = "#8a5a00"
RAMP: Final = ("#f1eee6", "#cfe3dc", "#9fcabf", "#66aba0", "#2f8781", "#0b5f60")
GROUNDS: Final = ("#f1eee6", "#cfe3dc", "#9fcabf", "#66aba0", "#0b5f60")
"""The ramp where small text stands on it: without the step on which neither ink nor white reaches 4.5."""
FONT: Final = "Inter, system-ui, sans-serif"

# Advance widths of Inter in em, for laying out labels without a browser.
_NARROW: Final = {
    "i": 0.242,
    "j": 0.242,
    "l": 0.242,
    "t": 0.327,
    "f": 0.37,
    "r": 0.376,
    "I": 0.269,
    "-": 0.46,
    " ": 0.281,
    ".": 0.288,
    ",": 0.288,
    "m": 0.876,
    "w": 0.818,
    "M": 0.903,
    "W": 0.985,
}


def width(text: str, size: float) -> float:
    """Return about how many px a text takes at a font size."""
    return size * sum(_NARROW.get(letter, 0.69 if letter.isupper() else 0.6) for letter in text)


def level(value: float, limits: tuple[float, ...]) -> int:
    """Return the step of the ramp for a value: how many limits it reaches."""
    return sum(value >= limit for limit in limits)


def limits(values: list[int], steps: int = len(GROUNDS) - 1) -> tuple[float, ...]:
    """Return round limits that part the values into steps of about equal number."""
    if not values:
        return ()
    ordered = sorted(values)
    cuts = [
        ordered[min(len(ordered) - 1, round(len(ordered) * n / (steps + 1)))] for n in range(1, steps + 1)
    ]
    rounded: list[float] = []
    for cut in cuts:
        step = 10 ** max(0, len(str(int(cut))) - 2)
        value = max(1, round(cut / step) * step)
        if not rounded or value > rounded[-1]:
            rounded.append(value)
    return tuple(float(value) for value in rounded)
