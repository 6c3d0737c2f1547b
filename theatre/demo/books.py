"""The books of a history of sales: every row that the actions would have written, in the order of time.

Prices come from `quotes.price`, coupons from `rules.coupons`, tiers from the tickets of the twelve months before, so
a history obeys what the house obeys. Money is Decimal in the theatre's currency. Check-ins are told on the tickets
alone, and staff's own letters are left out.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

from django.conf import settings

from theatre.demo.copying import NULL, Ids, deed_of, moment, text
from theatre.demo.costs import NOTHING, Priced, price
from theatre.demo.parties import NOBODY, Guest, Offer, Seller, SoldShow
from theatre.demo.references import reference
from theatre.demo.sales import HOUR, MINUTE, Sale
from theatre.queries import quotes
from theatre.rules import coupons
from theatre.rules.coupons import Coupon, CouponRefused
from theatre.rules.tiers import Tier, tier_for

TABLES = {
    "theatre_booking": "id, ref, show_id, state, customer_id, guest_name, guest_email, session, network, booked_by_id,"
    " seller_id, assigned_to_id, channel, held_until, extensions, created_at, confirmed_at, ended_at, ended_by_id,"
    " cancel_reason, coupon_id, tier_name, tier_percent, total, complimentary",
    "theatre_ticket": "id, booking_id, show_id, plan_id, seat_id, kind, audience, state, list_price, tier_off,"
    " coupon_off, complimentary_off, price, vat, nonce, checked_in_at, door",
    "theatre_seatclaim": "show_id, seat_id, plan_id, booking_id, state, held_until, note",
    "theatre_ledgerentry": "id, kind, ticket_id, booking_id, at, amount, list_price, tier_off, coupon_off,"
    " complimentary_off, vat, seller_id, channel, method",
    "theatre_payment": "id, booking_id, method, amount, refunded, state, provider_ref, at",
    "theatre_refund": "id, payment_id, booking_id, amount, state, at, by_id",
    "theatre_invoice": "id, series, year, number, booking_id, refers_to_id, issued_at, total, vat, ticket_ids, facts",
    "theatre_couponuse": "id, coupon_id, booking_id, customer_id, used_at, given_back_at",
    "theatre_letter": 'id, key, kind, "to", user_id, booking_id, data, message_id, state, attempts, due_at,'
    " leased_until, sent_at, last_error, subject, queued_at",
    "theatre_auditentry": "id, at, deed, actor_id, verb, on_type, on_id, request_id, address, reason, details",
}
WITH_IDS = [table for table in TABLES if table != "theatre_seatclaim"]
SHORTEST_YEAR = 365 * 24 * HOUR
DOORS = ("North door", "South door")
NO_SHOWS = 0.06  # of the tickets sold
WITH_COUPON = 0.09  # of the bookings by a known guest
BATCH = 20_000  # bookings that are written at once


@dataclass(frozen=True, slots=True)
class _Note:
    """A credit note that waits for its number: they have an order of time of their own."""

    at: int
    booking: int
    invoice: int
    total: Decimal
    vat: Decimal
    tickets: list[int]
    facts: str


Write = Callable[[str, str, list[str]], None]


class Books:
    """Writes the rows of sales. `write(table, columns, lines)` is called for every batch."""

    def __init__(
        self,
        *,
        rng: Random,
        ids: Ids,
        shows: Sequence[SoldShow],
        guests: Sequence[Guest],
        sellers: Sequence[Seller],
        offers: Sequence[Offer],
        tiers: Sequence[Tier],
        numbers: dict[tuple[str, int], int],
        now: int,
        write: Write,
    ) -> None:
        self.rng, self.ids, self.shows, self.guests, self.sellers = rng, ids, shows, guests, sellers
        self.offers, self.tiers, self.numbers, self.now = offers, tiers, numbers, now
        self.next = ids.next
        self.host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
        self.hold = settings.HOLD_MINUTES * MINUTE
        self.money = f'"currency": "{settings.CURRENCY}", "vat_rate": "{settings.VAT_RATE}"'
        self.lines: dict[str, list[str]] = {table: [] for table in TABLES}
        self.write = write
        self.notes: list[_Note] = []
        self.sold = self.returned = 0
        self._priced_like: dict[tuple[object, ...], Priced] = {}
        self._year_of_day: dict[int, int] = {}

    def keep(self, sales: Iterable[Sale]) -> None:
        """Write all these sales, oldest first, then the credit notes in their own order."""
        for done, sale in enumerate(sorted(sales, key=lambda sale: (sale.at or sale.held, sale.show)), 1):
            if sale.at:
                self._sold(sale)
            else:
                self._lapsed(sale)
            if done % BATCH == 0:
                self._flush()
        for note in sorted(self.notes, key=lambda note: note.at):
            self._number(
                "credit_note",
                note.booking,
                note.invoice,
                note.at,
                note.total,
                note.vat,
                note.tickets,
                note.facts,
            )
        self._flush()

    def _flush(self) -> None:
        for table, columns in TABLES.items():
            self.write(table, columns, self.lines[table])
            self.lines[table] = []

    def _id(self, table: str) -> int:
        found = self.next[table]
        self.next[table] = found + 1
        return found

    def _lapsed(self, sale: Sale) -> None:
        show = self.shows[sale.show]
        booking = self._id("theatre_booking")
        ref = reference(booking)
        self._booking(sale, booking, ref, "lapsed", ended=min(sale.held + self.hold, self.now))
        for place in sale.seats:
            kind = show.hall.kinds[place]
            self.lines["theatre_ticket"].append(
                f"{self._id('theatre_ticket')}\t{booking}\t{show.id}\t{show.plan_id}\t{show.hall.seats[place].id}\t{kind}\t"
                f"adult\tlapsed\t{show.prices[kind]}\t0\t0\t0\t{NULL}\t{NULL}\t\t{NULL}\t"
            )
        self._audit(sale.held, self._actor(sale), "hold", ref, self._hold_details(show, sale))

    def _sold(self, sale: Sale) -> None:
        show = self.shows[sale.show]
        guest = self.guests[sale.guest] if sale.guest >= 0 else None
        booking = self._id("theatre_booking")
        ref = reference(booking)
        offer = self._offer(sale, show, guest) if guest else None
        priced = self._priced(
            show, sale.seats, guest.tier if guest else None, offer.coupon if offer else None
        )
        if offer and not priced.coupon_applied:
            offer = None
        whole = sale.cancelled != 0
        ended_by = str(self._actor(sale)) if whole else NULL
        self._booking(
            sale, booking, ref, "cancelled" if whole else "confirmed", priced, offer, sale.cancelled, ended_by
        )
        tickets = self._tickets(sale, show, booking, priced)
        self._paid(sale, booking, priced, tickets)
        invoice = self._invoice(sale, show, booking, ref, priced, tickets, offer)
        self._letter(sale, booking, f"booking_confirmed:{booking}", "booking_confirmed", "{}", sale.at)
        actor = self._actor(sale)
        self._audit(sale.held, actor, "hold", ref, self._hold_details(show, sale))
        self._audit(
            sale.at, actor, "confirm", ref, f'{{"total": "{priced.total_text}", "method": "{sale.method}"}}'
        )
        if offer and guest:
            self._used(offer, guest, booking, sale)
        if guest:
            self._count(guest, sale, show)
        if sale.cancelled or sale.returned:
            self._give_back(sale, booking, ref, priced, tickets, invoice)
        self.sold += len(tickets)

    # Each of the following writes the rows of one table.

    def _booking(
        self,
        sale: Sale,
        booking: int,
        ref: str,
        state: str,
        priced: Priced | None = None,
        offer: Offer | None = None,
        ended: int = 0,
        ended_by: str = NULL,
    ) -> None:
        guest = self.guests[sale.guest] if sale.guest >= 0 else None
        seller = str(self.sellers[sale.seller].user_id) if sale.seller >= 0 else NULL
        self.lines["theatre_booking"].append(
            f"{booking}\t{ref}\t{self.shows[sale.show].id}\t{state}\t{guest.customer_id if guest else NULL}\t\t\t\t\t"
            f"{self._actor(sale)}\t{seller}\t{seller}\t{sale.channel}\t"
            f"{moment(sale.held + self.hold)}\t0\t{moment(sale.held)}\t{moment(sale.at)}\t"
            f"{moment(ended)}\t{ended_by}\t\t{offer.id if offer else NULL}\t{priced.tier_name if priced else ''}\t"
            f"{priced.tier_percent if priced else 0}\t{priced.total_text if priced else NULL}\tf"
        )

    def _tickets(self, sale: Sale, show: SoldShow, booking: int, priced: Priced) -> list[int]:
        first = self.next["theatre_ticket"]
        self.next["theatre_ticket"] = first + len(sale.seats)
        seller = str(self.sellers[sale.seller].user_id) if sale.seller >= 0 else NULL
        at = moment(sale.at)
        rng, lines, claims, ledger = (
            self.rng, self.lines["theatre_ticket"], self.lines["theatre_seatclaim"], self.lines["theatre_ledgerentry"],
        )  # fmt: skip
        came = show.starts < self.now and rng.random() >= NO_SHOWS
        walked_in = max(sale.at + MINUTE, show.starts - int(20 * MINUTE * rng.random()))
        in_at = moment(min(self.now, walked_in)) if came else NULL
        door = DOORS[booking % 2] if came else ""
        entry = self.next["theatre_ledgerentry"]
        self.next["theatre_ledgerentry"] = entry + len(sale.seats)
        sold_by = f"{seller}\t{sale.channel}\t{sale.method}"
        hall = show.hall
        for number, (place, (columns, sold, _, _, _)) in enumerate(
            zip(sale.seats, priced.tickets, strict=True)
        ):
            back = sale.cancelled or (sale.returned and number == 0)
            seat = hall.seats[place].id
            lines.append(
                f"{first + number}\t{booking}\t{show.id}\t{show.plan_id}\t{seat}\t{hall.kinds[place]}\tadult\t"
                f"{'returned' if back else 'sold'}\t{columns}\t{rng.getrandbits(64):016x}\t"
                f"{NULL if back else in_at}\t{'' if back else door}"
            )
            if not back:
                claims.append(f"{show.id}\t{seat}\t{show.plan_id}\t{booking}\tsold\t{NULL}\t")
            ledger.append(f"{entry + number}\tsale\t{first + number}\t{booking}\t{at}\t{sold}\t{sold_by}")
        return list(range(first, first + len(sale.seats)))

    def _paid(self, sale: Sale, booking: int, priced: Priced, tickets: Sequence[int]) -> None:
        back = self._amount_back(sale, priced)
        payment = self._id("theatre_payment")
        self.lines["theatre_payment"].append(
            f"{payment}\t{booking}\t{sale.method}\t{priced.total_text}\t{back}\tcaptured\t\t{moment(sale.at)}"
        )
        if back:
            self.lines["theatre_refund"].append(
                f"{self._id('theatre_refund')}\t{payment}\t{booking}\t{back}\tdone\t"
                f"{moment(sale.cancelled or sale.returned)}\t{self._actor(sale)}"
            )

    def _amount_back(self, sale: Sale, priced: Priced) -> Decimal:
        if sale.cancelled:
            return priced.total
        return priced.tickets[0][3] if sale.returned else NOTHING

    def _invoice(
        self,
        sale: Sale,
        show: SoldShow,
        booking: int,
        ref: str,
        priced: Priced,
        tickets: list[int],
        offer: Offer | None,
    ) -> int:
        labels, kinds = show.hall.labels, show.hall.kinds
        lines = ", ".join(
            f'{{"ticket": {ticket}, "seat": "{labels[place]}", {rest}'
            for ticket, place, rest in zip(tickets, sale.seats, priced.facts, strict=True)
        )
        said = ", ".join(
            f'"{ticket}": "{kinds[place]}"' for ticket, place in zip(tickets, sale.seats, strict=True)
        )
        seller = json.dumps(self.sellers[sale.seller].name) if sale.seller >= 0 else '""'
        named = self.guests[sale.guest].named if sale.guest >= 0 else NOBODY
        facts = (
            f'{{"lines": [{lines}], "total": "{priced.total_text}", "vat": "{priced.vat_text}", {self.money},'
            f' "kinds": {{{said}}}, "coupon": {json.dumps(offer and offer.coupon.code)}, "ref": "{ref}",'
            f' {named}, {show.facts}, "method": "{sale.method}", "seller": {seller}}}'
        )
        return self._number(
            "invoice", booking, NULL, sale.at, priced.total_text, priced.vat_text, tickets, facts
        )

    def _number(
        self,
        series: str,
        booking: int,
        refers_to: object,
        at: int,
        total: object,
        vat: object,
        tickets: Sequence[int],
        facts: str,
    ) -> int:
        year = self._year(at)
        number = self.numbers.get((series, year), 0) + 1
        self.numbers[series, year] = number
        invoice = self._id("theatre_invoice")
        self.lines["theatre_invoice"].append(
            f"{invoice}\t{series}\t{year}\t{number}\t{booking}\t{refers_to}\t{moment(at)}\t{total}\t{vat}\t"
            f"{list(tickets)}\t{text(facts)}"
        )
        return invoice

    def _year(self, at: int) -> int:
        """The theatre's year, which begins at its own midnight."""
        hour = at // HOUR
        if hour not in self._year_of_day:
            self._year_of_day[hour] = datetime.fromtimestamp(at, quotes.ZONE).year
        return self._year_of_day[hour]

    def _letter(self, sale: Sale, booking: int, key: str, kind: str, data: str, at: int) -> None:
        """A letter that has been sent; none to somebody without an address."""
        if sale.guest < 0:
            return
        subject = f"{_SUBJECTS[kind]}: {self.shows[sale.show].subject}"
        self._letter_to(self.guests[sale.guest], key, kind, data, at, str(booking), subject)

    def _letter_to(
        self, guest: Guest, key: str, kind: str, data: str, at: int, booking: str, subject: str
    ) -> None:
        queued, sent = moment(at), moment(min(at + 3, self.now))
        letter = self._id("theatre_letter")
        self.lines["theatre_letter"].append(
            f"{letter}\t{key}\t{kind}\t{guest.email}\t{guest.user_id}\t{booking}\t{data}\t"
            f"<{letter}.{self.rng.getrandbits(64):016x}@{self.host}>\tsent\t1\t{queued}\t{NULL}\t{sent}\t\t{text(subject)}\t{queued}"
        )

    def _audit(self, at: int, actor: int, verb: str, ref: str, details: str) -> None:
        entry = self._id("theatre_auditentry")
        self.lines["theatre_auditentry"].append(
            f"{entry}\t{moment(at)}\t{deed_of(at, entry)}\t{actor}\t{verb}\tbooking\t{ref}\t\t\t\t{details}"
        )

    def _hold_details(self, show: SoldShow, sale: Sale) -> str:
        seats = ", ".join(f'"{show.hall.labels[place]}"' for place in sale.seats)
        return f'{{"seats": [{seats}], "show": {show.id}}}'

    def _actor(self, sale: Sale) -> int:
        return self.sellers[sale.seller].user_id if sale.seller >= 0 else self.guests[sale.guest].user_id

    # Coupons, tiers and returns.

    def _offer(self, sale: Sale, show: SoldShow, guest: Guest) -> Offer | None:
        """The coupon that is used, if one is and may be."""
        if not self.offers or self.rng.random() >= WITH_COUPON:
            return None
        offer = self.rng.choice(self.offers)
        if sale.cancelled and offer.coupon.total_limit is not None:
            return None
        used_by_guest = guest.coupons.get(offer.coupon.code, 0)
        try:
            coupons.check(
                replace(offer.coupon, used_by_customer=used_by_guest),
                now=datetime.fromtimestamp(sale.at, UTC),
                zone=quotes.ZONE,
                tickets=len(sale.seats),
                movie_id=show.movie_id,
                show_weekday=datetime.fromtimestamp(show.starts, quotes.ZONE).weekday(),
            )
        except CouponRefused:
            return None
        return offer

    def _used(self, offer: Offer, guest: Guest, booking: int, sale: Sale) -> None:
        code = offer.coupon.code
        guest.coupons[code] = guest.coupons.get(code, 0) + 1
        offer.coupon = replace(offer.coupon, used=offer.coupon.used + 1)
        offer.live += not sale.cancelled
        self.lines["theatre_couponuse"].append(
            f"{self._id('theatre_couponuse')}\t{offer.id}\t{booking}\t{guest.customer_id}\t{moment(sale.at)}\t"
            f"{moment(sale.cancelled)}"
        )

    def _count(self, guest: Guest, sale: Sale, show: SoldShow) -> None:
        """The tier after this booking: tickets of the twelve months before, less those given back by now."""
        tickets = len(sale.seats)
        back = tickets if sale.cancelled else 1 if sale.returned else 0
        guest.bought.append((sale.at, tickets, sale.cancelled or sale.returned, back))
        if guest.bought[0][0] <= sale.at - SHORTEST_YEAR:
            since = year_before(sale.at)
            guest.bought = [bought for bought in guest.bought if bought[0] > since]
        guest.tickets = sum(
            number - (given_back if when and when <= sale.at else 0)
            for _, number, when, given_back in guest.bought
        )
        before, guest.tier, guest.counted = guest.tier, tier_for(guest.tickets, self.tiers), sale.at
        if guest.tier and (before is None or guest.tier.threshold > before.threshold):
            tier = guest.tier
            day = moment(sale.at)[:10]
            data = f'{{"tier": "{tier.name}", "percent": "{tier.percent}"}}'
            key = f"tier_reached:{guest.customer_id}:{tier.name}:{day}"
            self._letter_to(guest, key, "tier_reached", data, sale.at, NULL, f"You’re {tier.name}")

    def _give_back(
        self, sale: Sale, booking: int, ref: str, priced: Priced, tickets: list[int], invoice: int
    ) -> None:
        whole, at = sale.cancelled != 0, sale.cancelled or sale.returned
        back = tickets if whole else tickets[:1]
        amount = self._amount_back(sale, priced)
        seller = str(self.sellers[sale.seller].user_id) if sale.seller >= 0 else NULL
        for ticket, (_, _, given_back, _, _) in zip(back, priced.tickets, strict=False):
            self.lines["theatre_ledgerentry"].append(
                f"{self._id('theatre_ledgerentry')}\treturn\t{ticket}\t{booking}\t{moment(at)}\t{given_back}\t{seller}\t"
                f"{sale.channel}\t{sale.method}"
            )
        data = f'{{"tickets": {back}, "refunded": "{amount}"}}'
        kind = "booking_cancelled" if whole else "tickets_returned"
        self._letter(sale, booking, f"{kind}:{back[0]}", kind, data, at)
        self._audit(at, self._actor(sale), "cancel", ref, data)
        self.returned += len(back)
        vat = sum((row[4] for row in priced.tickets[: len(back)]), NOTHING)
        facts = ", ".join(
            f'{{"ticket": {ticket}, "price": "{price}", "vat": "{tax}"}}'
            for ticket, (_, _, _, price, tax) in zip(back, priced.tickets, strict=False)
        )
        written = f'{{"lines": [{facts}], "ref": "{ref}", "reason": ""}}'
        self.notes.append(_Note(at, booking, invoice, -amount, -vat, back, written))

    def _priced(
        self, show: SoldShow, seats: Sequence[int], tier: Tier | None, coupon: Coupon | None
    ) -> Priced:
        amounts = tuple(show.prices[show.hall.kinds[place]] for place in seats)
        like = (amounts, tier and tier.name, coupon and coupon.code)
        if like not in self._priced_like:
            self._priced_like[like] = price(amounts, tier, coupon)
        return self._priced_like[like]


_SUBJECTS = {
    "booking_confirmed": "Your tickets",
    "booking_cancelled": "Cancelled",
    "tickets_returned": "Tickets returned",
}


def year_before(at: int) -> int:
    """The same moment a year earlier by the calendar, as PostgreSQL subtracts a year: 29 February becomes the 28th."""
    then = datetime.fromtimestamp(at, UTC)
    day = 28 if (then.month, then.day) == (2, 29) else then.day
    return int(then.replace(year=then.year - 1, day=day).timestamp())
