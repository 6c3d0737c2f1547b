"""Shows planned, changed, placed elsewhere, copied, put on sale, played and deleted; and the counter's last seats."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories, people
from tests.actions.said import refusal
from theatre.access import Actor, NotAllowed
from theatre.actions.booking import hold, keep
from theatre.actions.booking._once import once
from theatre.actions.shows import change, copy, plan, played
from theatre.models import (
    AuditEntry,
    Movie,
    PriceCard,
    PriceCardDaypart,
    RowChange,
    SeatClaim,
    SeatOutOfService,
    Show,
)
from theatre.queries import copying

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def by() -> Actor:
    return people.actor_for(people.moderator())


@pytest.fixture
def default_card() -> PriceCard:
    card = factories.price_card(name="Usual")
    PriceCard.objects.filter(pk=card.pk).update(is_default=True)
    return card


def evening(days: int = 3, hour: int = 20, minute: int = 15) -> datetime:
    """A wall time of the theatre in so many days, as a moment."""
    today = datetime.now(BERLIN).date()
    return datetime.combine(today + timedelta(days=days), time(hour, minute), BERLIN).astimezone(UTC)


def movie(**wanted) -> Movie:
    """One that may end at any hour."""
    return factories.movie(**{"certificate": "12", **wanted})


def planned(by: Actor, **wanted) -> Show:
    given = {"starts_at": evening(), **wanted}
    given.setdefault("movie_id", movie().pk)
    given.setdefault("screen_id", factories.screen().pk)
    return Show.objects.get(pk=plan.plan_show(by=by, **given))


# Planning -------------------------------------------------------------------------------------------------


def test_a_show_takes_its_screens_plan_its_movies_length_and_the_card_of_its_time(by, default_card):
    late = factories.price_card(name="Late")
    PriceCardDaypart.objects.create(card=late, weekdays=list(range(7)), begins=time(20))
    film, on = movie(minutes=100), factories.screen()

    night = planned(
        by, movie_id=film.pk, screen_id=on.pk, formats=["subtitled"], on_sale=True, counter_seats=6
    )
    noon = planned(by, movie_id=film.pk, screen_id=on.pk, starts_at=evening(hour=12))

    assert (night.plan, night.card, noon.card) == (factories.plan_of(on), late, default_card)
    assert night.ends_at == night.starts_at + 115 * MINUTE
    assert night.clean_at == night.ends_at + 20 * MINUTE
    assert (night.formats, night.state, noon.state, night.counter_seats) == (
        ["subtitled"],
        "on_sale",
        "planned",
        6,
    )
    note = AuditEntry.objects.get(verb="plan_show", on_id=str(night.pk))
    assert note.actor_id == by.user_id
    assert RowChange.objects.filter(on_type="show", on_id=str(night.pk), change="made").exists()


@pytest.mark.parametrize("make", [people.customer, people.salesman])
def test_planning_is_for_moderators_and_admins(make, default_card):
    actor = people.actor_for(make())

    for deed in (
        lambda: planned(actor),
        lambda: plan.put_on_sale(by=actor, show_ids=[1]),
        lambda: plan.delete_show(by=actor, show_id=1),
        lambda: change.place_show(by=actor, show_id=1, screen_id=1, starts_at=evening()),
        lambda: copy.copy_shows(
            by=actor, first=date(2026, 1, 1), days=1, to=date(2026, 1, 2), on_sale=False, seen=""
        ),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_what_cannot_be_planned_says_why(by, default_card):
    film, on = movie(minutes=100), factories.screen(name="Screen 2")
    planned(by, movie_id=film.pk, screen_id=on.pk, starts_at=evening(hour=20, minute=15))
    closed, bare = factories.screen(), factories.screen()
    closed.active = False
    closed.save(update_fields=["active"])
    bare.plans.get().seats.all().delete()
    bare.plans.all().delete()

    def code(**wanted) -> tuple[str, str | None]:
        said = refusal(lambda: planned(by, **{"movie_id": film.pk, "screen_id": on.pk, **wanted}))
        return said.code, said.field

    assert code(starts_at=evening(hour=22, minute=29)) == ("screen_busy", "starts_at")
    assert code(starts_at=datetime.now(UTC) - MINUTE) == ("in_the_past", "starts_at")
    assert code(starts_at=datetime.now(UTC) + timedelta(days=900)) == ("too_far_ahead", "starts_at")
    assert code(screen_id=closed.pk) == ("screen_not_in_use", "screen")
    assert code(screen_id=bare.pk) == ("screen_not_in_use", "screen")
    assert code(screen_id=10**12) == ("screen_not_in_use", "screen")
    assert code(movie_id=10**12) == ("no_such_movie", "movie")
    assert code(movie_id=movie(minutes=None).pk) == ("movie_has_no_length", "movie")
    assert code(movie_id=movie(state="retired").pk) == ("movie_not_shown", "movie")
    assert code(movie_id=movie(state="draft").pk, on_sale=True) == ("movie_not_shown", "movie")
    assert code(starts_at=evening(4), card_id=10**12) == ("card_not_in_use", "card")
    assert code(starts_at=evening(4), counter_seats=100) == ("too_many_for_the_counter", "counter_seats")
    assert code(starts_at=evening(4), on_sale_from=evening(5)) == ("window_upside_down", "on_sale_from")
    assert Show.objects.count() == 1


def test_a_clash_is_said_in_words_with_the_next_free_time(by, default_card):
    film, on = movie(minutes=100), factories.screen(name="Screen 2")
    planned(by, movie_id=film.pk, screen_id=on.pk, starts_at=evening(hour=18, minute=0))
    planned(by, movie_id=film.pk, screen_id=on.pk, starts_at=evening(hour=20, minute=30))

    said = refusal(
        lambda: planned(by, movie_id=film.pk, screen_id=on.pk, starts_at=evening(hour=17, minute=30))
    )

    assert said.sentence == "Screen 2 is busy until 19:55. The earliest start is 22:45"
    planned(by, movie_id=film.pk, screen_id=on.pk, starts_at=evening(hour=22, minute=45))  # past midnight


def test_without_a_card_for_the_time_one_has_to_be_chosen(by):
    card = factories.price_card()

    assert refusal(lambda: planned(by)).code == "no_card_for_that_time"
    assert planned(by, card_id=card.pk).card == card


def test_a_late_show_for_children_is_asked_about_once(by, default_card):
    film, on = movie(minutes=100, certificate="PG"), factories.screen()

    said = refusal(
        lambda: planned(by, movie_id=film.pk, screen_id=on.pk, starts_at=evening(hour=20, minute=6))
    )
    meant = planned(
        by, movie_id=film.pk, screen_id=on.pk, starts_at=evening(hour=20, minute=6), knowing_late=True
    )
    moved = change.place_show(by=by, show_id=meant.pk, screen_id=on.pk, starts_at=meant.starts_at)

    assert (said.code, said.field) == ("late_for_children", "starts_at")
    assert said.sentence.startswith("This show ends at 22:01, and the certificate PG brings children.")
    assert moved is False
    assert planned(by, movie_id=film.pk, starts_at=evening(hour=20, minute=5)).state == "planned"


def test_the_same_form_twice_makes_one_show(by, default_card):
    film, on = movie(), factories.screen()
    key = once(f"user:{by.user_id}", "plan_show", "a", None)

    ids = [
        plan.plan_show(by=by, movie_id=film.pk, screen_id=on.pk, starts_at=evening(), once=key)
        for _ in range(3)
    ]

    assert ids == [Show.objects.get().pk] * 3


def test_seats_out_of_service_are_kept_from_a_new_show_and_follow_the_screen(by, default_card):
    on, other = factories.screen(), factories.screen()
    SeatOutOfService.objects.create(screen=on, row="A", number=1, until=evening(30), reason="Broken arm")

    made = planned(by, screen_id=on.pk)
    assert [claim.state for claim in SeatClaim.objects.filter(show=made)] == ["blocked"]
    change.place_show(by=by, show_id=made.pk, screen_id=other.pk, starts_at=made.starts_at)

    assert not SeatClaim.objects.filter(show=made).exists()
    assert Show.objects.get().plan == factories.plan_of(other)


# Changing -------------------------------------------------------------------------------------------------


def row_of(show: Show) -> Any:
    return Show.objects.filter(pk=show.pk).values().get()


def test_a_show_nobody_has_seats_of_goes_anywhere(by, default_card):
    other, longer = factories.screen(), movie(minutes=140)
    show = planned(by)

    moved = change.place_show(
        by=by, show_id=show.pk, screen_id=other.pk, starts_at=evening(4, 17, 5), movie_id=longer.pk
    )

    show.refresh_from_db()
    assert moved
    assert (show.screen, show.movie, show.starts_at) == (other, longer, evening(4, 17, 5))
    assert (show.ends_at - show.starts_at, show.clean_at - show.ends_at) == (155 * MINUTE, 20 * MINUTE)


def test_a_show_moves_past_its_own_old_place(by, default_card):
    show = planned(by)

    assert change.place_show(
        by=by, show_id=show.pk, screen_id=show.screen_id, starts_at=show.starts_at + 5 * MINUTE
    )


@pytest.mark.parametrize("how", ["held", "lapsed", "booked", "cancelled"])
def test_a_show_that_somebody_had_seats_of_stays_where_it_is(by, how):
    show = factories.show(in_hours=30)
    if how in ("held", "lapsed"):
        booking = factories.held(of=show)
        if how == "lapsed":
            factories.lapse(booking)
            keep.lapse_holds()
    else:
        getattr(factories, how)(of=show)
    before = row_of(show)

    for deed in (
        lambda: change.place_show(
            by=by, show_id=show.pk, screen_id=show.screen_id, starts_at=show.starts_at + 5 * MINUTE
        ),
        lambda: plan.delete_show(by=by, show_id=show.pk),
    ):
        assert refusal(deed).code == "show_is_touched"
    assert row_of(show) == before


@pytest.mark.parametrize(("state", "hours"), [("cancelled", 30), ("on_sale", -1), ("played", -30)])
def test_a_show_that_is_past_changing_stays_as_it_is(by, state, hours):
    show = factories.show(in_hours=hours, state=state)
    before = row_of(show)

    place = refusal(
        lambda: change.place_show(by=by, show_id=show.pk, screen_id=show.screen_id, starts_at=evening())
    )
    sale = refusal(lambda: changed_sale(by, show, counter_seats=5))

    assert (place.code, sale.code) == ("show_cannot", "show_cannot")
    assert row_of(show) == before


def changed_sale(by: Actor, show: Show, **wanted) -> bool:
    known = {
        "formats": show.formats, "card_id": show.card_id, "on_sale_from": show.on_sale_from,
        "on_sale_until": show.on_sale_until, "counter_seats": show.counter_seats,
    }  # fmt: skip
    return change.change_sale(by=by, show_id=show.pk, **{**known, **wanted})


def test_how_a_show_is_sold_changes_also_when_it_is_booked_and_tickets_keep_their_price(by):
    show = factories.show(in_hours=30)
    booking = factories.booked(of=show)
    prices = list(booking.tickets.values_list("list_price", flat=True))
    dearer = factories.price_card({"standard": 20})

    assert changed_sale(
        by, show, card_id=dearer.pk, formats=["3d"], counter_seats=4, on_sale_until=show.starts_at
    )

    show.refresh_from_db()
    assert (show.card, show.formats, show.counter_seats) == (dearer, ["3d"], 4)
    assert list(booking.tickets.values_list("list_price", flat=True)) == prices


def test_saving_unchanged_ten_times_writes_nothing(by, default_card):
    show = planned(by, formats=["3d"], on_sale_from=evening(1), on_sale_until=evening(2), counter_seats=3)
    before, notes, rows = row_of(show), AuditEntry.objects.count(), RowChange.objects.count()

    for _ in range(10):
        assert not changed_sale(by, show)
        assert not change.place_show(
            by=by, show_id=show.pk, screen_id=show.screen_id, starts_at=show.starts_at, movie_id=show.movie_id
        )

    assert (row_of(show), AuditEntry.objects.count(), RowChange.objects.count()) == (before, notes, rows)


def test_what_is_not_there_is_said(by):
    for deed in (
        lambda: change.place_show(by=by, show_id=10**12, screen_id=1, starts_at=evening()),
        lambda: plan.delete_show(by=by, show_id=10**12),
        lambda: change.change_sale(
            by=by,
            show_id=10**12,
            formats=[],
            card_id=1,
            on_sale_from=None,
            on_sale_until=None,
            counter_seats=0,
        ),
    ):
        assert refusal(deed).code == "no_such_show"


# On sale, deleted, played ---------------------------------------------------------------------------------


def test_planned_shows_go_on_sale_all_or_none(by, default_card):
    shows = [planned(by) for _ in range(3)]
    draft = planned(by, movie_id=movie(state="draft").pk)

    assert (
        refusal(lambda: plan.put_on_sale(by=by, show_ids=[show.pk for show in [*shows, draft]])).code
        == "movie_not_shown"
    )
    assert set(Show.objects.values_list("state", flat=True)) == {"planned"}
    assert plan.put_on_sale(by=by, show_ids=[show.pk for show in shows]) == 3
    assert plan.put_on_sale(by=by, show_ids=[show.pk for show in shows]) == 0
    assert AuditEntry.objects.filter(verb="put_on_sale").count() == 3


def test_a_show_that_has_begun_is_not_put_on_sale(by):
    show = factories.show(in_hours=-1, state="planned")

    assert refusal(lambda: plan.put_on_sale(by=by, show_ids=[show.pk])).code == "show_cannot"


def test_a_show_nobody_ever_had_seats_of_is_deleted(by, default_card):
    on = factories.screen()
    SeatOutOfService.objects.create(screen=on, row="A", number=1, until=evening(30), reason="Broken arm")
    show = planned(by, screen_id=on.pk)

    plan.delete_show(by=by, show_id=show.pk)

    assert not Show.objects.exists()
    assert not SeatClaim.objects.exists()
    assert RowChange.objects.filter(on_type="show", on_id=str(show.pk), change="removed").exists()


def test_shows_whose_end_has_passed_are_played():
    over, running, later = (factories.show(in_hours=hours) for hours in (-3, -1, 5))
    never, off = (factories.show(in_hours=-3, state=state) for state in ("planned", "cancelled"))

    assert played.mark_played() == 1
    assert played.mark_played() == 0

    states = [Show.objects.get(pk=show.pk).state for show in (over, running, later, never, off)]
    assert states == ["played", "on_sale", "on_sale", "planned", "cancelled"]


# Copying --------------------------------------------------------------------------------------------------


def week_ahead() -> date:
    return (datetime.now(BERLIN) + timedelta(days=3)).date()


def preview(first: date, to: date, days: int = 1, on_sale: bool = False) -> copying.Preview:
    return copying.preview(first, days, to, on_sale=on_sale, now=datetime.now(UTC))


def copied(by: Actor, first: date, to: date, **wanted) -> int:
    asked = {"days": 1, "on_sale": False, "seen": preview(first, to).mark, **wanted}
    return copy.copy_shows(by=by, first=first, to=to, **asked)


def test_a_day_is_copied_with_all_that_its_shows_are(by, default_card):
    first, to = week_ahead(), week_ahead() + timedelta(days=7)
    film, one, two = movie(), factories.screen(), factories.screen()
    shows = [
        planned(
            by, movie_id=film.pk, screen_id=on.pk, starts_at=evening(3, hour), formats=["3d"], counter_seats=4
        )
        for on, hour in ((one, 14), (one, 20), (two, 20))
    ]
    Show.objects.create(**{**row_of(shows[0]), "id": None, "state": "cancelled"})

    assert copied(by, first, to, on_sale=True, seen=preview(first, to, on_sale=True).mark) == 3

    made = Show.objects.exclude(pk__in=[show.pk for show in shows]).exclude(state="cancelled")
    assert [
        (show.screen_id, show.starts_at, show.formats, show.state, show.counter_seats) for show in made
    ] == [
        (show.screen_id, evening(10, hour), ["3d"], "on_sale", 4)
        for show, hour in sorted(zip(shows, (14, 20, 20), strict=True), key=lambda pair: pair[1])
    ]
    assert AuditEntry.objects.get(verb="copy_shows").details["made"] == 3


def test_a_copy_lists_every_conflict_before_anything_is_saved_and_leaves_them_out(by, default_card):
    first, to = week_ahead(), week_ahead() + timedelta(days=7)
    on = factories.screen(name="Screen 1")
    planned(by, screen_id=on.pk, starts_at=evening(3, 14))
    planned(by, screen_id=on.pk, starts_at=evening(3, 20))
    planned(by, screen_id=on.pk, starts_at=evening(10, 19))

    seen = preview(first, to)
    assert [copy.problem for copy in seen.copies] == [
        "",
        "Screen 1 is busy until 21:10. The earliest start is 21:30",
    ]
    assert Show.objects.count() == 3

    assert copied(by, first, to) == 1
    assert Show.objects.count() == 4
    assert refusal(lambda: copied(by, first, to)).code == "nothing_to_copy"


def test_what_is_posted_twice_is_made_once(by, default_card):
    first, to = week_ahead(), week_ahead() + timedelta(days=7)
    planned(by)
    key, mark = once(f"user:{by.user_id}", "copy_shows", "a", None), preview(first, to).mark

    made = [copied(by, first, to, seen=mark, once=key) for _ in range(3)]
    without_key = refusal(lambda: copied(by, first, to, seen=mark))

    assert made == [1, 1, 1]
    assert without_key.code == "programme_has_changed"
    assert Show.objects.count() == 2


@pytest.mark.parametrize("what", ["another show", "a clash", "a longer movie"])
def test_nothing_is_copied_when_the_programme_is_another_one_by_now(by, default_card, what):
    first, to = week_ahead(), week_ahead() + timedelta(days=7)
    show = planned(by)
    mark = preview(first, to).mark
    if what == "another show":
        planned(by, screen_id=show.screen_id, starts_at=evening(3, 12))
    elif what == "a clash":
        planned(by, screen_id=show.screen_id, starts_at=evening(10, 20, 30))
    else:
        show.movie.duration_minutes = 170
        show.movie.save(update_fields=["duration_minutes"])
    number = Show.objects.count()

    assert refusal(lambda: copied(by, first, to, seen=mark)).code == "programme_has_changed"
    assert Show.objects.count() == number


def test_a_copied_show_blocks_what_is_out_of_service(by, default_card):
    first, to = week_ahead(), week_ahead() + timedelta(days=7)
    on = factories.screen()
    planned(by, screen_id=on.pk)
    SeatOutOfService.objects.create(screen=on, row="A", number=1, until=evening(30), reason="Broken arm")

    copied(by, first, to)

    assert SeatClaim.objects.get().show == Show.objects.latest("pk")


@pytest.mark.parametrize("number", [1, 8])
def test_copying_asks_as_often_for_many_shows(by, default_card, number):
    first, to = week_ahead(), week_ahead() + timedelta(days=7)
    film, on = movie(minutes=30), factories.screen()
    for hour in range(number):
        planned(by, movie_id=film.pk, screen_id=on.pk, starts_at=evening(3, 10 + hour, 0), knowing_late=True)
        Show.objects.filter(clean_at__gt=evening(3, 11 + hour, 0)).update(clean_at=evening(3, 11 + hour, 0))
    on.cleaning_minutes = 10
    on.save(update_fields=["cleaning_minutes"])
    mark = preview(first, to).mark

    with CaptureQueriesContext(connection) as asked:
        assert copied(by, first, to, seen=mark) == number

    assert sum("SAVEPOINT" not in query["sql"] for query in asked) == 20


# The counter's last seats ---------------------------------------------------------------------------------


def small(counter_seats: int) -> Show:
    """Ten seats, of which the counter keeps some."""
    return factories.show(on=factories.screen(("sssss.sssss",)), counter_seats=counter_seats)


def held_by(actor: Actor, show: Show, number: int) -> object:
    return hold.hold_seats(by=actor, show_id=show.pk, seat_ids=factories.free_seats(show, number))


def test_guests_leave_the_counter_its_seats_and_the_counter_sells_them():
    show = small(6)
    guest, stranger, till = (
        people.actor_for(people.customer()), people.stranger(), people.actor_for(people.salesman()),
    )  # fmt: skip

    held_by(guest, show, 3)
    too_many = refusal(lambda: held_by(stranger, show, 2))
    held_by(stranger, show, 1)
    none = refusal(lambda: held_by(guest, show, 1))
    held_by(till, show, 6)

    assert (too_many.code, too_many.field) == ("last_seats_at_the_counter", "seats")
    assert too_many.sentence == "The last 6 seats are sold at the counter. 1 more seat can be booked here"
    assert none.sentence == "The last 6 seats are sold at the counter"
    assert SeatClaim.objects.filter(show=show).count() == 10


def test_a_lapsed_hold_counts_as_free_and_another_choice_takes_its_place():
    show = small(6)
    stranger = people.stranger()
    held_by(stranger, show, 4)

    other = hold.hold_seats(by=stranger, show_id=show.pk, seat_ids=factories.free_seats(show, 4))
    assert other.ref
    factories.lapse(show.bookings.get(ref=other.ref))

    assert held_by(people.actor_for(people.customer()), show, 4)


def test_a_show_without_the_rule_is_asked_nothing_more():
    shows = [small(0), small(6)]
    asked = []
    for show in shows:
        guest = people.actor_for(people.customer())
        held_by(guest, show, 1)
        with CaptureQueriesContext(connection) as captured:
            hold.hold_seats(by=guest, show_id=show.pk, seat_ids=factories.free_seats(show, 1))
        asked.append(sum("SAVEPOINT" not in query["sql"] for query in captured))

    assert asked[1] - asked[0] == 3  # the name, the count, and the customer's lock, which comes after them
