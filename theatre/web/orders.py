"""What is being bought, as checkout and the counter show it: the seats, the reasons for the price, the hold."""

import math
import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from theatre.access import Actor
from theatre.actions.booking import _once
from theatre.actions.booking._once import Once
from theatre.actions.booking.audience import change_audiences
from theatre.actions.booking.confirm import PriceChanged
from theatre.documents import words
from theatre.queries import bookings, quotes
from theatre.queries.bookings import Checkout, SeenBooking
from theatre.rules.bookings import extension, normalise_reference
from theatre.rules.moments import listed
from theatre.rules.money import as_text, percent_text
from theatre.rules.refusals import Refused
from theatre.templatetags.look import money, screen, seat_count


@dataclass(frozen=True, slots=True)
class Titled:
    """What a poster is drawn from, or the mark of an uploaded one."""

    title: str
    slug: str
    poster: str


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    kind: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Way:
    """How one ticket comes to its price: the list price, what is taken off and why, the price."""

    label: str
    start: Decimal
    steps: list["Sum"]
    price: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """A line of the bill: what it is and what it adds (discounts are negative)."""

    label: str
    amount: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """The torn ticket of parts/order_ticket.html. Money in the theatre's currency."""

    movie: Titled
    starts_at: datetime
    ends_at: datetime
    screen: str
    lines: list[Line]
    sums: list[Sum]
    total: Decimal
    vat: str
    shown_total: str
    ways: list[Way]


@dataclass(frozen=True, slots=True)
class Held:
    """The hold panel of parts/hold_panel.html: until when, how much of its time is left (0 to 1), in minutes.

    `more` is how many minutes one press adds, `limit` says why that is none, or that it is the last time.
    """

    ref: str
    until: datetime
    share: float
    minutes: int
    length: int
    more: int
    limit: str
    home: str
    extend_url: str
    release_url: str


def order_of(checkout: Checkout) -> Order:
    """The bill as it stands: list prices, then every discount with its reason, then the total."""
    booking, quote = checkout.booking, checkout.quote
    off: dict[str, Decimal] = {}
    for line in quote.lines:
        for taken in line.discounts:
            off[_why(taken.kind, taken.label, taken.percent)] = (
                off.get(_why(taken.kind, taken.label, taken.percent), Decimal(0)) - taken.amount
            )
    return Order(
        movie=Titled(booking.movie, booking.slug, booking.poster),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        screen=screen(booking.screen, booking.screen_number),
        lines=[Line(line.seat, words.seat_for(line.kind, line.audience), line.list) for line in quote.lines],
        sums=[Sum(seat_count(len(quote.lines)), quote.list_total), *(Sum(*each) for each in off.items())],
        total=quote.total,
        vat=_("%(vat)s of it is VAT (%(rate)s%%)")
        % {"vat": money(quote.vat), "rate": percent_text(Decimal(settings.VAT_RATE))},
        shown_total=as_text(quote.total, quote.places),
        ways=[
            Way(
                line.seat,
                line.list,
                [
                    Sum(_why(taken.kind, taken.label, taken.percent), -taken.amount)
                    for taken in line.discounts
                ],
                line.price,
            )
            for line in quote.lines
        ],
    )


def _why(kind: str, label: str, percent: Decimal | int) -> str:
    facts = {"label": label, "percent": percent_text(percent)}
    if kind == "tier":
        return _("%(label)s member, %(percent)s%% off") % facts
    if kind == "coupon":
        return _("Coupon %(label)s, %(percent)s%% off") % facts
    return _("Complimentary")


def held_of(
    booking: SeenBooking, home: str, extend_url: str, release_url: str, *, long_holds: bool = False
) -> Held:
    """The panel of a live hold; `home` is the page that says what has become of it."""
    length = settings.LONG_HOLD_MINUTES if long_holds else settings.HOLD_MINUTES
    left = (booking.held_until - booking.now).total_seconds() / 60
    more, limit = _more_time(booking, length)
    return Held(
        ref=booking.ref,
        until=booking.held_until,
        share=min(1.0, max(0.0, left / length)),
        minutes=max(0, math.ceil(left)),
        length=length,
        more=more,
        limit=limit,
        home=home,
        extend_url=extend_url,
        release_url=release_url,
    )


def hold_minutes(actor: Actor) -> int:
    """How long this person's holds last."""
    return int(settings.LONG_HOLD_MINUTES if actor.long_holds else settings.HOLD_MINUTES)


def held_online(actor: Actor, booking: SeenBooking) -> Held:
    """The panel of a hold that its holder reviews and pays on the pages."""
    home, extend, release = (
        reverse(name, args=[booking.ref]) for name in ("checkout", "extend_hold", "release_hold")
    )
    return held_of(booking, home, extend, release, long_holds=actor.long_holds)


def _more_time(booking: SeenBooking, length: int) -> tuple[int, str]:
    """How many minutes can be added with one press, and the sentence for when that is none or the last time."""
    try:
        longer = extension(
            now=booking.now, held_until=booking.held_until, starts_at=booking.starts_at, minutes=length,
            extensions=booking.extensions, zone=quotes.ZONE, stop_minutes=settings.HOLD_END_BEFORE_SHOW_MINUTES,
        )  # fmt: skip
    except Refused as refusal:
        return 0, refusal.sentence
    last = _("That is the last time it can be made longer") if longer.is_last else ""
    return math.ceil((longer.held_until - booking.held_until).total_seconds() / 60), last


def with_other_audiences(actor: Actor, ref: str, others: dict[int, str]) -> tuple[SeenBooking, Refused]:
    """Selling was pressed with other audiences than the price was for: they are changed, or not. The hold as it is now,
    and why nothing was sold: the new price has to be seen first."""
    try:
        change_audiences(by=actor, ref=ref, audiences=others)
        refusal: Refused = PriceChanged(
            _("The price is another one now, so nothing was booked. Look at it and confirm again"),
            "shown_total",
        )
    except Refused as refused:
        refusal = refused
    return booking_or_404(actor, ref), refusal


def with_coupon(address: str, code: str) -> str:
    """The address, with the coupon that was typed there."""
    return f"{address}?{urlencode({'coupon': code[:80]})}" if code else address


def booking_or_404(actor: Actor, typed: str) -> SeenBooking:
    """The booking by its reference, however that was typed; another's, like none, is not found."""
    ref = normalise_reference(typed)
    booking = bookings.detail(actor, ref) if ref else None
    if booking is None:
        raise Http404
    return booking


def seats_in_words(labels: list[str]) -> str:
    """`F 7 and F 8`."""
    return listed(labels, _("and"))


def once_for(user_id: int | None, route: str, key: str, body: object) -> Once | None:
    """The idempotency key a form carries, if it is one of ours: doing the same again gives the same answer."""
    try:
        return _once.once(f"user:{user_id}", route, str(uuid.UUID(key)), body)
    except ValueError:
        return None


def once_as_sent(user_id: int | None, route: str, key: str, body: object) -> Once | None:
    """As `once_for`, for a form that makes something: sent again as it was it makes one; changed, it makes another."""
    once = once_for(user_id, route, key, body)
    return once_for(user_id, f"{route}:{once.body_hash.hex()}", key, body) if once else None


def amount(typed: str) -> Decimal | None:
    """A sum of money as people type it (`20`, `20.5`, `20,50`, `€ 20`); None when it is none."""
    text = typed.strip().strip("€$£ ").replace(" ", "").replace(",", ".")
    if not text or len(text) > 12 or not set(text) <= set("0123456789."):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if round(value, quotes.PLACES) == value else None


def numbers(typed: list[str]) -> list[int]:
    """Ids as a form sends them. What cannot be one becomes a number no row has, so that it is refused in words."""
    return [
        int(word) if word.isascii() and word.isdigit() and len(word) < 19 else -place
        for place, word in enumerate(typed, start=1)
    ]


def page_number(typed: str) -> int:
    """The page a list is asked for; the first when that cannot be one."""
    return max(1, min(numbers([typed])[0], 100_000))


def new_key() -> str:
    """A key for one press of a button."""
    return str(uuid.uuid4())
