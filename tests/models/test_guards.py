"""What triggers refuse: changing a plan that a show uses, and programming a screen that is retired."""

from collections.abc import Callable

import pytest
from django.db import connection

from tests import factories
from tests.models.house import refusal
from theatre.models import Screen, Seat, SeatPlan, Show
from theatre.models.sql import change

pytestmark = pytest.mark.django_db

CHANGES: dict[str, Callable[[SeatPlan], object]] = {
    "another kind": lambda plan: Seat.objects.filter(plan=plan).update(kind="premium"),
    "another number": lambda plan: change(
        "UPDATE theatre_seat SET number = number + 500 WHERE plan_id = %s", [plan.pk]
    ),
    "broken": lambda plan: Seat.objects.filter(pk=plan.seats.earliest("pk").pk).update(broken=True),
    "a seat less": lambda plan: change(
        "DELETE FROM theatre_seat WHERE id = (SELECT max(id) FROM theatre_seat WHERE plan_id = %s)", [plan.pk]
    ),
    "a seat more": lambda plan: Seat.objects.create(plan=plan, row="Z", number=1, x=90, y=90),
    "another version": lambda plan: SeatPlan.objects.filter(pk=plan.pk).update(version=99),
    "another count": lambda plan: SeatPlan.objects.filter(pk=plan.pk).update(seat_count=1),
    "a seat of another plan": lambda plan: Seat.objects.filter(
        pk=factories.plan_of(factories.screen(("sss",))).seats.earliest("pk").pk
    ).update(plan=plan, row="Z", x=90, y=90),
}


@pytest.mark.parametrize("how", CHANGES)
def test_plan_that_a_show_uses_is_never_changed(how):
    show = factories.show(on=factories.screen(("sss", "sss")))

    assert refusal(lambda: CHANGES[how](show.plan)) == "plan_in_use_is_never_changed"


@pytest.mark.parametrize("how", CHANGES)
def test_plan_that_no_show_uses_may_be_changed(how):
    plan = factories.plan_of(factories.screen(("sss", "sss")))

    CHANGES[how](plan)

    connection.check_constraints()


def test_cancelled_show_too_keeps_its_plan():
    show = factories.show(on=factories.screen(("sss",)), state="cancelled")

    assert refusal(lambda: CHANGES["broken"](show.plan)) == "plan_in_use_is_never_changed"


def test_guards_are_what_refuses():
    """Without them everything above would be written."""
    show = factories.show(on=factories.screen(("sss", "sss")))
    connection.check_constraints()
    for table in ("theatre_seat", "theatre_seatplan"):
        change(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    for how in ("another kind", "a seat less", "a seat more", "another count"):
        CHANGES[how](show.plan)

    assert Seat.objects.filter(plan=show.plan, kind="premium").count() == 5


def test_retired_screen_gets_no_show():
    show = factories.show()
    retired = factories.screen()
    Screen.objects.filter(pk=retired.pk).update(active=False)
    plan = factories.plan_of(retired)

    assert refusal(lambda: factories.show(on=retired)) == "screen_is_active"
    assert (
        refusal(lambda: Show.objects.filter(pk=show.pk).update(screen=retired, plan=plan))
        == "screen_is_active"
    )
    Screen.objects.filter(pk=retired.pk).update(active=True)
    assert factories.show(on=retired).screen == retired
