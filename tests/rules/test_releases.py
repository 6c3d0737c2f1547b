"""Where a movie may go from where it is, and which links to trailers are kept."""

import pytest

from theatre.rules import releases
from theatre.rules.releases import NoSuchStep, NotReadyToShow, ShowsToCome, State, TrailerUnknown


def step(before: str, after: str, *, minutes: int | None = 100, shows: int = 0) -> None:
    releases.check_step("Glass Harbour", before, after, minutes=minutes, shows_to_come=shows)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_only_the_steps_of_the_table_are_taken(before, after):
    if any((before, after) == (a, b) for a, b, _deed in releases.STEPS):
        step(before, after)
    else:
        with pytest.raises(NoSuchStep):
            step(before, after)


def test_showing_needs_minutes_and_announcing_does_not():
    step("draft", "coming_soon", minutes=None)

    with pytest.raises(NotReadyToShow) as refused:
        step("coming_soon", "showing", minutes=None)
    assert refused.value.field == "minutes"


def test_a_movie_that_people_can_still_see_is_not_retired():
    with pytest.raises(ShowsToCome) as refused:
        step("showing", "retired", shows=3)

    assert "has 3 shows to come" in refused.value.sentence
    step("retired", "showing", shows=3)


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("", ""),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3s&si=follow-me", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?si=follow-me", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://m.youtube.com/embed/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://vimeo.com/123456789", "https://vimeo.com/123456789"),
        ("https://player.vimeo.com/video/123456789?h=1", "https://vimeo.com/123456789"),
    ],
)  # fmt: skip
def test_a_known_link_is_kept_in_its_plainest_form(link, kept):
    assert releases.trailer(link) == kept


@pytest.mark.parametrize(
    "link",
    [
        "http://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=",
        "https://www.youtube.com/watch?v=../../x",
        "https://youtube.com.example.org/watch?v=dQw4w9WgXcQ",
        "https://user@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ",
        "https://[oops/watch?v=dQw4w9WgXcQ",
        "javascript:alert(1)//youtube.com/watch?v=dQw4w9WgXcQ",
        "https://vimeo.com/channels/staffpicks",
        "trailer",
    ],
)
def test_any_other_link_meets_a_sentence(link):
    with pytest.raises(TrailerUnknown) as refused:
        releases.trailer(link)

    assert refused.value.field == "trailer"
