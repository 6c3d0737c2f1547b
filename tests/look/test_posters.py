"""Posters drawn from a title and a genre."""

from xml.etree import ElementTree

import pytest

from theatre.web.browse import posters
from theatre.web.browse.posters import letters
from theatre.web.browse.posters.scenes import SCENES

TITLES = [
    "Up",
    "9",
    "The Assassination of Jesse James by the Coward Robert Ford",
    "Précis & Ünïcode <b>",
    "চলচ্চিত্র",
    "فيلم قصير",
    "🎬 Roll",
    "Supercalifragilisticexpialidocious",
    "",
    "%s {0} \\",
]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("genre", ["Drama", "Thriller/Suspense", "Unheard of", ""])
def test_every_title_makes_a_well_formed_picture(title, genre):
    picture = posters.draw("some-slug", title, genre, "Ada <Lumen>")

    root = ElementTree.fromstring(picture)  # noqa: S314 - our own
    assert root.attrib["viewBox"] == "0 0 300 450"
    assert "style=" not in picture


def test_same_movie_keeps_its_poster():
    assert posters.draw("kilo", "Kilo", "Action", "") == posters.draw.__wrapped__(
        "kilo", "Kilo", "Action", ""
    )
    assert posters.edition("kilo", "Kilo", "Action", "") != posters.edition("kilo", "Kilo", "Drama", "")


def test_tastes_name_scenes_and_palettes_that_exist():
    for scenes, palettes in [*posters.TASTE.values(), posters.OTHER]:
        assert set(scenes.split()) <= set(SCENES)
        assert set(palettes.split()) <= set(posters.PALETTES)


def test_title_stays_in_its_box():
    for title in TITLES:
        block = letters.title(title, box=(20, 34, 260, 110), fill="#000")

        assert block.height <= 110.5


def test_lines_break_where_the_longest_is_shortest():
    words = "THE LORD OF THE RINGS".split()

    assert letters.break_lines(words, 2, 100) == ["THE LORD OF", "THE RINGS"]
