"""The poster of a movie that has none: its title over a drawn scene that suits its genre.

The same slug, title, genre and director always give the same picture, so it may be cached for good
under an address that carries `edition()`.
"""

from functools import lru_cache
from random import Random
from zlib import crc32

from theatre.web.browse.posters import letters
from theatre.web.browse.posters.scenes import SCENES
from theatre.web.browse.posters.shapes import Palette

DRAWN = 1  # raise it when the drawing changes, so that browsers fetch posters anew

PALETTES = {
    "dusk": Palette("#190918", "#5d123d", "#d9472c", "#fff3cf", "#ffb01f", "#fff3e6"),
    "sunflower": Palette("#ffcf1f", "#8a2b0d", "#e4341f", "#fff3cf", "#ffe27a", "#17140f"),
    "coral": Palette("#ff6f59", "#4b1d6b", "#c93a4e", "#ffd9b8", "#ffd36b", "#fff7e8"),
    "midnight": Palette("#0c1838", "#17306b", "#2b57a8", "#ffd98a", "#ff8fb5", "#fdf3dc"),
    "blood": Palette("#100305", "#5a0a10", "#e32417", "#fdebd2", "#ff5a3c", "#fdebd2"),
    "lagoon": Palette("#0e3b47", "#0a2a36", "#ee6c4d", "#fbe8c8", "#4fb0ae", "#fbf3df"),
    "honey": Palette("#17130f", "#5b5046", "#e08e1b", "#ffe08a", "#ffbe32", "#fff0d0"),
    "deep": Palette("#06161b", "#0c4048", "#1f8f88", "#9be0cd", "#ff6a4d", "#e9fbf4"),
    "peach": Palette("#fde3d3", "#7a2240", "#e8637a", "#fff6ec", "#f6a13c", "#5b1531"),
    "mint": Palette("#cfeee0", "#123f3a", "#2f9e83", "#f6fff3", "#ff8a5b", "#0e3833"),
    "plum": Palette("#2a1038", "#5b2482", "#a43d9c", "#ffd6f0", "#ffb938", "#fff0fb"),
    "cobalt": Palette("#1b46c9", "#0d2370", "#ff5d46", "#f4efe2", "#ffd23e", "#fdf9ee"),
    "clay": Palette("#f2d2a9", "#7b2f1d", "#d1562b", "#fff1d6", "#f0a02f", "#54190f"),
    "rust": Palette("#3a0f0c", "#7d1f14", "#d4531f", "#ffd592", "#ffa02e", "#ffe9c9"),
    "pine": Palette("#10231c", "#1f4a38", "#5f8f4e", "#f1e6bf", "#e9a13b", "#f6efd4"),
    "ice": Palette("#dbe9f4", "#1c3557", "#4f84b8", "#ffffff", "#e2543f", "#13294a"),
    "rose": Palette("#7a0f3c", "#4a0824", "#d12f6d", "#ffd9e2", "#ffb938", "#fff1ee"),
    "bone": Palette("#efe6d6", "#221a1c", "#c0392b", "#ffffff", "#e0a526", "#1d1019"),
}

# Genre (in lower case, as imports and people write it) to scenes and palettes that suit it.
TASTE: dict[str, tuple[str, str]] = {
    "drama": (
        "sun_hills windows road lighthouse stairs scales moon_tree tiles planet contours pair hexagons skyline",
        "dusk midnight lagoon rose pine clay plum ice deep",
    ),
    "comedy": ("balloons creature tiles pair rays star_burst", "sunflower coral mint peach cobalt bone"),
    "romantic comedy": ("pair balloons windows tiles road", "peach coral rose mint midnight plum"),
    "black comedy": ("tiles corridor stairs keyhole spiral", "bone blood plum sunflower mint"),
    "action": ("rays star_burst skyline road mountains", "sunflower rust cobalt blood dusk honey"),
    "adventure": (
        "mountains planet lighthouse desert scales sun_hills",
        "lagoon pine deep clay rust ice dusk",
    ),
    "thriller": ("corridor spiral keyhole stairs skyline windows", "blood bone deep midnight rust plum"),
    "horror": ("eyes moon_tree corridor keyhole spiral", "blood plum deep honey pine"),
    "musical": ("record equaliser spotlights tiles", "plum coral cobalt rose sunflower"),
    "concert": ("equaliser record spotlights", "midnight plum cobalt rose"),
    "documentary": ("hexagons contours planet scales tiles", "honey pine ice deep clay lagoon"),
    "western": ("desert road mountains", "clay rust sunflower dusk"),
    "science fiction": ("planet equaliser contours skyline", "deep midnight plum dusk"),
    "animation": ("creature balloons planet scales", "coral mint sunflower cobalt lagoon"),
    "family": ("lighthouse creature balloons mountains", "lagoon coral mint sunflower ice"),
    "romance": ("pair windows sun_hills scales", "rose peach dusk midnight"),
    "mystery": ("sun_hills keyhole corridor lighthouse", "dusk deep blood midnight"),
}
OTHER = (
    "sun_hills hexagons planet tiles mountains scales contours",
    "dusk honey deep lagoon plum cobalt pine rose",
)


def edition(slug: str, title: str, genre: str, director: str) -> str:
    """A short word that changes whenever the drawn poster would."""
    return f"{crc32('|'.join((str(DRAWN), slug, title, genre, director)).encode()):08x}"


@lru_cache(maxsize=256)
def draw(slug: str, title: str, genre: str, director: str) -> str:
    """The poster as a standalone SVG of 300 by 450."""
    rnd = Random(crc32(slug.encode()))
    scenes, palettes = TASTE.get(_taste(genre), OTHER)
    scene = SCENES[rnd.choice(scenes.split())]
    palette = PALETTES[rnd.choice(palettes.split())]
    picture = scene.draw(rnd, palette)
    words = letters.title(
        title,
        box=(20, 34, 260, scene.room),
        fill=palette.ink,
        last=palette.spot if scene.accent else "",
        anchor=scene.anchor,
        justify=scene.justify,
    )
    credit = letters.small(
        director.upper(), x=20 + 260 * scene.anchor, y=23, size=11, fill=palette.ink, anchor=scene.anchor
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 450" width="300" height="450">'
        f"{picture}{words.svg}{credit}</svg>"
    )


def _taste(genre: str) -> str:
    """The first taste that the genre's name begins with or contains: “Thriller/Suspense” is a thriller."""
    name = genre.lower()
    if name in TASTE:
        return name
    return next((taste for taste in TASTE if taste in name), "")
