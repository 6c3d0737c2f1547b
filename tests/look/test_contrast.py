"""The pairs of colours that stand on each other, computed from css/tokens.css by the formula of WCAG 2."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "theatre" / "static" / "css" / "tokens.css"
TEXT, SHAPE = 4.5, 3.0
PAIRS = [
    ("ink", "bg", TEXT),
    ("ink", "surface", TEXT),
    ("ink", "raised", TEXT),
    ("ink", "sunken", TEXT),
    ("ink-2", "bg", TEXT),
    ("ink-2", "surface", TEXT),
    ("ink-2", "sunken", TEXT),
    ("ink-2", "raised", TEXT),
    ("ink-3", "bg", TEXT),
    ("ink-3", "surface", TEXT),
    ("ink-3", "sunken", TEXT),
    ("ink-3", "raised", TEXT),
    ("link", "bg", TEXT),
    ("link", "surface", TEXT),
    ("link", "raised", TEXT),
    ("on-velvet", "velvet", TEXT),
    ("ink", "velvet-soft", TEXT),
    ("on-action", "action", TEXT),
    ("on-action", "action-hover", TEXT),
    ("on-action-2", "action", TEXT),
    ("line-strong", "surface", SHAPE),
    ("line-strong", "bg", SHAPE),
    ("action-line", "bg", SHAPE),
    ("focus", "bg", SHAPE),
    ("focus", "surface", SHAPE),
    ("ok", "surface", TEXT),
    ("ok", "ok-soft", TEXT),
    ("err", "surface", TEXT),
    ("err", "bg", TEXT),
    ("err", "raised", TEXT),
    ("err", "err-soft", TEXT),
    ("warn", "surface", TEXT),
    ("warn", "warn-soft", TEXT),
    ("info", "surface", TEXT),
    ("info", "info-soft", TEXT),
    ("ink", "ok-soft", TEXT),
    ("ink", "err-soft", TEXT),
    ("ink", "warn-soft", TEXT),
    ("ink", "info-soft", TEXT),
    ("chart-1", "surface", SHAPE),
    ("chart-2", "surface", SHAPE),
    ("chart-3", "surface", SHAPE),
    ("seat-std", "surface", SHAPE),
    ("seat-prem", "surface", SHAPE),
    ("seat-vip", "surface", SHAPE),
    ("seat-acc", "surface", SHAPE),
    ("seat-held", "surface", SHAPE),
    ("seat-sold-ink", "seat-sold", SHAPE),
    ("ink", "seat-prem-soft", TEXT),
    ("ink", "seat-vip-soft", TEXT),
    ("seat-acc", "seat-acc-soft", SHAPE),
    ("velvet", "bg", SHAPE),
    ("house-ink", "house", TEXT),
    ("house-ink-2", "house", TEXT),
    ("house-ink-2", "house-2", TEXT),
    ("amber", "house", TEXT),
]


def colours(light: int) -> dict[str, str]:
    """Every token with the house lights up (0) or down (1)."""
    css = TOKENS.read_text()
    both = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", css)
    one = re.findall(r"--([\w-]+): (#\w{6});", css)
    return {name: pair[light] for name, *pair in both} | dict(one)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_formula_gives_the_known_extremes():
    assert round(contrast("#000000", "#FFFFFF"), 2) == 21.0
    assert round(contrast("#777777", "#FFFFFF"), 2) == 4.48


@pytest.mark.parametrize("light", [0, 1], ids=["up", "down"])
def test_every_pair_has_the_contrast_it_needs(light):
    known = colours(light)

    poor = {
        f"{ink} on {ground}": round(contrast(known[ink], known[ground]), 2)
        for ink, ground, needed in PAIRS
        if contrast(known[ink], known[ground]) < needed
    }

    assert poor == {}
