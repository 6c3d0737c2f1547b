"""Titles set in League Gothic as outlines: a picture cannot use the fonts of the page it stands on.

letters.json is made by bin/vendor. Sizes are in the picture's own units; a line stands on its baseline.
"""

import json
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

CAP_HEIGHT = 0.735
STRETCHES = (100, 90, 80, 75)


class Line(NamedTuple):
    words: str
    width: float  # at size 1


class Block(NamedTuple):
    """A title broken into lines: SVG, and the height it takes from its top edge down."""

    svg: str
    height: float


@cache
def _font() -> tuple[dict[str, dict], dict[str, int]]:
    font = json.loads(Path(__file__).with_name("letters.json").read_text(encoding="utf-8"))
    return font["letters"], font["kern"]


@cache
def _glyph(letter: str, stretch: int) -> tuple[float, tuple[tuple[str, tuple[float, ...]], ...]]:
    """A letter between the two ends of the width axis: its advance and its path."""
    share = (stretch - 75) / 25
    drawn = _font()[0][letter]
    narrow, wide = drawn["w"]
    path = tuple(
        (verb, tuple(n + (w - n) * share for n, w in zip(thin, broad, strict=True)))
        for verb, thin, broad in drawn["d"]
    )
    return narrow + (wide - narrow) * share, path


def can_set(text: str) -> bool:
    """Whether every letter exists as an outline (Latin scripts); other scripts are left to the reader's fonts."""
    letters = _font()[0]
    return all(letter in letters for letter in text)


def width(text: str, stretch: int) -> float:
    """The width of a line at size 1."""
    if not can_set(text):
        return len(text) * 0.62
    kern = _font()[1]
    return (
        sum(_glyph(c, stretch)[0] for c in text) + sum(kern.get(a + b, 0) for a, b in pairwise(text))
    ) / 1000


def line(text: str, *, x: float, y: float, size: float, stretch: int, fill: str, length: float = 0) -> str:
    """One line with its left end at x and its baseline at y; `length` holds a foreign script to its place."""
    if not can_set(text):
        return (
            f'<text x="{x:.0f}" y="{y:.0f}" font-family="sans-serif" font-weight="800" font-size="{size * 0.8:.0f}"'
            f' textLength="{length or width(text, stretch) * size:.0f}" lengthAdjust="spacingAndGlyphs"'
            f' fill="{fill}">{escape(text)}</text>'
        )
    kern = _font()[1]
    at, path = 0.0, []
    for letter, following in zip(text, [*text[1:], ""], strict=True):
        advance, strokes = _glyph(letter, stretch)
        for verb, points in strokes:
            path.append(verb + " ".join(f"{p + at if i % 2 == 0 else p:.0f}" for i, p in enumerate(points)))
        at += advance + kern.get(letter + following, 0)
    scale = f"{size / 1000:.4f}"
    return f'<path transform="translate({x:.1f} {y:.1f}) scale({scale})" fill="{fill}" d="{"".join(path)}"/>'


def small(
    text: str, *, x: float, y: float, size: float, fill: str, tracking: float = 0.12, anchor: float = 0
) -> str:
    """A credit line, widely spaced. `anchor` 0 starts at x, 0.5 is centred on it, 1 ends there."""
    if not can_set(text):
        return ""
    total = sum(width(c, 100) + tracking for c in text) * size
    at, found = x - total * anchor, []
    for letter in text:
        if letter != " ":
            found.append(line(letter, x=at, y=y, size=size, stretch=100, fill=fill))
        at += (width(letter, 100) + tracking) * size
    return "".join(found)


def break_lines(words: list[str], count: int, stretch: int) -> list[str]:
    """The words in `count` lines whose longest is as short as it can be."""
    sizes = [width(word, stretch) for word in words]
    space = width(" ", stretch)

    @cache
    def best(start: int, left: int) -> tuple[float, tuple[int, ...]]:
        if left == 1:
            return sum(sizes[start:]) + space * (len(words) - start - 1), (len(words),)
        found: tuple[float, tuple[int, ...]] = (float("inf"), ())
        for end in range(start + 1, len(words) - left + 2):
            here = sum(sizes[start:end]) + space * (end - start - 1)
            rest, ends = best(end, left - 1)
            found = min(found, (max(here, rest), (end, *ends)))
        return found

    ends = best(0, count)[1]
    return [" ".join(words[a:b]) for a, b in pairwise((0, *ends))]


def title(
    text: str,
    *,
    box: tuple[float, float, float, float],
    fill: str,
    last: str = "",
    anchor: float = 0,
    largest: float = 150,
    justify: bool = False,
) -> Block:
    """A title as large as its box (x, y, width, height) allows, up to `largest`.

    `last` colours the last line. `justify` lets each line fill the width, as wood type was set.
    """
    x, y, room, height = box
    words = text.upper().split() or ["?"]
    best: tuple[float, list[str], int] = (0, [" ".join(words)], 75)
    for stretch in STRETCHES:
        for count in range(1, min(len(words), 6) + 1):
            lines = break_lines(words, count, stretch)
            longest = max(width(one, stretch) for one in lines)
            size = min(room / longest, height / (count * 0.84), largest)
            # A narrower cut has to earn its place: the widest that is nearly as large is taken.
            if size > best[0] * (1.0 if stretch == 100 else 1.08):
                best = (size, lines, stretch)
    size, lines, stretch = best
    if justify:
        sizes = [min(room / width(one, stretch), size * 1.7, largest) for one in lines]
        spare = height / sum(s * 0.84 for s in sizes)
        sizes = [s * min(1, spare) for s in sizes]
    else:
        sizes = [size] * len(lines)
    top, found = y, []
    for number, (one, s) in enumerate(zip(lines, sizes, strict=True)):
        long = width(one, stretch) * s
        colour = last if last and number == len(lines) - 1 and len(lines) > 1 else fill
        base = top + s * CAP_HEIGHT
        found.append(
            line(one, x=x + (room - long) * anchor, y=base, size=s, stretch=stretch, fill=colour, length=long)
        )
        top += s * 0.84
    return Block("".join(found), top - y)
