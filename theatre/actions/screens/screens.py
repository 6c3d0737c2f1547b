"""Screens: made, changed, retired and brought back."""

from contextlib import AbstractContextManager

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record, refusing
from theatre.actions.booking import _once
from theatre.actions.booking._once import Once
from theatre.actions.screens import _locks
from theatre.models import Screen
from theatre.models.sql import fetch_one
from theatre.queries.quotes import ZONE
from theatre.rules.moments import counted, day
from theatre.rules.refusals import Refused

MOST_CLEANING_MINUTES = 240


class ScreenNameTaken(Refused):
    """Two screens of one name could not be told apart on a ticket."""

    code = "screen_name_taken"


class ScreenNumberTaken(Refused):
    """Another screen has this number."""

    code = "screen_number_taken"


class ScreenHasShows(Refused):
    """Shows are still planned on the screen."""

    code = "screen_has_shows"


@action
def make_screen(
    *,
    by: Actor,
    name: str,
    number: int,
    cleaning_minutes: int,
    access_notes: str = "",
    once: Once | None = None,
) -> int:
    """A new screen, without seats yet; its id. Refused: ScreenNameTaken, ScreenNumberTaken."""
    require(by, Permission.MANAGE_SCREENS)
    if (before := _once.begin(once)) is not None:
        return int(before["screen"])
    with _known_by_one_name_and_number(name, number):
        screen = Screen.objects.create(
            name=name, number=number, cleaning_minutes=cleaning_minutes, access_notes=access_notes
        )
    record(by, "make_screen", ("screen", screen.pk), name=name)
    _once.keep(once, {"screen": screen.pk})
    return screen.pk


@action
def edit_screen(
    *, by: Actor, screen_id: int, name: str, number: int, cleaning_minutes: int, access_notes: str
) -> bool:
    """Store a screen's name, number, minutes of cleaning and access notes; whether anything changed.

    Shows that are planned keep the minutes they were planned with. Refused: ScreenUnknown, ScreenNameTaken,
    ScreenNumberTaken.
    """
    require(by, Permission.MANAGE_SCREENS)
    screen = _locks.screen(screen_id)
    wanted = {
        "name": name, "number": number, "cleaning_minutes": cleaning_minutes, "access_notes": access_notes,
    }  # fmt: skip
    changed = [field for field, value in wanted.items() if getattr(screen, field) != value]
    if not changed:
        return False
    for field in changed:
        setattr(screen, field, wanted[field])
    with _known_by_one_name_and_number(name, number):
        screen.save(update_fields=changed)
    record(by, "edit_screen", ("screen", screen_id), changed=changed)
    return True


_TO_COME = """
SELECT count(*), max(starts_at), clock_timestamp() FROM theatre_show
WHERE screen_id = %s AND state IN ('planned', 'on_sale') AND ends_at > clock_timestamp()
"""


@action
def retire_screen(*, by: Actor, screen_id: int) -> None:
    """No show is planned on it any more; what was shown there stays. Refused: ScreenUnknown, ScreenHasShows."""
    require(by, Permission.MANAGE_SCREENS)
    screen = _locks.screen(screen_id)
    row = fetch_one(_TO_COME, [screen_id])
    if row and row[0]:
        shows, last, now = row
        raise ScreenHasShows(
            f"{counted(shows, 'show')} to come {'is' if shows == 1 else 'are'} planned on {screen.name},"
            f" until {day(last, ZONE, now=now)}. Move or cancel {'it' if shows == 1 else 'them'} first"
        )
    _set_active(by, screen, False)


@action
def bring_back_screen(*, by: Actor, screen_id: int) -> None:
    """A retired screen can be programmed again. Refused: ScreenUnknown."""
    require(by, Permission.MANAGE_SCREENS)
    _set_active(by, _locks.screen(screen_id), True)


def _set_active(by: Actor, screen: Screen, active: bool) -> None:
    if screen.active != active:
        screen.active = active
        screen.save(update_fields=["active"])
        record(by, "bring_back_screen" if active else "retire_screen", ("screen", screen.pk))


def _known_by_one_name_and_number(name: str, number: int) -> AbstractContextManager[None]:
    return refusing(
        theatre_screen_name_key=lambda: ScreenNameTaken(f"Another screen is called {name}", "name"),
        theatre_screen_number_key=lambda: ScreenNumberTaken(f"Another screen has number {number}", "number"),
    )
