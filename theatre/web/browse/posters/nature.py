"""Scenes out of doors: hills, sea, sky, trees."""

import math
from random import Random

from theatre.web.browse.posters.shapes import Palette, circle, fade, figure, path, poly, rect, ring


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
