"""The audit's page: found by person, thing, verb and time; before and after side by side; for admins alone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories, people
from tests.web.browsers import browser_of, words_of
from tests.web.factors import set_up_app
from theatre.actions.people import profile, tokens
from theatre.models import AuditEntry, Employee, RowChange, Seat, User
from theatre.queries import audit
from theatre.queries.audit import Wanted

pytestmark = pytest.mark.usefixtures("own_database")
PAGE = "/office/audit/"


@pytest.fixture(scope="module")
def ida(own_database):
    return people.admin(name="Ida Lamp", email="ida@example.org")


@pytest.fixture
def browser(ida):
    return browser_of(ida)


@pytest.fixture(scope="module")
def petra(own_database) -> User:
    """Somebody who changed their name twice and made a token."""
    who = people.moderator(name="Petra Quill", email="petra@example.org")
    by = people.actor_for(who)
    profile.change_profile(by=by, full_name="Petra Reel", phone="030 555 0101", long_holds=False)
    tokens.create_token(by=by, name="door")
    return who


def test_only_admins_with_their_second_factor_come_in(ida):
    assert browser_of().get(PAGE).status_code == 302
    for other in (people.customer(), people.salesman(), people.moderator()):
        assert browser_of(other).get(PAGE).status_code == 403
    assert browser_of(ida, second_factor=False).get(PAGE).url.startswith(reverse("second_factor"))
    assert browser_of(ida).get(PAGE).status_code == 200


def test_deed_says_who_what_when_from_where_and_both_sides(browser, petra):
    AuditEntry.objects.create(
        actor=petra, verb="change_pay", on_type="employee", on_id="7", address="192.0.2.44", reason="Six years here",
        request_id="feedbeef", details={"from": "2400.000"},
    )  # fmt: skip

    page = words_of(browser.get(PAGE, {"who": "petra@example.org"}))

    assert "Petra Reel moderator change pay employee 7" in page
    assert "from 192.0.2.44 · request feedbeef" in page and "Reason: Six years here" in page
    assert "from 2400.000" in page
    assert "change profile user Petra Reel" in page
    assert "Column Before After full name Petra Quill Petra Reel phone – 030 555 0101" in page
    assert "create token token" in page and "digest not shown" in page.replace(
        "digest not shown", "digest not shown"
    )


def test_person_is_found_by_a_part_of_the_name_too(browser, petra):
    assert "create token" in words_of(browser.get(PAGE, {"who": "reel"}))
    assert "Nothing fits that" in words_of(browser.get(PAGE, {"who": "nobody@example.org"}))
    assert "Nothing fits that" in words_of(browser.get(PAGE, {"who": "%"}))


def test_thing_is_found_by_reference_number_and_person(browser, petra):
    booking = factories.booked(by=people.salesman())
    factories.cancel_booking(by=people.actor_for(people.admin()), ref=booking.ref, reason="Projector broke")

    found = words_of(browser.get(PAGE, {"about": f"{booking.ref[:4].lower()} {booking.ref[4:].lower()}"}))
    assert "cancel booking" in found and "confirm booking" in found and "hold booking" in found
    assert "state confirmed cancelled" in found
    assert "Petra" not in found
    movie = booking.show.movie
    movie.title = "Another Title"
    movie.save(update_fields=["title"])
    assert "Another Title" in words_of(browser.get(PAGE, {"about": f"movie {movie.pk}"}))
    assert "Petra Quill" in words_of(browser.get(PAGE, {"about": "petra@example.org"}))


def test_filters_are_joined_by_and(browser, petra):
    both = {"who": "petra@example.org", "verb": "create_token"}
    page = words_of(browser.get(PAGE, both))
    assert "create token token" in page and "change profile user" not in page
    about = words_of(browser.get(PAGE, {**both, "about": "petra@example.org"}))
    assert "create token token" in about and "change profile user" not in about
    assert "Nothing fits that" in words_of(browser.get(PAGE, {**both, "who": "ida@example.org"}))


def test_days_are_the_theatres_and_both_counted_in(browser, petra):
    today = datetime.now(audit.ZONE).date()
    assert "create token" in words_of(browser.get(PAGE, {"since": today, "until": today, "who": "petra"}))
    yesterday = today - timedelta(days=1)
    assert "Nothing fits that" in words_of(browser.get(PAGE, {"until": yesterday, "who": "petra"}))
    assert "Nothing fits that" in words_of(browser.get(PAGE, {"since": today + timedelta(days=1)}))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "soon"}, "Enter a day like 2026-03-01"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "This day is before the first one"),
        ({"since": "0001-01-01"}, "Enter a day like 2026-03-01"),
        ({"verb": "dance"}, "Nobody has done that"),
        ({"who": "x" * 300}, "Use 254 characters or fewer"),
    ],
)
def test_what_cannot_be_searched_for_is_said_beside_its_field(browser, asked, said):
    response = browser.get(PAGE, asked)

    assert response.status_code == 422
    assert said in words_of(response)


@pytest.mark.parametrize("before", ["", "x", "-1", "0", "9" * 18, "9" * 40, "１２"])
def test_made_up_place_to_go_on_from_is_harmless(browser, petra, before):
    assert browser.get(PAGE, {"before": before}).status_code == 200


def test_pages_go_back_in_time_and_leave_nothing_out(ida, petra):
    for number in range(60):
        AuditEntry.objects.create(
            actor=ida, verb="look", on_type="thing", on_id=str(number), deed=10**15 + number
        )

    seen: list[int] = []
    before = None
    while True:
        page, before = audit.deeds(Wanted(verb="look"), before)
        seen += [deed.number for deed in page]
        if before is None:
            break

    assert seen == [10**15 + number for number in reversed(range(60))]
    everything: list[int] = []
    before = None
    while True:
        page, before = audit.deeds(Wanted(), before)
        everything += [deed.number for deed in page]
        if before is None:
            break
    known = set(AuditEntry.objects.values_list("deed", flat=True)) | set(
        RowChange.objects.values_list("deed", flat=True)
    )
    assert everything == sorted(known, reverse=True)


def test_page_leads_to_the_older_ones_and_keeps_the_search(browser, ida):
    for number in range(30):
        AuditEntry.objects.create(
            actor=ida, verb="glance", on_type="thing", on_id=str(number), deed=10**14 + number
        )

    first = browser.get(PAGE, {"verb": "glance"})
    older = f"{PAGE}?verb=glance&amp;before={10**14 + 5}"
    assert f'href="{older}"' in first.content.decode()
    second = browser.get(older.replace("&amp;", "&"))
    assert words_of(second).count("glance thing") == 5
    assert f'href="{PAGE}?verb=glance"' in second.content.decode()


def test_change_that_nobody_noted_says_who_was_connected(browser):
    who = people.salesman(name="Quiet Change")
    Employee.objects.filter(user=who).update(base_salary=9999)

    page = words_of(browser.get(PAGE, {"about": "Quiet Change"}))

    assert "Nobody said who" in page and "written by the database’s" in page
    assert "base salary 2400.000 9999.000" in page


def test_what_allauth_writes_by_itself_is_its_pressers(browser):
    who = people.moderator(name="Otto Factor")
    mine = Client(REMOTE_ADDR="192.0.2.77")
    assert (
        mine.post(reverse("account_login"), {"login": who.email, "password": people.PASSWORD}).status_code
        == 302
    )

    set_up_app(mine)

    change = RowChange.objects.filter(on_type="authenticator", person=who.pk).earliest("pk")
    assert (change.actor, change.address) == (who.pk, "192.0.2.77")
    page = words_of(browser.get(PAGE, {"who": "Otto Factor", "about": "Otto Factor"}))
    assert "Otto Factor moderator" in page and "data not shown" in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('theatre.said', true), '')")
        assert cursor.fetchone() == ("",)  # nothing is left on the connection


def test_what_people_typed_is_text(browser):
    who = people.customer(name="<script>alert(1)</script>")
    AuditEntry.objects.create(
        actor=who, verb="shout", on_type="<b>", on_id="'\"><img>", reason="<i>", details={"<u>": "<s>"}
    )

    page = browser.get(PAGE, {"verb": "shout"}).content.decode()

    assert page.count("<script>alert") == page.count("<img>") == page.count("<u>") == page.count("<s>") == 0
    assert "&lt;script&gt;alert(1)" in page


def test_large_deed_shows_its_first_rows_and_counts_the_others(browser):
    screen = factories.screen()
    count = Seat.objects.filter(plan__screen=screen).update(restricted_view=True)

    page = words_of(browser.get(PAGE))

    assert count > audit.MOST_CHANGES
    assert f"and {count - audit.MOST_CHANGES} more rows" in page


@pytest.mark.parametrize("asked", [{}, {"who": "petra"}, {"about": "petra"}, {"verb": "change_profile"}])
def test_queries_do_not_grow_with_what_is_shown(browser, petra, asked):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(PAGE, asked).status_code == 200
        return len(captured)

    queries()
    before = queries()
    by = people.actor_for(petra)
    for number in range(5):
        profile.change_profile(by=by, full_name=f"Petra {number} Reel", phone="", long_holds=False)
        factories.booked()

    assert queries() == before
    assert before <= 7


def test_time_of_a_deed_is_its_transactions_in_the_theatres_zone(browser, petra):
    [latest], _ = audit.deeds(Wanted(verb="create_token", who="petra@example.org"))

    assert abs((latest.at - AuditEntry.objects.get(deed=latest.number).at).total_seconds()) < 1
    assert latest.at < datetime.now(UTC)
    page = words_of(browser.get(PAGE, {"verb": "create_token", "who": "petra@example.org"}))
    assert f"{latest.at.astimezone(audit.ZONE):%H:%M:%S}" in page
