"""The week board: every screen's shows on an axis of time, for a week or a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from theatre.access import Permission
from theatre.queries import board as seeing
from theatre.queries import programme
from theatre.queries.board import Block, Board
from theatre.queries.quotes import ZONE
from theatre.templatetags.look import clock, format_names, iso
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
class Words:
    """What all blocks share: the addresses of show 0, and how "12 of 90" goes on for those who hear it."""

    show: str
    place: str
    taken: SafeString


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
    words = Words(
        show=reverse("show", args=[0]), place=reverse("show_place", args=[0]),
        taken=format_html('<span class="vh"> {}</span>', _("seats taken")),
    )  # fmt: skip
    context = {
        "page": "shows",
        "asked": wanted,
        "seen": seen,
        "planned": seen.planned[:MOST_AT_ONCE],
        "today": today,
        "days": [
            (day.date, [(lane, _drawn(lane.blocks, seen, words)) for lane in day.lanes], day.shows)
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


# A week has hundreds of blocks: a template asks for every part of each by name, which was half of the page's time, and
# asking the URL conf for each address was a third before.
_BLOCK = (
    '<div class="{}" role="listitem"><a href="{}"{}><b><time datetime="{}" data-time>{}</time> {}</b>'
    "<small>{}{}{}</small></a></div>"
)
_PLACE = ' data-place="{}" data-begins="{}" data-length="{}"'


def _drawn(blocks: Iterable[Block], seen: Board, words: Words) -> SafeString:
    """A lane’s blocks; one that can be moved says where that is asked."""
    return format_html_join("", "{}", ((_block(block, seen, words),) for block in blocks))


def _block(block: Block, seen: Board, words: Words) -> SafeString:
    at = _steps(block.begins - 60 * seen.first_hour)
    wide = _steps(max(STEP, block.length))
    state = {"planned": " is-planned", "cancelled": " is-cancelled"}.get(block.state, "")
    over = " is-over" if block.over and block.state != "cancelled" else ""
    place = words.place.replace("/0/", f"/{block.id}/")
    formats = format_names(block.formats)
    return format_html(
        _BLOCK,
        f"h-{at[0]} s-{at[1]} lh-{wide[0]} ls-{wide[1]} f-{block.share:02d}{state or over}",
        words.show.replace("/0/", f"/{block.id}/"),
        format_html(_PLACE, place, block.begins, block.length) if block.movable else "",
        iso(block.starts_at), clock(block.starts_at), block.title, _sold(block),
        words.taken if block.state not in ("planned", "cancelled") else "", f" · {formats}" if formats else "",
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
