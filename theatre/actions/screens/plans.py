"""Seat plans: saved as versions, and chosen for new shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record
from theatre.actions.screens import _locks
from theatre.models import Screen, Seat, SeatPlan, Show
from theatre.models.sql import change
from theatre.queries import seatmap
from theatre.rules import plans, seating
from theatre.rules.refusals import Refused


class PlanSavedMeanwhile(Refused):
    """The newest version is not the one that was being changed. `data["newest"]` is that plan's id."""

    code = "plan_saved_meanwhile"


class PlanUnknown(Refused):
    """The screen has no such plan."""

    code = "plan_unknown"


@dataclass(frozen=True, slots=True)
class Saved:
    """A plan as it is now: its id, its version, and whether saving made or replaced anything."""

    id: int
    version: int
    changed: bool


@action
def save_plan(*, by: Actor, screen_id: int, text: str, newest: int | None, after: bool = False) -> Saved:
    """Save a plan's text as the screen's newest plan; `newest` is the id of the plan that was so when it was begun.

    A plan that a show uses stays as it is, and the text becomes the next version. One that no show uses is replaced
    under its number, unless the text is to come `after` it, as somebody else's. The same seats as before: nothing
    happens. Refused: PlanUnreadable, ScreenUnknown, PlanSavedMeanwhile.
    """
    require(by, Permission.MANAGE_SCREENS)
    seats = plans.parse(text)
    screen = _locks.screen(screen_id)
    last = SeatPlan.objects.filter(screen=screen).order_by("-version").first()
    if last is not None and plans.same(seats, seatmap.plan_of(last.pk).seats):
        return Saved(last.pk, last.version, False)
    if (last.pk if last else None) != newest:
        raise PlanSavedMeanwhile(
            "Somebody saved another plan of this screen while you were at work. Save again to put yours after it",
            "text", newest=last.pk if last else None,
        )  # fmt: skip
    replaced = last is not None and not after and not Show.objects.filter(plan=last).exists()
    version = 1 if last is None else last.version + (0 if replaced else 1)
    if last is not None and replaced:
        _drop(screen, last)
    made = _make(screen, version, seats)
    if last is not None and replaced and screen.chosen_plan_id == last.pk:
        screen.chosen_plan = made
        screen.save(update_fields=["chosen_plan"])
    record(by, "save_plan", ("screen", screen_id), version=version, seats=len(seats), replaced=replaced)
    return Saved(made.pk, version, True)


@action
def choose_plan(*, by: Actor, screen_id: int, plan_id: int | None) -> None:
    """Let new shows take this version; without one, always the newest. Shows that are there keep theirs.

    Refused: ScreenUnknown, PlanUnknown.
    """
    require(by, Permission.MANAGE_SCREENS)
    screen = _locks.screen(screen_id)
    plan = SeatPlan.objects.filter(screen=screen, pk=plan_id).first() if plan_id is not None else None
    if plan_id is not None and plan is None:
        raise PlanUnknown("That screen has no such plan. Look at its versions again")
    if screen.chosen_plan_id != plan_id:
        screen.chosen_plan = plan
        screen.save(update_fields=["chosen_plan"])
        record(by, "choose_plan", ("screen", screen_id), version=plan.version if plan else "newest")


def _drop(screen: Screen, plan: SeatPlan) -> None:
    """Take away a plan that no show uses; plan_in_use_is_never_changed has the last word."""
    change("DELETE FROM theatre_seat WHERE plan_id = %s", [plan.pk])
    change("DELETE FROM theatre_seatplan WHERE id = %s AND screen_id = %s", [plan.pk, screen.pk])


def _make(screen: Screen, version: int, seats: Sequence[seating.Seat]) -> SeatPlan:
    plan = SeatPlan.objects.create(screen=screen, version=version, seat_count=plans.count(seats).for_sale)
    # Companions last: they need the id of the space beside them.
    ids: dict[int, int] = {}
    for companions in (False, True):
        here = [seat for seat in seats if (seat.beside is not None) == companions]
        made = Seat.objects.bulk_create([_row(plan, seat, ids) for seat in here])
        ids |= {seat.id: row.pk for seat, row in zip(here, made, strict=True)}
    return plan


def _row(plan: SeatPlan, seat: seating.Seat, ids: dict[int, int]) -> Seat:
    return Seat(
        plan=plan, row=seat.row, number=seat.number, kind=seat.kind, x=seat.x, y=seat.y,
        beside_id=None if seat.beside is None else ids[seat.beside],
        restricted_view=seating.RESTRICTED_VIEW in seat.flags,
        house_seat=seating.HOUSE_SEAT in seat.flags,
        broken=seating.BROKEN in seat.flags,
    )  # fmt: skip
