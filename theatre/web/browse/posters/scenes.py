"""The pictures under the titles of drawn posters: each a few shapes, cut from a seed and a palette.

A scene draws on a sheet of 300 by 450 units and leaves its upper part to the title. `Random` is
seeded by the movie's slug, so a movie keeps its poster.
"""

from theatre.web.browse.posters import nature, signs, town
from theatre.web.browse.posters.shapes import Scene

SCENES: dict[str, Scene] = {
    "sun_hills": Scene(nature.sun_hills, room=116),
    "rays": Scene(signs.rays, room=150, anchor=0.5, justify=True),
    "corridor": Scene(town.corridor, room=126, accent=True),
    "windows": Scene(town.windows, room=112),
    "lighthouse": Scene(nature.lighthouse, room=96),
    "hexagons": Scene(signs.hexagons, room=108, anchor=0.5),
    "planet": Scene(nature.planet, room=128, anchor=0.5),
    "mountains": Scene(nature.mountains, room=126, anchor=0.5),
    "spiral": Scene(signs.spiral, room=88, accent=True),
    "eyes": Scene(signs.eyes, room=150, anchor=0.5, justify=True),
    "moon_tree": Scene(nature.moon_tree, room=116, anchor=0.5),
    "balloons": Scene(nature.balloons, room=150, anchor=0.5),
    "creature": Scene(signs.creature, room=120, anchor=0.5),
    "pair": Scene(signs.pair, room=150),
    "record": Scene(signs.record, room=140, justify=True),
    "equaliser": Scene(signs.equaliser, room=130),
    "spotlights": Scene(town.spotlights, room=116, anchor=0.5),
    "contours": Scene(nature.contours, room=92),
    "desert": Scene(nature.desert, room=138, anchor=0.5, justify=True),
    "road": Scene(town.road, room=150),
    "tiles": Scene(town.tiles, room=106, justify=True),
    "skyline": Scene(town.skyline, room=130),
    "keyhole": Scene(town.keyhole, room=130, anchor=0.5),
    "scales": Scene(town.scales, room=98),
    "star_burst": Scene(signs.star_burst, room=100, anchor=0.5, justify=True),
    "stairs": Scene(town.stairs, room=126, accent=True),
}
