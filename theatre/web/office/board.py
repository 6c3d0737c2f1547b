"""The week board: every screen's shows on an axis of time, for a week or a day."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from theatre.access import Permission
from theatre.queries import board as seeing
from theatre.queries import programme
from theatre.queries.board import Block, Board
from theatre.queries.quotes import ZONE
from theatre.templatetags.look import clock, format_names
from theatre.web.doors import TheatreRequest, needs

A_WEEK = 7
STEP = 5  # minutes: what blocks are drawn and moved by
MOST_AT_ONCE = 400  # shows put on sale with one press
FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days the board shows: a week from its Monday on, or one day."""

    first: date
    days: int

    @property
    def query(self) -> str:
        """As the address says it."""
        return f"{'week' if self.days == A_WEEK else 'day'}={self.first.isoformat()}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A block with the classes that say where it stands, its words, and its addresses: a week has hundreds, and asking
    the URL conf for each was a third of the page. `place` is empty for one that cannot be moved."""

    block: Block
    classes: str
    time: str
    sold: str
    taken: bool
    formats: str
    href: str
    place: str


def asked(given: dict[str, str] | object, today: date) -> Asked:
    """What a query string asks for; nonsense is this week."""
    get = getattr(given, "get", lambda _name: None)
    if (day := _day(get("day"))) is not None:
        return Asked(day, 1)
    week = _day(get("week")) or today
    return Asked(week - timedelta(days=week.weekday()), A_WEEK)


def _day(typed: str | None) -> date | None:
    try:
        day = date.fromisoformat(typed or "")
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


@needs(Permission.MANAGE_SHOWS)
@never_cache
@require_safe
def board(request: TheatreRequest) -> HttpResponse:
    """A week of all screens, or a day."""
    today, now = programme.today()
    wanted = asked(request.GET, today)
    seen = seeing.board(wanted.first, wanted.days, now)
    monday = wanted.first - timedelta(days=wanted.first.weekday())
    ways = reverse("show", args=[0]), reverse("show_place", args=[0])
    context = {
        "page": "shows",
        "asked": wanted,
        "seen": seen,
        "planned": seen.planned[:MOST_AT_ONCE],
        "today": today,
        "days": [
            (
                day.date,
                [(lane, [_drawn(block, seen, ways) for block in lane.blocks]) for lane in day.lanes],
                day.shows,
            )
            for day in seen.days
        ],
        "hours": [hour % 24 for hour in range(seen.first_hour, seen.first_hour + seen.hours)],
        "now_classes": _now(seen),
        "week": [monday + timedelta(days=step) for step in range(A_WEEK)],
        "monday": monday,
        "before": wanted.first - timedelta(days=wanted.days),
        "after": wanted.first + timedelta(days=wanted.days),
        "whole_week": wanted.days == A_WEEK,
    }
    return render(request, "office/shows.html", context)


def _drawn(block: Block, seen: Board, ways: tuple[str, str]) -> Drawn:
    at = _steps(block.begins - 60 * seen.first_hour)
    wide = _steps(max(STEP, block.length))
    state = {"planned": " is-planned", "cancelled": " is-cancelled"}.get(block.state, "")
    over = " is-over" if block.over and block.state != "cancelled" else ""
    classes = f"h-{at[0]} s-{at[1]} lh-{wide[0]} ls-{wide[1]} f-{block.share:02d}{state or over}"
    href, place = (way.replace("/0/", f"/{block.id}/") for way in ways)
    return Drawn(
        block=block, classes=classes, time=clock(block.starts_at), sold=_sold(block),
        taken=block.state not in ("planned", "cancelled"), formats=format_names(block.formats), href=href,
        place=place if block.movable else "",
    )  # fmt: skip


def _sold(block: Block) -> str:
    sold = _("%(taken)d of %(seats)d") % {"taken": block.taken, "seats": block.seats}
    if block.state == "cancelled":
        return _("Cancelled")
    return _("Planned") if block.state == "planned" else sold


def _steps(minutes: int) -> tuple[int, int]:
    """Hours and steps of five minutes."""
    return divmod(round(minutes / STEP), 60 // STEP)


def _now(seen: Board) -> str:
    """Where the line of this moment stands on its day's axis; empty when that is not on it."""
    local = seen.now.astimezone(ZONE)
    minutes = local.hour * 60 + local.minute - 60 * seen.first_hour
    if not 0 <= minutes < 60 * seen.hours:
        return ""
    hour, step = divmod(minutes // STEP, 60 // STEP)
    return f"h-{hour} s-{step}"
