"""Scenes that people built: rooms, streets, stages."""

from random import Random

from theatre.web.browse.posters.shapes import Palette, circle, fade, figure, path, poly, rect


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
