"""The pictures under the titles of drawn posters: each a few shapes, cut from a seed and a palette.

A scene draws on a sheet of 300 by 450 units and leaves its upper part to the title. `Random` is
seeded by the movie's slug, so a movie keeps its poster.
"""

import math
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


def hill(rnd: Random, y: float, swing: float, fill: str) -> str:
    a, b, c = (y + rnd.uniform(-swing, swing) for _ in range(3))
    return path(
        f"M0 {a:.0f}C70 {a - swing:.0f} 110 {b + swing:.0f} 160 {b:.0f}S260 {c - swing:.0f} 300 {c:.0f}V450H0Z",
        fill,
    )


def sun_hills(rnd: Random, p: Palette) -> str:
    x, y, r = rnd.choice([(176, 262, 82), (118, 268, 76), (200, 250, 70)])
    parts = [
        fade("a", (0, p.ground), (0.45, p.deep), (0.78, p.main), (1, p.light)),
        rect(0, 0, 300, 450, "url(#a)"),
    ]
    parts += [fade("b", (0, p.light), (1, p.spot)), circle(x, y, r, "url(#b)")]
    for grow, opacity in ((14, 0.55), (26, 0.35), (62, 0.16)):
        parts.append(ring(x, y, r + grow, p.light, 1.2, f' stroke-opacity="{opacity}"'))
    parts.append(path(f"M0 {y}H300M{x} 130V450", more=f' stroke="{p.light}" stroke-opacity=".28"'))
    parts += [hill(rnd, 330, 16, p.deep), figure(x - r * 0.7, 332, 22, p.ground)]
    parts += [hill(rnd, 362, 14, p.ground), hill(rnd, 408, 12, "#0008")]
    return "".join(parts)


def rays(rnd: Random, p: Palette) -> str:
    x, y, count = 150, rnd.choice([210, 196]), rnd.choice([9, 11, 13])
    parts = [rect(0, 0, 300, 450, p.ground)]
    for n in range(count):
        a, b = (math.pi * (n + o) / count for o in (0.22, 0.78))
        far = 600
        parts.append(
            poly(
                [
                    (x, y),
                    (x + far * math.cos(a), y + far * math.sin(a)),
                    (x + far * math.cos(b), y + far * math.sin(b)),
                ],
                p.ink,
            )
        )
    parts += [circle(x, y + 92, 78, p.main), circle(x, y + 92, 52, p.ground), circle(x, y + 92, 30, p.main)]
    parts.append(path(f"M150 {y - 8}V{y + 192}M50 {y + 92}H250", more=f' stroke="{p.main}" stroke-width="5"'))
    return "".join(parts)


def corridor(rnd: Random, p: Palette) -> str:
    parts, colours = [rect(0, 0, 300, 450, p.ground)], [p.main, p.ground, p.deep]
    steps = rnd.choice([5, 6, 7])
    for n in range(steps):
        share = n / steps
        x, y = 14 + 106 * share, 170 + 190 * share
        parts.append(rect(x, y, 300 - 2 * x, 450 - y, colours[n % 3]))
    parts += [
        rect(122, 372, 56, 78, p.light),
        path("M150 384v50", more=f' stroke="{p.deep}" stroke-width="2"'),
    ]
    parts.append(poly([(122, 450), (178, 450), (230, 450), (70, 450)], p.light))
    parts.append(figure(150, 450, 46, p.ground))
    return "".join(parts)


def windows(rnd: Random, p: Palette) -> str:
    parts = [rect(0, 0, 300, 450, p.ground)]
    lit = rnd.sample([(c, r) for c in range(1, 5) for r in range(1, 7)], 3)
    for c in range(6):
        for r in range(8):
            x, y = 22 + c * 43, 158 + r * 37
            colour = (
                [p.light, p.spot, p.light][lit.index((c, r))]
                if (c, r) in lit
                else rnd.choice([p.deep, p.deep, p.main])
            )
            dim = "" if (c, r) in lit else f' opacity="{rnd.choice([0.55, 0.75, 1])}"'
            parts.append(rect(x, y, 35, 28, colour, dim))
            if (c, r) in lit[:2]:
                parts += [
                    circle(x + 21, y + 13, 5, p.ground),
                    path(f"M{x + 13} {y + 28}a8 9 0 0 1 16 0Z", p.ground),
                ]
            else:
                parts.append(path(f"M{x + 17.5} {y}v28", more=f' stroke="{p.ground}" stroke-width="2"'))
    return "".join(parts)


def lighthouse(rnd: Random, p: Palette) -> str:
    x, y = rnd.choice([(178, 222), (122, 222), (150, 214)])
    parts = [rect(0, 0, 300, 450, p.ground)]
    for n in range(7, 0, -1):
        parts.append(ring(x, y, 12 + n * 17, [p.light, p.main][n % 2], 9, f' opacity="{1 - n * 0.09:.2f}"'))
    parts.append(poly([(x - 10, y + 8), (x + 10, y + 8), (x + 20, 352), (x - 20, 352)], p.light))
    for n in range(2):
        top = y + 34 + n * 44
        parts.append(
            poly(
                [
                    (x - 12 - n * 4, top),
                    (x + 12 + n * 4, top),
                    (x + 14 + n * 4, top + 22),
                    (x - 14 - n * 4, top + 22),
                ],
                p.main,
            )
        )
    parts += [
        rect(x - 9, y - 12, 18, 20, p.spot),
        path(f"M{x - 14} {y - 12}L{x} {y - 27}L{x + 14} {y - 12}Z", p.main),
    ]
    return "".join(parts) + sea(p, 338, 6)


def sea(p: Palette, top: float, rows: int) -> str:
    parts = [rect(0, top, 300, 450 - top, p.deep)]
    for n in range(rows):
        y = top + 2 + n * 20
        wave = f"M{-20 if n % 2 else -8} {y}" + "q11-13 22 0t22 0" * 8
        parts.append(
            path(
                wave,
                more=f' stroke="{[p.light, p.spot][n % 2]}" stroke-width="5" opacity="{1 - n * 0.13:.2f}"',
            )
        )
    return "".join(parts)


def hexagons(rnd: Random, p: Palette) -> str:
    parts, r = [rect(0, 0, 300, 450, p.ground)], 25
    w = r * math.sqrt(3)
    for row in range(9):
        for col in range(-1, 8):
            x, y = col * w + (row % 2) * w / 2 + 10, 176 + row * r * 1.5
            share = row / 8 + rnd.uniform(-0.22, 0.22)
            colour = (
                p.light if share < 0.2 else p.spot if share < 0.36 else p.main if share < 0.58 else p.deep
            )
            points = [
                (x + (r - 1.6) * math.sin(a), y + (r - 1.6) * math.cos(a))
                for a in (k * math.pi / 3 for k in range(6))
            ]
            parts.append(poly(points, colour, f' opacity="{rnd.choice([1, 1, 0.88, 0.76])}"'))
    return "".join(parts)


def planet(rnd: Random, p: Palette) -> str:
    parts = [rect(0, 0, 300, 450, p.ground), fade("a", (0, p.light), (0.5, p.main), (1, p.deep))]
    parts += [
        circle(
            rnd.uniform(8, 292), rnd.uniform(150, 440), rnd.choice([0.8, 1.1, 1.6]), p.ink, ' opacity=".8"'
        )
        for _ in range(46)
    ]
    parts.append(circle(150, 292, 106, "url(#a)"))
    parts += [
        f'<ellipse cx="150" cy="292" rx="{rx}" ry="106" fill="none" stroke="{p.ground}" stroke-opacity=".3"/>'
        for rx in (30, 62, 90)
    ]
    parts += [
        path(
            f"M{150 - math.sqrt(106**2 - d * d):.0f} {292 + d}H{150 + math.sqrt(106**2 - d * d):.0f}",
            more=f' stroke="{p.ground}" stroke-opacity=".3"',
        )
        for d in (-72, -36, 0, 36, 72)
    ]
    if rnd.random() < 0.55:
        parts.append(
            f'<ellipse cx="150" cy="292" rx="148" ry="30" fill="none" stroke="{p.spot}" stroke-width="5" transform="rotate(-16 150 292)" stroke-dasharray="330 170" stroke-dashoffset="-12"/>'
        )
    else:
        parts += [
            path("M150 164V426", more=f' stroke="{p.spot}" stroke-width="4"'),
            circle(150, 206, 7, p.spot),
        ]
    return "".join(parts)


def mountains(rnd: Random, p: Palette) -> str:
    x = rnd.uniform(90, 215)
    parts = [
        fade("a", (0, p.ground), (1, p.main)),
        rect(0, 0, 300, 450, "url(#a)"),
        circle(x, 214, 46, p.light),
    ]
    for base, colour, count, tall in ((300, p.main, 4, 96), (356, p.deep, 3, 118), (420, p.ground, 3, 96)):
        for n in range(count):
            at, top = 300 * (n + rnd.uniform(0.2, 0.8)) / count, base - tall * rnd.uniform(0.55, 1)
            wide = rnd.uniform(96, 132)
            parts.append(poly([(at, top), (at + wide, 452), (at - wide, 452)], colour))
            if colour == p.deep:
                parts.append(
                    poly(
                        [
                            (at, top),
                            (at + 17, top + 24),
                            (at + 5, top + 18),
                            (at - 3, top + 30),
                            (at - 9, top + 17),
                            (at - 18, top + 24),
                        ],
                        p.light,
                    )
                )
    parts += [
        path(
            f"M{x - 40 + n * 26} {182 - n * 9}q6-7 11 0q5-7 11 0",
            more=f' stroke="{p.ink}" stroke-width="2.4"',
        )
        for n in range(3)
    ]
    return "".join(parts) + figure(rnd.uniform(110, 190), 432, 20, p.light) + hill(rnd, 430, 4, p.ground)


def spiral(rnd: Random, p: Palette) -> str:
    turn, arms, parts = rnd.choice([1, -1]), rnd.choice([3, 4]), [rect(0, 0, 300, 450, p.ground)]
    for arm in range(arms):
        edges: list[list[tuple[float, float]]] = [[], []]
        for step in range(64):
            a = step / 63 * math.pi * 3.4
            r = 4 + 212 * (step / 63) ** 1.5
            for side, shift in enumerate((0.0, math.pi / arms)):
                angle = turn * a + arm * 2 * math.pi / arms + shift
                edges[side].append((150 + r * math.cos(angle), 308 + r * math.sin(angle)))
        parts.append(poly(edges[0] + edges[1][::-1], [p.main, p.main, p.deep, p.main][arm]))
    return "".join(parts) + rect(0, 0, 300, 128, p.ground) + figure(150, 338, 66, p.light)


def eyes(rnd: Random, p: Palette) -> str:
    parts = [rect(0, 0, 300, 450, p.ground), circle(150, 470, 250, p.deep, ' opacity=".55"')]
    for left, top, s in ((150, 300, 1.5), (66, 388, 0.7), (238, 376, 0.8), (70, 226, 0.5), (226, 220, 0.46)):
        x, y = left + rnd.uniform(-12, 12), top + rnd.uniform(-10, 10)
        for side in (-1, 1):
            cx = x + side * 27 * s
            parts.append(
                path(
                    f"M{cx - 20 * s:.1f} {y:.1f}q{20 * s:.1f}{-26 * s:.1f} {40 * s:.1f} 0q{-20 * s:.1f} {26 * s:.1f} {-40 * s:.1f} 0Z",
                    p.light if s > 1 else p.main,
                )
            )
            parts.append(
                f'<ellipse cx="{cx:.1f}" cy="{y:.1f}" rx="{4.5 * s:.1f}" ry="{11 * s:.1f}" fill="{p.ground}"/>'
            )
    return "".join(parts)


def moon_tree(rnd: Random, p: Palette) -> str:
    parts = [rect(0, 0, 300, 450, p.ground), circle(150, 276, 112, p.main), circle(150, 276, 92, p.light)]

    def branch(x: float, y: float, angle: float, long: float, thick: float) -> None:
        ex, ey = x + long * math.cos(angle), y - long * math.sin(angle)
        parts.append(
            path(
                f"M{x:.1f} {y:.1f}L{ex:.1f} {ey:.1f}",
                more=f' stroke="{p.ground}" stroke-width="{thick:.1f}" stroke-linecap="round"',
            )
        )
        if thick > 1.6:
            for side in (-1, 1):
                branch(
                    ex,
                    ey,
                    angle + side * rnd.uniform(0.25, 0.72),
                    long * rnd.uniform(0.66, 0.84),
                    thick * 0.66,
                )

    branch(150, 424, math.pi / 2, 62, 15)
    return "".join(parts) + hill(rnd, 414, 8, p.ground) + figure(rnd.choice([96, 206]), 416, 24, p.spot)


def balloons(rnd: Random, p: Palette) -> str:
    parts = [rect(0, 0, 300, 450, p.ground)]
    for n, colour in enumerate(rnd.sample([p.main, p.spot, p.light, p.deep, p.main, p.spot], 6)):
        x, y, r = (
            44 + (n % 3) * 106 + rnd.uniform(-18, 18),
            232 + (n // 3) * 108 + rnd.uniform(-30, 30),
            rnd.uniform(32, 48),
        )
        parts += [
            path(
                f"M{x:.0f} {y + r:.0f}Q{x + 20:.0f} {y + r + 70:.0f} 150 460",
                more=f' stroke="{p.ink}" stroke-opacity=".5" stroke-width="1.6"',
            )
        ]
        parts += [
            f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="{r * 0.86:.0f}" ry="{r:.0f}" fill="{colour}"/>',
            poly([(x - 6, y + r + 6), (x + 6, y + r + 6), (x, y + r - 2)], colour),
        ]
        parts.append(
            path(
                f"M{x - r * 0.5:.0f} {y - r * 0.2:.0f}q2-{r * 0.4:.0f} {r * 0.34:.0f}-{r * 0.46:.0f}",
                more=' stroke="#fff" stroke-opacity=".7" stroke-width="4" stroke-linecap="round"',
            )
        )
    return "".join(parts)


def creature(rnd: Random, p: Palette) -> str:
    x, legs = 150, rnd.choice([5, 6])
    parts = [rect(0, 0, 300, 450, p.ground), circle(x, 300, 140, p.light, ' opacity=".55"')]
    for n in range(legs):
        share = n / (legs - 1) - 0.5
        sx, ex = x + share * 110, x + share * 300
        bend = f"M{sx:.0f} 300C{sx + share * 130:.0f} 340 {ex - share * 60:.0f} 350 {ex:.0f} {396 - abs(share) * 70:.0f}S{ex - share * 90:.0f} 430 {ex - share * 60:.0f} 462"
        parts.append(path(bend, more=f' stroke="{p.deep}" stroke-width="26" stroke-linecap="round"'))
        parts.append(
            path(
                bend,
                more=f' stroke="{p.spot}" stroke-width="4" stroke-dasharray=".1 14" stroke-linecap="round"',
            )
        )
    parts.append(
        path(f"M{x - 76} 268c0-66 32-104 76-104s76 38 76 104c0 48-30 74-76 74s-76-26-76-74Z", p.deep)
    )
    gaze = rnd.choice([-4, 4])
    parts += [
        circle(x + s * 27, 262, 19, "#fff") + circle(x + s * 27 + gaze, 266, 9, "#1D1019") for s in (-1, 1)
    ]
    return "".join(parts) + path(
        f"M{x - 18} 304q18 16 36 0", more=f' stroke="{p.spot}" stroke-width="5" stroke-linecap="round"'
    )


def pair(rnd: Random, p: Palette) -> str:
    y, r = 296, 92
    parts = [rect(0, 0, 300, 450, p.ground), circle(104, y, r, p.main), circle(196, y, r, p.spot)]
    lens = math.sqrt(r * r - 46 * 46)
    parts.append(
        path(
            f"M150 {y - lens:.1f}A{r} {r} 0 0 1 150 {y + lens:.1f}A{r} {r} 0 0 1 150 {y - lens:.1f}Z", p.light
        )
    )
    kind = rnd.choice(["people", "line", "rings"])
    if kind == "people":
        parts += [figure(138, y + 26, 54, p.deep), figure(162, y + 26, 50, p.deep)]
    elif kind == "rings":
        parts += [ring(104, y, r - 14, p.ground, 1.5), ring(196, y, r - 14, p.ground, 1.5)]
    else:
        parts.append(path(f"M12 {y}H288", more=f' stroke="{p.ground}" stroke-width="2"'))
    return "".join(parts)


def record(rnd: Random, p: Palette) -> str:
    x, y = rnd.choice([(150, 312), (206, 336), (94, 336)])
    parts = [rect(0, 0, 300, 450, p.ground), circle(x, y, 132, p.deep)]
    parts += [
        ring(x, y, r, p.main, 1.2, f' stroke-opacity="{0.35 + (r % 3) * 0.2:.2f}"') for r in range(56, 130, 6)
    ]
    parts += [
        path(f"M{x} {y}L{x - 70} {y - 112}A132 132 0 0 1 {x - 22} {y - 130}Z", p.light, ' opacity=".22"')
    ]
    parts += [circle(x, y, 46, p.main), circle(x, y, 30, p.spot), circle(x, y, 5, p.ground)]
    return "".join(parts)


def equaliser(rnd: Random, p: Palette) -> str:
    parts, count = [rect(0, 0, 300, 450, p.ground)], 11
    for n in range(count):
        steps = 3 + int(9 * abs(math.sin((n + 1) * math.pi / (count + 1))) * rnd.uniform(0.6, 1.1))
        for s in range(min(steps, 12)):
            colour = p.main if s < 5 else p.spot if s < 9 else p.light
            parts.append(rect(20 + n * 24, 412 - s * 20, 18, 14, colour, ' rx="2"'))
            if s < 2:
                parts.append(rect(20 + n * 24, 430 + s * 18, 18, 12, p.main, ' rx="2" opacity=".3"'))
    return "".join(parts)


def spotlights(rnd: Random, p: Palette) -> str:
    parts = [rect(0, 0, 300, 450, p.ground)]
    for x, lean in ((40, 92), (150, rnd.uniform(-30, 30)), (260, -92)):
        parts.append(
            poly(
                [(x - 5, 140), (x + 5, 140), (x + lean + 70, 410), (x + lean - 70, 410)],
                p.light,
                ' opacity=".3"',
            )
        )
    parts += [
        f'<ellipse cx="150" cy="410" rx="170" ry="34" fill="{p.main}"/>',
        f'<ellipse cx="150" cy="406" rx="78" ry="16" fill="{p.light}"/>',
    ]
    return (
        "".join(parts)
        + figure(150, 408, 92, p.deep)
        + path("M176 408V330l14-10", more=f' stroke="{p.deep}" stroke-width="3"')
    )


def contours(rnd: Random, p: Palette) -> str:
    parts = [rect(0, 0, 300, 450, p.ground)]
    cx, cy, phase = rnd.uniform(110, 190), rnd.uniform(290, 330), rnd.uniform(0, 6)
    for n in range(13, 0, -1):
        points = []
        for k in range(40):
            a = k * math.pi / 20
            r = n * 15 * (1 + 0.16 * math.sin(2 * a + phase) + 0.09 * math.sin(3 * a - phase + n * 0.14))
            points.append((cx + r * math.cos(a), cy + r * math.sin(a) * 0.86))
        fill = p.spot if n == 1 else p.light if n == 2 else "none"
        parts.append(
            poly(
                points,
                fill,
                f' stroke="{p.main if n % 4 else p.light}" stroke-width="{1.4 if n % 4 else 2.8}"',
            )
        )
    return rect(0, 0, 300, 450, p.ground) + "".join(parts) + rect(0, 0, 300, 120, p.ground, ' opacity=".86"')


def desert(rnd: Random, p: Palette) -> str:
    x = rnd.uniform(110, 190)
    parts = [rect(0, 0, 300, 450, p.ground)]
    parts += [circle(x, 292, r, c) for r, c in ((120, p.main), (96, p.spot), (70, p.light))]
    parts += [rect(0, 300 + n * 13, 300, 3 + n * 1.6, p.ground) for n in range(4)]
    at = rnd.choice([18, 196])
    parts.append(path(f"M{at} 372v-74h14v-22h52v22h14v74Z", p.deep))
    parts.append(rect(0, 364, 300, 90, p.deep))
    c = 300 - at - 60
    parts.append(
        path(
            f"M{c} 400V300M{c} 352h-20v-26M{c} 372h22v-34",
            more=f' stroke="{p.ground}" stroke-width="12" stroke-linecap="round" stroke-linejoin="round"',
        )
    )
    return "".join(parts) + hill(rnd, 408, 6, p.ground)


def road(rnd: Random, p: Palette) -> str:
    x = rnd.uniform(124, 176)
    parts = [
        fade("a", (0, p.ground), (0.7, p.main), (1, p.light)),
        rect(0, 0, 300, 300, "url(#a)"),
        circle(x, 298, 58, p.light),
    ]
    parts += [
        rect(0, 298, 300, 152, p.deep),
        poly([(x - 4, 298), (x + 4, 298), (264, 450), (36, 450)], p.ground),
    ]
    for n in range(5):
        top, tall = 306 + n * n * 7, 5 + n * 6
        half = 0.6 + n * 1.5
        lean = (150 - x) * (top - 298) / 152
        parts.append(
            poly(
                [
                    (x + lean - half, top),
                    (x + lean + half, top),
                    (x + lean + half * 1.6, top + tall),
                    (x + lean - half * 1.6, top + tall),
                ],
                p.spot,
            )
        )
    for n in range(5):
        px, tall = 14 + n * 24, 104 - n * 20
        parts.append(
            path(
                f"M{px} {306 + 34 - n * 7}v-{tall}m-11 12h22",
                more=f' stroke="{p.ground}" stroke-width="{3.2 - n * 0.5:.1f}"',
            )
        )
    return "".join(parts)


def tiles(rnd: Random, p: Palette) -> str:
    parts, side, colours = [rect(0, 0, 300, 450, p.ground)], 60, [p.main, p.spot, p.light, p.deep]
    for row in range(5):
        for col in range(5):
            x, y = col * side, 150 + row * side
            ground, shape = rnd.sample(colours, 2)
            parts.append(rect(x, y, side, side, ground))
            kind, turn = (
                rnd.choice("quarter half disc tri bar quarter".split()),
                rnd.choice([0, 90, 180, 270]),
            )
            d = {
                "quarter": "M0 0h60a60 60 0 0 1-60 60Z",
                "half": "M0 0h60a30 30 0 0 1-60 0Z",
                "disc": "M30 12a18 18 0 0 1 0 36a18 18 0 0 1 0-36Z",
                "tri": "M0 0h60L0 60Z",
                "bar": "M0 8h60v12H0ZM0 34h60v12H0Z",
            }[kind]
            parts.append(
                f'<path transform="translate({x} {y}) rotate({turn} 30 30)" d="{d}" fill="{shape}"/>'
            )
    return "".join(parts)


def skyline(rnd: Random, p: Palette) -> str:
    parts = [fade("a", (0, p.ground), (1, p.main)), rect(0, 0, 300, 450, "url(#a)")]
    parts += [
        poly([(x, 420), (x + lean - 24, 140), (x + lean + 24, 140)], p.light, ' opacity=".2"')
        for x, lean in ((70, 80), (230, -70))
    ]
    for base, colour, low, high in ((450, p.deep, 110, 220), (450, p.ground, 50, 150)):
        x = -8.0
        while x < 300:
            wide, tall = rnd.uniform(26, 52), rnd.uniform(low, high)
            parts.append(rect(x, base - tall, wide, tall, colour))
            if colour == p.ground:
                for _ in range(int(wide / 8)):
                    parts.append(
                        rect(x + rnd.uniform(4, wide - 8), base - rnd.uniform(10, tall - 8), 4, 6, p.spot)
                    )
            x += wide + rnd.choice([0, 0, 3])
    return "".join(parts)


def keyhole(rnd: Random, p: Palette) -> str:
    parts = [rect(0, 0, 300, 450, p.ground)]
    for n, colour in enumerate((p.deep, p.main, p.light)):
        k = 1 - n * 0.17
        parts.append(
            path(
                f"M{150 - 84 * k:.0f} {272:.0f}a{84 * k:.0f} {84 * k:.0f} 0 1 1 {168 * k:.0f} 0q0 {40 * k:.0f} {-36 * k:.0f} {66 * k:.0f}L{150 + 74 * k:.0f} 452H{150 - 74 * k:.0f}L{150 - 48 * k:.0f} {272 + 66 * k:.0f}q{-36 * k:.0f} {-26 * k:.0f} {-36 * k:.0f} {-66 * k:.0f}Z",
                colour,
            )
        )
    if rnd.random() < 0.5:
        return "".join(parts) + figure(150, 420, 120, p.ground)
    parts.append(path("M96 280q54-62 108 0q-54 62-108 0Z", "#fff"))
    return "".join(parts) + circle(150, 280, 27, p.spot) + circle(150, 280, 12, p.ground)


def scales(rnd: Random, p: Palette) -> str:
    parts, r = [rect(0, 0, 300, 450, p.ground)], 37.5
    for row in range(15, -1, -1):
        y = 470 - (15 - row) * 19
        if y < 176:
            break
        for col in range(-1, 5):
            x = col * r * 2 + (row % 2) * r + r / 2
            for n, colour in enumerate((p.light, p.main, p.light, p.deep, p.spot)):
                parts.append(circle(x, y - 300 + 300, r * (1 - n * 0.2), colour))
    seen = sorted(range(len(parts) - 1), key=lambda k: -k)
    picture = parts[0] + "".join(
        parts[1:][k] for block in range(len(seen) // 5 - 1, -1, -1) for k in range(block * 5, block * 5 + 5)
    )
    return picture + circle(rnd.choice([86, 214]), 176, 34, p.spot)


def star_burst(rnd: Random, p: Palette) -> str:
    count = rnd.choice([14, 16, 18])
    parts = [rect(0, 0, 300, 450, p.ground)]
    for big, small, colour in ((178, 92, p.main), (136, 74, p.spot), (94, 56, p.light)):
        points = []
        for n in range(count * 2):
            a, r = n * math.pi / count, (big * rnd.uniform(0.84, 1.1) if n % 2 == 0 else small)
            points.append((150 + r * math.sin(a), 312 - r * math.cos(a)))
        parts.append(poly(points, colour))
    return (
        rect(0, 0, 300, 450, p.ground)
        + "".join(parts)
        + rect(0, 0, 300, 132, p.ground)
        + figure(150, 366, 92, p.deep)
    )


def stairs(rnd: Random, p: Palette) -> str:
    parts, steps = [rect(0, 0, 300, 450, p.ground)], 8
    flip = rnd.random() < 0.5
    for n in range(steps):
        x, y = n * 300 / steps, 430 - n * 29
        parts += [rect(x, y, 300 - x, 450 - y, [p.main, p.deep][n % 2]), rect(x, y, 300 - x, 4, p.light)]
    parts += [rect(255, 430 - 7 * 29 - 60, 34, 60, p.light), rect(255, 430 - 7 * 29 - 60, 8, 60, p.spot)]
    walker = figure(5.5 * 300 / steps, 430 - 5 * 29, 44, p.spot)
    body = "".join(parts) + walker
    return f'<g transform="translate(300 0) scale(-1 1)">{body}</g>' if flip else body


SCENES: dict[str, Scene] = {
    "sun_hills": Scene(sun_hills, room=116),
    "rays": Scene(rays, room=150, anchor=0.5, justify=True),
    "corridor": Scene(corridor, room=126, accent=True),
    "windows": Scene(windows, room=112),
    "lighthouse": Scene(lighthouse, room=96),
    "hexagons": Scene(hexagons, room=108, anchor=0.5),
    "planet": Scene(planet, room=128, anchor=0.5),
    "mountains": Scene(mountains, room=126, anchor=0.5),
    "spiral": Scene(spiral, room=88, accent=True),
    "eyes": Scene(eyes, room=150, anchor=0.5, justify=True),
    "moon_tree": Scene(moon_tree, room=116, anchor=0.5),
    "balloons": Scene(balloons, room=150, anchor=0.5),
    "creature": Scene(creature, room=120, anchor=0.5),
    "pair": Scene(pair, room=150),
    "record": Scene(record, room=140, justify=True),
    "equaliser": Scene(equaliser, room=130),
    "spotlights": Scene(spotlights, room=116, anchor=0.5),
    "contours": Scene(contours, room=92),
    "desert": Scene(desert, room=138, anchor=0.5, justify=True),
    "road": Scene(road, room=150),
    "tiles": Scene(tiles, room=106, justify=True),
    "skyline": Scene(skyline, room=130),
    "keyhole": Scene(keyhole, room=130, anchor=0.5),
    "scales": Scene(scales, room=98),
    "star_burst": Scene(star_burst, room=100, anchor=0.5, justify=True),
    "stairs": Scene(stairs, room=126, accent=True),
}
