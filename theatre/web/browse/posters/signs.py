"""Scenes that are a sign more than a place: rays, eyes, a record, somebody's outline."""

import math
from random import Random

from theatre.web.browse.posters.shapes import Palette, circle, figure, path, poly, rect, ring


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
