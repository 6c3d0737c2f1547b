"""Screens and the versions of their seat plans."""

import pytest

from tests import factories, people
from theatre.access import NotAllowed
from theatre.actions.booking._once import once
from theatre.actions.screens import plans, screens
from theatre.actions.screens._locks import ScreenUnknown
from theatre.actions.screens.plans import PlanSavedMeanwhile, PlanUnknown
from theatre.actions.screens.screens import ScreenHasShows, ScreenNameTaken, ScreenNumberTaken
from theatre.models import AuditEntry, RowChange, Screen, Seat, SeatPlan
from theatre.queries import screens as seeing
from theatre.queries.seatmap import plan_of
from theatre.rules.plans import PlanUnreadable, text_of

pytestmark = pytest.mark.django_db

SMALL = "A: SSSS\nB: WC_PP"


@pytest.fixture
def admin():
    return people.actor_for(people.admin())


def make(admin, name="Screen 9, the Attic", number=9, **more) -> int:
    return screens.make_screen(by=admin, name=name, number=number, cleaning_minutes=15, **more)


def newest(screen_id: int) -> SeatPlan | None:
    return SeatPlan.objects.filter(screen=screen_id).order_by("-version").first()


def save(admin, screen_id: int, text: str = SMALL, **more) -> plans.Saved:
    last = newest(screen_id)
    return plans.save_plan(
        by=admin, screen_id=screen_id, text=text, **{"newest": last.pk if last else None, **more}
    )


# Screens --------------------------------------------------------------------------------------------------------


def test_screen_is_made_and_changed_and_the_audit_knows(admin):
    screen_id = make(admin, access_notes="Level access")

    assert screens.edit_screen(
        by=admin,
        screen_id=screen_id,
        name="Screen 9, the Loft",
        number=9,
        cleaning_minutes=30,
        access_notes="",
    )

    screen = Screen.objects.get(pk=screen_id)
    assert (screen.name, screen.cleaning_minutes, screen.access_notes) == ("Screen 9, the Loft", 30, "")
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["make_screen", "edit_screen"]
    assert RowChange.objects.filter(on_type="screen", change="changed").latest("pk").after == {
        "name": "Screen 9, the Loft", "cleaning_minutes": 30, "access_notes": "",
    }  # fmt: skip


def test_editing_nothing_writes_nothing(admin):
    screen_id = make(admin)

    assert not screens.edit_screen(
        by=admin,
        screen_id=screen_id,
        name="Screen 9, the Attic",
        number=9,
        cleaning_minutes=15,
        access_notes="",
    )
    assert AuditEntry.objects.filter(verb="edit_screen").count() == 0


def test_same_form_sent_twice_makes_one_screen(admin):
    key = once("user:1", "screen", "k", {})

    assert make(admin, once=key) == make(admin, once=key)
    assert Screen.objects.count() == 1


def test_two_screens_share_no_name_and_no_number(admin):
    make(admin)

    with pytest.raises(ScreenNameTaken, match="Another screen is called Screen 9, the Attic") as name:
        make(admin, number=10)
    with pytest.raises(ScreenNumberTaken, match="Another screen has number 9") as number:
        make(admin, name="Screen 10")
    assert (name.value.field, number.value.field) == ("name", "number")


def test_screen_retires_when_nothing_is_planned_on_it_and_comes_back(admin):
    show = factories.show(in_hours=30)
    screen_id = show.screen_id

    with pytest.raises(
        ScreenHasShows, match=r"1 show to come is planned on .*, until \d+ \w+.* Move or cancel it first"
    ):
        screens.retire_screen(by=admin, screen_id=screen_id)
    show.state = "cancelled"
    show.save(update_fields=["state"])
    screens.retire_screen(by=admin, screen_id=screen_id)
    screens.retire_screen(by=admin, screen_id=screen_id)

    assert not Screen.objects.get(pk=screen_id).active
    assert seeing.plan_for_new_shows(screen_id) is None
    screens.bring_back_screen(by=admin, screen_id=screen_id)
    assert seeing.plan_for_new_shows(screen_id) == show.plan_id
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["retire_screen", "bring_back_screen"]


def test_screen_that_is_not_there_is_said_so(admin):
    for deed in (screens.retire_screen, screens.bring_back_screen):
        with pytest.raises(ScreenUnknown):
            deed(by=admin, screen_id=999_999)


@pytest.mark.parametrize("make_person", [people.moderator, people.salesman, people.customer])
def test_screens_and_plans_are_the_admins(make_person, admin):
    by = people.actor_for(make_person())
    screen_id = make(admin)

    for deed in (
        lambda: make(by, number=10),
        lambda: screens.edit_screen(
            by=by, screen_id=screen_id, name="X", number=1, cleaning_minutes=1, access_notes=""
        ),
        lambda: screens.retire_screen(by=by, screen_id=screen_id),
        lambda: screens.bring_back_screen(by=by, screen_id=screen_id),
        lambda: save(by, screen_id),
        lambda: plans.choose_plan(by=by, screen_id=screen_id, plan_id=None),
    ):
        with pytest.raises(NotAllowed):
            deed()


# Plans ----------------------------------------------------------------------------------------------------------


def test_first_plan_has_the_seats_that_were_written(admin):
    screen_id = make(admin)

    saved = save(admin, screen_id, "A: SrSSb\n\nB 5<: WC_Ph")

    plan = SeatPlan.objects.get(pk=saved.id)
    seats = {f"{seat.row}{seat.number}": seat for seat in plan.seats.all()}
    assert (saved.version, saved.changed, plan.seat_count) == (1, True, 5)
    assert {name: seat.kind for name, seat in seats.items()} == {
        "A1": "standard", "A2": "standard", "A3": "standard", "B7": "wheelchair", "B6": "companion", "B5": "premium",
    }  # fmt: skip
    assert seats["B6"].beside == seats["B7"]
    assert (seats["A1"].restricted_view, seats["A3"].broken, seats["B5"].house_seat) == (True, True, True)
    assert [(seat.x, seat.y) for seat in (seats["A1"], seats["B5"])] == [(0, 0), (3, 2)]


def test_plan_that_no_show_uses_is_replaced_under_its_number_and_a_new_id(admin):
    screen_id = make(admin)
    first = save(admin, screen_id)
    plans.choose_plan(by=admin, screen_id=screen_id, plan_id=first.id)

    second = save(admin, screen_id, "A: SS")

    assert (second.version, second.id != first.id) == (1, True)
    assert SeatPlan.objects.filter(screen=screen_id).count() == 1
    assert Seat.objects.count() == 2
    assert Screen.objects.get(pk=screen_id).chosen_plan_id == second.id


def test_plan_that_a_show_uses_stays_and_the_next_is_another_version(admin):
    show = factories.show(on=factories.screen(("ssss",)))
    booking = factories.booked(of=show)
    seats = list(Seat.objects.order_by("pk").values())

    saved = save(admin, show.screen_id, "A: SS")

    assert saved.version == 2
    assert list(Seat.objects.filter(plan=show.plan).order_by("pk").values()) == seats
    assert booking.tickets.count() == 2
    assert seeing.plan_for_new_shows(show.screen_id) == saved.id


def test_saving_the_same_seats_does_nothing(admin):
    screen_id = make(admin)
    first = save(admin, screen_id)

    again = save(admin, screen_id, "A :  S S S S\nB:WC_PP\n\n", newest=None)

    assert (again.id, again.version, again.changed) == (first.id, 1, False)
    assert AuditEntry.objects.filter(verb="save_plan").count() == 1


def test_nobodys_plan_is_lost_when_two_save(admin):
    screen_id = make(admin)
    first = save(admin, screen_id)
    second = save(admin, screen_id, "A: SS")

    with pytest.raises(PlanSavedMeanwhile, match="while you were at work") as refused:
        save(admin, screen_id, "A: SSS", newest=first.id)

    assert refused.value.data["newest"] == second.id
    assert newest(screen_id).pk == second.id
    mine = save(admin, screen_id, "A: SSS", after=True)
    assert [plan.pk for plan in SeatPlan.objects.filter(screen=screen_id).order_by("version")] == [
        second.id,
        mine.id,
    ]
    assert (second.version, mine.version) == (1, 2)


def test_text_that_cannot_be_read_changes_nothing(admin):
    screen_id = make(admin)
    first = save(admin, screen_id)

    with pytest.raises(PlanUnreadable):
        save(admin, screen_id, "A: SXS")

    assert newest(screen_id).pk == first.id


def test_new_shows_take_the_chosen_version_or_the_newest(admin):
    show = factories.show(on=factories.screen(("ssss",)))
    second = save(admin, show.screen_id)

    plans.choose_plan(by=admin, screen_id=show.screen_id, plan_id=show.plan_id)
    assert seeing.plan_for_new_shows(show.screen_id) == show.plan_id
    plans.choose_plan(by=admin, screen_id=show.screen_id, plan_id=None)
    assert seeing.plan_for_new_shows(show.screen_id) == second.id
    with pytest.raises(PlanUnknown):
        plans.choose_plan(
            by=admin, screen_id=show.screen_id, plan_id=factories.plan_of(factories.screen(("ss",))).pk
        )


def test_versions_say_which_shows_use_them(admin):
    on = factories.screen(("ssss",))
    shows = [factories.show(on=on, in_hours=hours) for hours in (-30, 24, 48, 72, 96)]
    save(admin, on.pk, "A: SS")

    new, old = seeing.versions(on.pk)

    assert (new.version, new.shows, new.shows_to_come, new.next_shows) == (2, 0, 0, ())
    assert (old.version, old.shows, old.shows_to_come) == (1, 5, 4)
    assert [show.id for show in old.next_shows] == [show.pk for show in shows[1:4]]


def test_saved_plan_is_printed_as_it_was_written(admin):
    text = "A:    SrSSb\n\nB 5<: WC_Ph"
    screen_id = make(admin, number=777)

    saved = save(admin, screen_id, text)

    assert text_of(plan_of(saved.id).seats) == text
