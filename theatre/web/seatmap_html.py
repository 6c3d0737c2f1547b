"""The seat map as HTML: three hundred checkboxes joined from strings that are made once for a plan.

Everything a plan and its prices decide is made when a plan is first drawn; a page then joins one string per
seat, chosen by the seat's state. ux.md 2.6 says how it looks and what each label says.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from theatre.documents.words import kind_of_seat
from theatre.queries.seatmap import BLOCKED, FREE, HELD, SOLD, VIP, YOURS, Plan
from theatre.rules.seating import COMPANION, KINDS, RESTRICTED_VIEW, Seat, is_sold_to
from theatre.templatetags.look import short_money

CHOSEN, TIP = "chosen", "tip"  # free seats that are ticked, or that we would take
MOST_LIFT = 20
MOST_DRAWINGS = 256
_GUEST = "\x00"  # where a kept seat's guest is named; no text of the database can hold it
_CLASS = {"standard": "", "premium": " prem", "vip": " vip", "wheelchair": " acc", "companion": " comp"}
_MARK = {
    FREE: "",
    CHOSEN: "",
    TIP: " is-tip",
    YOURS: "",
    HELD: " is-held",
    SOLD: " is-sold",
    BLOCKED: " is-off",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row ready to be joined: what opens and closes it, its seats, and the words for its name."""

    opening: str
    closing: str
    name: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A plan with its prices, ready to be joined."""

    classes: str
    rows: tuple[Row, ...]
    seats: dict[int, dict[str, str]]
    legend: str
    staff_legend: str
    suggesting_legend: str


def state_words() -> dict[str, str]:
    """How each state of a seat is said."""
    return {
        FREE: _("available"),
        CHOSEN: _("selected"),
        TIP: _("suggested"),
        YOURS: _("held for you"),
        HELD: _("held by another customer"),
        SOLD: _("sold"),
        BLOCKED: _("not on sale"),
    }


def render_map(
    plan: Plan,
    prices: Mapping[str, Decimal],
    states: Mapping[int, str],
    *,
    ticked: Collection[int] = (),
    tips: Collection[int] = (),
    by_staff: bool = False,
    guests: Mapping[int, str] | None = None,
) -> str:
    """The rows of a plan as HTML, each seat in its state (no entry: free). `ticked` and `tips` are free seats
    that are chosen already, or suggested. `guests` names whom seats are kept for; a seat that is kept for nobody
    named here is only not on sale.
    """
    drawing = _drawing(plan, tuple(sorted(prices.items())), get_language() or "en")
    return _joined(drawing, states, ticked, tips, by_staff, guests or {})


def render_draft(plan: Plan) -> str:
    """The rows of a plan as staff would see it, to look at alone: nothing can be chosen, and nothing of it is kept."""
    return _joined(_draw(plan, (), to_look_at=True), {}, (), (), by_staff=True, guests={})


def _joined(
    drawing: Drawing,
    states: Mapping[int, str],
    ticked: Collection[int],
    tips: Collection[int],
    by_staff: bool,
    guests: Mapping[int, str],
) -> str:
    parts = [f'<div class="house {drawing.classes}" data-map>']
    for row in drawing.rows:
        free, cells = 0, []
        for seat in row.seats:
            state = states.get(seat.id)
            if state is None:
                if not is_sold_to(seat, by_staff):
                    state = BLOCKED
                else:
                    free += 1
                    state = CHOSEN if seat.id in ticked else TIP if seat.id in tips else FREE
            if state == VIP and seat.id in guests:
                kept = drawing.seats[seat.id][VIP]
                cells.append(kept.replace(_GUEST, conditional_escape(guests[seat.id])))
            else:
                cells.append(drawing.seats[seat.id][BLOCKED if state == VIP else state])
        said = row.name % {
            "free": ngettext("%(free)d of %(all)d free", "%(free)d of %(all)d free", free)
            % {"free": free, "all": len(row.seats)}
        }
        parts += (row.opening, said, "</span></span>", *cells, row.closing)
    parts.append("</div>")
    return "".join(parts)


def render_legend(
    plan: Plan, prices: Mapping[str, Decimal], *, by_staff: bool = False, suggesting: bool = False
) -> str:
    """What the seats of this plan mean, with their prices, as HTML; `suggesting` where the map has `tips`."""
    drawing = _drawing(plan, tuple(sorted(prices.items())), get_language() or "en")
    return drawing.staff_legend if by_staff else drawing.suggesting_legend if suggesting else drawing.legend


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A kind of seat as the legend shows it."""

    css: str
    mark: str
    name: str
    price: Decimal


def _legend(plan: Plan, prices: Mapping[str, Decimal], **also: bool) -> str:
    there = {seat.kind for seat in plan.seats}
    entries = [
        LegendEntry(_CLASS[kind].strip(), "C" if kind == COMPANION else "", kind_of_seat(kind), prices[kind])
        for kind in KINDS
        if kind in there and kind in prices
    ]
    return render_to_string("parts/legend.html", {"entries": entries, **also})


def _drawing(plan: Plan, prices: tuple[tuple[str, Decimal], ...], language: str) -> Drawing:
    """Kept for the life of the process, like the plan itself."""
    key = (plan.id, prices, language)
    if key not in _drawings:
        if len(_drawings) >= MOST_DRAWINGS:
            _drawings.clear()
        _drawings[key] = _draw(plan, prices)
    return _drawings[key]


_drawings: dict[tuple[int, tuple[tuple[str, Decimal], ...], str], Drawing] = {}


def _draw(plan: Plan, prices: tuple[tuple[str, Decimal], ...], *, to_look_at: bool = False) -> Drawing:
    lines: dict[int, list[Seat]] = defaultdict(list)
    for seat in plan.seats:
        lines[seat.y].append(seat)
    # Rows of recliners have a rhythm of their own; the others say where columns and aisles are.
    ruled = {seat.x for line in lines.values() for seat in line if not _recliners(line)}
    columns = sorted(ruled or {seat.x for seat in plan.seats})
    first, last = columns[0], columns[-1]
    aisles = [x for x in range(first, last + 1) if x not in set(columns)]
    rows, drawn = [], {}
    above: int | None = None
    for y in sorted(lines):
        seats = tuple(sorted(lines[y], key=lambda seat: seat.x))
        wide = _recliners(seats) and len(seats) * 1.6 <= len(columns)
        row_class = (
            "seat-row" + (" gap" if above is not None and y - above > 1 else "") + (" mid" if wide else "")
        )
        at = first
        for seat in seats:
            room = "" if wide else _room(range(at, seat.x), aisles)
            lift = f" l-{step}" if (step := _lift(seat.x, first, last)) else ""
            extra = " wide" if wide else ""
            view = " view" if RESTRICTED_VIEW in seat.flags else ""
            classes = f"seat{_CLASS[seat.kind]}{extra}{view}{lift}{room}"
            drawn[seat.id] = _cells(
                seat, classes, dict(prices), _beside_aisle(seat, seats, aisles), to_look_at
            )
            at = seat.x + 1
        name = conditional_escape(seats[0].row)
        edge = _lift(seats[0].x if not wide else first, first, last)
        kinds = sorted(
            {kind_of_seat(seat.kind) for seat in seats if seat.kind not in ("wheelchair", "companion")}
        )
        words = _("Row %(row)s, %(kinds)s, %(free)s") % {
            "row": name.replace("%", "%%"), "kinds": conditional_escape(", ".join(kinds)), "free": "%(free)s",
        }  # fmt: skip
        opening = (
            f'<div class="{row_class}" data-row="{name}"><span class="row-name l-{edge}" data-name>'
            f'<span aria-hidden="true">{name}</span><span class="vh">'
        )
        closing = f'<span class="row-name l-{edge}" aria-hidden="true">{name}</span></div>'
        rows.append(Row(opening, closing, words, seats))
        above = y
    return Drawing(
        f"n-{len(columns)} a-{len(aisles)}",
        tuple(rows),
        drawn,
        legend=_legend(plan, dict(prices)),
        staff_legend=_legend(plan, dict(prices), by_staff=True),
        suggesting_legend=_legend(plan, dict(prices), suggesting=True),
    )


def _recliners(row: Collection[Seat]) -> bool:
    return all(seat.kind == "vip" for seat in row)


def _lift(x: int, first: int, last: int) -> int:
    """How many steps a seat leans towards the screen: nothing in the middle, most at the ends of wide halls."""
    half = (last - first) / 2 or 1
    return round(min(MOST_LIFT, last - first + 2) * ((x - first - half) / half) ** 2)


def _room(skipped: range, aisles: list[int]) -> str:
    """The classes for the places without a seat before one."""
    narrow = sum(x in aisles for x in skipped)
    empty = len(skipped) - narrow
    if not narrow and not empty:
        return ""
    return " skip-to" + (f" s-{min(empty, 9)}" if empty else "") + (f" i-{min(narrow, 3)}" if narrow else "")


def _beside_aisle(seat: Seat, row: tuple[Seat, ...], aisles: list[int]) -> bool:
    return seat in (row[0], row[-1]) or seat.x - 1 in aisles or seat.x + 1 in aisles


def _cells(
    seat: Seat, classes: str, prices: dict[str, Decimal], beside_aisle: bool, to_look_at: bool
) -> dict[str, str]:
    """The seat's HTML in each state."""
    price = short_money(prices[seat.kind]) if seat.kind in prices else ""
    who = _("Row %(row)s seat %(number)s, %(kind)s") % {
        "row": seat.row, "number": seat.number, "kind": kind_of_seat(seat.kind),
    }  # fmt: skip
    start = conditional_escape(", ".join(filter(None, (who, price))))
    extras = [
        words
        for words, said in (
            (_("sold with a wheelchair space"), seat.kind == COMPANION),
            (_("aisle seat"), beside_aisle),
            (_("restricted view"), RESTRICTED_VIEW in seat.flags),
        )
        if said
    ]
    end = conditional_escape("".join(f". {words.capitalize()}" for words in extras))
    shown = "C" if seat.kind == COMPANION else str(seat.number)
    number = f' data-no="{seat.number}"' if seat.kind == COMPANION else ""
    cells = {}
    for state, word in state_words().items():
        label = f"{start}, {conditional_escape(word)}{end}"
        taking = " checked" if state in (CHOSEN, YOURS) else "" if state in (FREE, TIP) else " disabled"
        taking = " disabled" if to_look_at else taking
        cells[state] = (
            f'<div class="{classes}{_MARK[state]}" data-x="{seat.x}"{number}>'
            f'<input type="checkbox" name="seat" value="{seat.id}" aria-label="{label}"{taking}>'
            f'<s aria-hidden="true">{shown}</s></div>'
        )
    kept = conditional_escape(_("reserved for VIP, %(guest)s") % {"guest": _GUEST})
    cells[VIP] = (
        f'<div class="{classes} is-kept" data-x="{seat.x}" title="{kept}">'
        f'<input type="checkbox" name="seat" value="{seat.id}" aria-label="{start}, {kept}{end}" disabled>'
        '<s aria-hidden="true">V</s></div>'
    )
    return cells
