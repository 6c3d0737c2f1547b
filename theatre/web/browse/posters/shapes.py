"""What the pictures of drawn posters are cut from: a palette, a few shapes, and what a scene is."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple


class Palette(NamedTuple):
    ground: str
    deep: str
    main: str
    light: str
    spot: str
    ink: str  # the title on the ground


class Scene(NamedTuple):
    draw: Callable[[Random, Palette], str]
    room: int = 150  # the height left to the title
    anchor: float = 0  # the title stands left (0) or in the middle (0.5)
    accent: bool = False  # its last line in the spot colour
    justify: bool = False


def circle(x: float, y: float, r: float, fill: str, more: str = "") -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}"{more}/>'


def ring(x: float, y: float, r: float, stroke: str, thick: float, more: str = "") -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="none" stroke="{stroke}" stroke-width="{thick:g}"{more}/>'


def rect(x: float, y: float, w: float, h: float, fill: str, more: str = "") -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}"{more}/>'


def path(d: str, fill: str = "none", more: str = "") -> str:
    return f'<path d="{d}" fill="{fill}"{more}/>'


def poly(points: list[tuple[float, float]], fill: str, more: str = "") -> str:
    return path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z", fill, more)


def fade(name: str, *stops: tuple[float, str]) -> str:
    inner = "".join(f'<stop offset="{at:g}" stop-color="{colour}"/>' for at, colour in stops)
    return f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">{inner}</linearGradient>'


def figure(x: float, y: float, h: float, fill: str) -> str:
    """A person seen from afar, standing at (x, y)."""
    r = h * 0.13
    return circle(x, y - h + r, r, fill) + path(
        f"M{x:.1f} {y:.1f}l{-h * 0.12:.1f}-{h * 0.62:.1f}a{h * 0.13:.1f} {h * 0.13:.1f} 0 0 1 {h * 0.24:.1f} 0Z",
        fill,
    )
