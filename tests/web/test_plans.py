"""A screen's seat plan in the office: the text, its preview, its versions, and which of them new shows take."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, hidden, words_of
from theatre.models import Screen, SeatPlan
from theatre.queries import screens as seeing
from theatre.queries.seatmap import plan_of
from theatre.rules.plans import text_of
from theatre.rules.seating import row_letter

pytestmark = pytest.mark.django_db

SMALL = "A: SSSS\nB: WC_PP"


@pytest.fixture
def office() -> Client:
    return browser_of(people.admin())


@pytest.fixture
def empty() -> Screen:
    return Screen.objects.create(name="Screen 9, the Attic", number=30_009, cleaning_minutes=15)


def save(office: Client, on: Screen, text: str = SMALL, **more):
    address = reverse("screen_plan", args=[on.pk])
    newest = re.search(r'name="newest"(?: value="(\d*)")?', office.get(address).content.decode())[1] or ""
    return office.post(address, {"text": text, "newest": newest, **more})


def texts(on: Screen) -> list[str]:
    versions = SeatPlan.objects.filter(screen=on).order_by("-version").values_list("pk", flat=True)
    return [text_of(plan_of(version).seats) for version in versions]


def typed_in(page) -> str:
    """What stands in the text's field."""
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page.content.decode(), re.S)
    return html.unescape(found[1])


# Saving ---------------------------------------------------------------------------------------------------------


def test_a_screen_without_seats_begins_with_an_example(office, empty):
    page = office.get(reverse("screen_plan", args=[empty.pk]))

    assert typed_in(page) == "A: SSSS_SSSS\nB: SSSS_SSSS\nC: WCSS_SSCW"
    assert "This will be version 1." in words_of(page)
    assert "data-editor hidden" in page.content.decode()


def test_a_plan_is_saved_replaced_while_no_show_uses_it_and_then_followed(office, empty):
    save(office, empty)
    page = save(office, empty, "A: SSS")
    assert texts(empty) == ["A: SSS"]
    factories.show(on=empty)

    again = office.get(reverse("screen_plan", args=[empty.pk]))
    save(office, empty, "A: SS")
    same = office.post(page.url, {"text": "x"}).status_code

    assert "1 show uses version 1, so it stays as it is: saving makes a new version." in words_of(again)
    assert texts(empty) == ["A: SS", "A: SSS"]
    assert same == 405


def test_the_same_seats_are_no_new_version(office, empty):
    save(office, empty)

    page = office.get(save(office, empty, " a:ssss\nb: w c _pp\n\n").url)

    assert "Nothing was changed: version 1" in words_of(page)
    assert len(texts(empty)) == 1


def test_who_saves_second_is_told_keeps_their_text_and_saves_after_the_other(office, empty):
    address = reverse("screen_plan", args=[empty.pk])
    save(office, empty, "A: SSSS")

    late = office.post(address, {"text": "A: PP_PP", "newest": ""})
    assert late.status_code == 422
    assert "Somebody saved another plan of this screen while you were at work" in words_of(late)
    assert typed_in(late) == "A: PP_PP"
    given = {name: hidden(late, name) for name in ("newest", "after")}
    done = office.post(address, {"text": typed_in(late), **given})

    assert done.status_code == 302
    assert texts(empty) == ["A: PP_PP", "A: SSSS"]


FIVE_THOUSAND = "\n".join(f"{row_letter(index)}: {'S' * 50}" for index in range(100))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This plan has no seats yet. Write a row, like A: SSSS_SSSS"),
        ("  \n__\n", "This plan has no seats yet"),
        (
            "A: SS\nA: SS",
            "Line 2, column 4: Seat A 1 is on line 1 already. Give this row another letter or number",
        ),
        ("A: SS_C", "Companion seat A 3 has no wheelchair space. Put a W beside it"),
        ("I: SS", "Rows have no I and no O, for they look like 1 and 0. Rename row I"),
        ("A: SS🎬", "We don’t know “🎬”"),
        ("A: SSÄ", "We don’t know “Ä”"),
        ("A: <script>alert(1)</script>", "We don’t know “<”"),
        ("SSSS", "This line doesn’t begin with a row"),
        ("A 99999: S", "This line doesn’t begin with a row"),
        ("A 999: SS", "Seats are numbered from 1 to 999"),
        ("A: " + "S" * 5000, "5,000 seats are too many. A plan has 1,000 at most"),
        (FIVE_THOUSAND, "100 lines are too many. A plan has 60 at most"),
        ("A: " + "S" * 30_000, "about 30,000 seats. A plan has 1,000 at most"),
        ("A: S" + " " * 200_000, "That is far more than a plan. Write one line a row"),
        ("A: S\x00S", "Leave out the characters nobody can type"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_what_is_no_plan_is_said_and_stays_as_it_was_typed(office, empty, text, sentence):
    page = save(office, empty, text)

    assert page.status_code == 422
    assert sentence in words_of(page)
    assert typed_in(page).split() == text.split()
    assert "<script>alert" not in page.content.decode()
    assert texts(empty) == []


@pytest.mark.parametrize("newest", ["x", "-1", "0", "9" * 30, str(2**62)])
def test_a_made_up_beginning_saves_nothing_over_anybodys_plan(office, empty, newest):
    save(office, empty)

    page = office.post(reverse("screen_plan", args=[empty.pk]), {"text": "A: S", "newest": newest})

    assert page.status_code == 422
    assert texts(empty) == [text_of(plan_of(empty.plans.get().pk).seats)]
    assert typed_in(page) == "A: S"


def test_the_most_seats_a_plan_may_have_are_saved_and_drawn(office, empty):
    text = "\n".join(f"{row_letter(index)}: {'S' * 50}" for index in range(20))

    page = office.get(reverse("plan_version", args=[empty.pk, _saved(office, empty, text)]))

    assert page.content.decode().count('type="checkbox"') == 1000
    assert "Seats 1000 For sale 1000" in words_of(page)


def _saved(office: Client, on: Screen, text: str = SMALL) -> int:
    assert save(office, on, text).status_code == 302
    return on.plans.latest("version").pk


# Looking before it is saved -------------------------------------------------------------------------------------


def test_the_preview_counts_and_draws_and_saves_nothing(office, empty):
    whole = save(office, empty, "A: SSrShSb\nB: WC_PP", preview="1")
    part = save(office, empty, "A: SSrShSb\nB: WC_PP", preview="1", fragment="1")

    for page in (whole, part):
        assert page.status_code == 200
        assert (
            "Seats 8 For sale 7 Standard 4 Premium 2 Wheelchair space 1 Companion seat 1 Restricted view 1"
            " House seats, sold by staff alone 1 Broken, not sold 1"
        ) in words_of(page)
        assert page.content.decode().count('aria-label="Row B seat 4, Premium, available. Aisle seat"') == 1
    assert "<html" not in part.content.decode()
    assert typed_in(whole) == "A: SSrShSb\nB: WC_PP"
    assert texts(empty) == []


def test_the_preview_says_every_problem_at_its_place(office, empty):
    part = save(office, empty, "A: SX\nB: SC", preview="1", fragment="1")

    assert "Line 1, column 5: We don’t know “X”" in words_of(part)
    assert "Line 2, column 5: Companion seat B 2 has no wheelchair space" in words_of(part)
    far = save(office, empty, "A: S" + " " * 200_000, preview="1", fragment="1")
    assert "That is far more than a plan. Write one line a row" in words_of(far)
    assert "<html" not in far.content.decode()


# Versions -------------------------------------------------------------------------------------------------------


def test_a_version_shows_its_map_its_text_and_how_it_is_used(office):
    show = factories.show()
    plan = show.plan

    page = office.get(reverse("plan_version", args=[show.screen_id, plan.pk]))

    assert "1 show uses it, 1 to come. It stays as it is." in words_of(page)
    assert text_of(plan_of(plan.pk).seats).splitlines()[0] in words_of(page)
    begun = office.get(reverse("screen_plan", args=[show.screen_id]), {"from": plan.pk})
    assert typed_in(begun) == text_of(plan_of(plan.pk).seats)


def test_new_shows_take_the_version_that_is_chosen_or_the_newest(office, empty):
    first = _saved(office, empty)
    factories.show(on=empty)
    second = _saved(office, empty, "A: SS")
    address = reverse("plan_choose", args=[empty.pk])

    chosen = office.post(address, {"plan": first}, follow=True)
    assert "New shows take version 1" in words_of(chosen)
    assert seeing.plan_for_new_shows(empty.pk) == first
    newest = office.post(address, {}, follow=True)

    assert "New shows take the newest version" in words_of(newest)
    assert seeing.plan_for_new_shows(empty.pk) == second


@pytest.mark.parametrize("which", ["another screen's", "none's", "huge"])
def test_a_plan_of_another_screen_is_not_found_here(office, empty, which):
    _saved(office, empty)
    other = factories.screen()
    plan = {"another screen's": factories.plan_of(other).pk, "none's": 2**40, "huge": 10**30}[which]

    assert office.get(f"/office/screens/{empty.pk}/plans/{plan}/").status_code == 404
    if which != "huge":
        assert office.post(reverse("plan_choose", args=[empty.pk]), {"plan": plan}).status_code == 404
    assert Screen.objects.get(pk=empty.pk).chosen_plan is None
    begun = office.get(reverse("screen_plan", args=[empty.pk]), {"from": plan})
    assert typed_in(begun) == SMALL
