"""What each kind of letter says: subject, text, HTML and what is attached.

A letter is written when it is sent, from what the database knows then and the data it was queued with. Names and
titles reach subjects as one clean line and HTML escaped, so nothing a person typed can add a header or markup.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from email.mime.image import MIMEImage
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from theatre.documents import papers, qr, words
from theatre.documents.record import ticket_code
from theatre.queries import links
from theatre.queries.bookings import SeenBooking, for_papers
from theatre.queries.papers import Paper, papers_of

_LONGEST_TITLE = 120  # of a movie, in a subject
_MOST_CODES = 10  # shown in the letter itself; the PDF has all of them

_BLANK_LINES = re.compile(r"\n\s*\n\s*\n")  # what template tags leave behind
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    """A letter as it was queued. `attempts` counts the one that is being made."""

    id: int
    key: str
    kind: str
    to: str
    booking_id: int | None
    user_id: int | None
    data: dict[str, Any]
    message_id: str
    attempts: int
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Code:
    """A seat's QR as a picture inside the letter."""

    name: str
    seat: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """What a kind of letter fills its frame with. The templates are mail/`template`.txt and .html."""

    subject: str
    template: str
    context: dict[str, Any]
    attachments: list[Attachment] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)


def compose(letter: QueuedLetter) -> EmailMultiAlternatives:
    """The mail of a queued letter: a text part, its HTML twin, the attachments, and the letter's one Message-ID."""
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        written = KINDS[letter.kind](letter, language)
        subject = words.one_line(written.subject)
        context = {**written.context, "subject": subject, "house": papers.house(), "site": settings.SITE_URL}
        text = render_to_string(f"mail/{written.template}.txt", context)
        html = render_to_string(f"mail/{written.template}.html", context)
    mail = EmailMultiAlternatives(
        subject=subject,
        body=_BLANK_LINES.sub("\n\n", text).strip() + "\n",
        to=[letter.to],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(_inliner.inline(html), "text/html")
    for code in written.codes:
        picture = MIMEImage(code.picture, "png")
        picture.add_header("Content-ID", f"<{code.name}>")
        picture.add_header("Content-Disposition", "inline", filename=f"{code.name}.png")
        mail.attach(picture)
    for each in written.attachments:
        mail.attach(each.name, each.content, each.mime)
    return mail


def _confirm_address(letter: QueuedLetter, language: str) -> Written:
    context = {
        "code": letter.data["code"],
        "link": links.to_first_address(letter.user_id, letter.to) if letter.user_id else "",
    }
    return Written(_("Confirm your email address"), "confirm_address", context)


def _confirm_new_address(letter: QueuedLetter, language: str) -> Written:
    context = {"code": letter.data["code"], "link": links.to_change("confirm", letter.data["change"])}
    return Written(_("Confirm your new email address"), "confirm_new_address", context)


def _address_in_use(letter: QueuedLetter, language: str) -> Written:
    return Written(_("Somebody asked to use your address"), "address_in_use", {"address": letter.to})


def _address_change_asked(letter: QueuedLetter, language: str) -> Written:
    return Written(_("Your email address is about to change"), "address_change_asked", _stoppable(letter))


def _address_changed(letter: QueuedLetter, language: str) -> Written:
    return Written(_("Your email address was changed"), "address_changed", _stoppable(letter))


def _stoppable(letter: QueuedLetter) -> dict[str, Any]:
    stop = links.to_change("stop", letter.data["change"])
    return {"new": letter.data["new"], "stop": stop, "days": links.STOP_DAYS}


def _address_change_stopped(letter: QueuedLetter, language: str) -> Written:
    context = {**letter.data, "is_kept": letter.to == letter.data["kept"]}
    return Written(_("The change of your email address was stopped"), "address_change_stopped", context)


def _password_reset(letter: QueuedLetter, language: str) -> Written:
    return Written(_("Set a new password"), "password_reset", {"link": letter.data["link"]})


def _password_changed(letter: QueuedLetter, language: str) -> Written:
    return Written(_("Your password was changed"), "password_changed", {})


def _account_erased(letter: QueuedLetter, language: str) -> Written:
    return Written(_("Your account is deleted"), "account_erased", {})


def _account_exists(letter: QueuedLetter, language: str) -> Written:
    return Written(_("You have an account already"), "account_exists", {"address": letter.to})


def _security_changed(letter: QueuedLetter, language: str) -> Written:
    subject, said = {
        "app_added": (_("Authenticator app set up"), _("An authenticator app was set up for your account.")),
        "app_removed": (
            _("Authenticator app removed"),
            _("The authenticator app was taken off your account."),
        ),
        "passkey_added": (_("Passkey added"), _("A passkey was added to your account.")),
        "passkey_removed": (_("Passkey removed"), _("A passkey was taken off your account.")),
        "recovery_codes_made": (
            _("New recovery codes"),
            _("New recovery codes were made for your account. The old ones stopped working."),
        ),
        "recovery_code_used": (
            _("Recovery code used"),
            _("Somebody used a recovery code to sign in to your account. It can’t be used again."),
        ),
    }[letter.data["change"]]
    context = {"said": said, "last": letter.data["last"], **_ways_in()}
    return Written(subject, "security_changed", context)


def _second_factor_reset(letter: QueuedLetter, language: str) -> Written:
    context = {"reason": letter.data["reason"], **_ways_in()}
    return Written(_("Your second factor was reset"), "second_factor_reset", context)


def _ways_in() -> dict[str, str]:
    """Where somebody signs in, and where they choose a new password."""
    return {
        "sign_in": settings.SITE_URL + reverse("account_login"),
        "new_password": settings.SITE_URL + reverse("account_reset_password"),
    }


def _invitation(letter: QueuedLetter, language: str) -> Written:
    context = {
        **{name: words.one_line(letter.data[name]) for name in ("role", "name", "by")},
        "days": settings.INVITATION_DAYS,
        "link": settings.SITE_URL + reverse("accept_invitation", args=[letter.data["code"]]),
    }
    subject = _("%(by)s invites you to work at %(house)s") % {
        "by": context["by"],
        "house": settings.THEATRE_NAME,
    }
    return Written(subject, "invitation", context)


def _standing(letter: QueuedLetter, language: str) -> Written:
    subject = {
        "role": _("Your role at %(house)s has changed"),
        "suspended": _("Your account at %(house)s is suspended"),
        "removed": _("Your account at %(house)s is closed"),
        "active": _("Welcome back to %(house)s"),
    }[letter.data["change"]]
    return Written(subject % {"house": settings.THEATRE_NAME}, "standing", dict(letter.data))


def _booking_confirmed(letter: QueuedLetter, language: str) -> Written:
    booking, sale, _notes = _booking(letter)
    subject = _("Your tickets: %(movie)s, %(day)s %(time)s, %(seats)s") % _facts(booking, language)
    tickets = [each for each in booking.tickets if each.state == "sold"]
    attachments = [_pdf(f"invoice-{sale.number}", papers.invoice_pdf(booking, sale, language=language))]
    if tickets:
        attachments = [
            _pdf("tickets", papers.tickets_pdf(booking, language=language)),
            *attachments,
            _calendar(booking, 0, language),
        ]
    codes = _codes(booking)
    context = {**_context(booking, sale, language), "codes": codes}
    return Written(subject, "booking_confirmed", context, attachments, codes)


def _booking_cancelled(letter: QueuedLetter, language: str) -> Written:
    booking, sale, notes = _booking(letter)
    note = _note_of(letter, notes)
    subject = _("Cancelled: %(movie)s, %(day)s %(time)s, %(seats)s") % _facts(booking, language, letter)
    attachments = [
        _pdf(f"credit-note-{note.number}", papers.credit_note_pdf(booking, sale, note, language=language)),
        _calendar(booking, len(notes), language),
    ]
    return Written(subject, "booking_cancelled", _returned(letter, booking, sale, language), attachments)


def _tickets_returned(letter: QueuedLetter, language: str) -> Written:
    booking, sale, notes = _booking(letter)
    note = _note_of(letter, notes)
    subject = _("Tickets returned: %(movie)s, %(day)s %(time)s, %(seats)s") % _facts(
        booking, language, letter
    )
    credit = _pdf(
        f"credit-note-{note.number}", papers.credit_note_pdf(booking, sale, note, language=language)
    )
    attachments = [credit, _calendar(booking, notes.index(note) + 1, language)]
    if booking.live_tickets:
        attachments.insert(0, _pdf("tickets", papers.tickets_pdf(booking, language=language)))
    return Written(subject, "tickets_returned", _returned(letter, booking, sale, language), attachments)


def _tier_reached(letter: QueuedLetter, language: str) -> Written:
    tier, percent = letter.data["tier"], f"{Decimal(letter.data['percent']).normalize():f}"
    subject = _("You’re %(tier)s: %(percent)s%% off from now") % {"tier": tier, "percent": percent}
    return Written(subject, "tier_reached", {"tier": tier, "percent": percent})


def _new_booking(letter: QueuedLetter, language: str) -> Written:
    booking, sale, _notes = _booking(letter)
    subject = _("New booking %(ref)s: %(movie)s, %(day)s %(time)s, %(seats)s") % _facts(booking, language)
    return Written(subject, "new_booking", _context(booking, sale, language))


def _cancellation(letter: QueuedLetter, language: str) -> Written:
    booking, sale, _notes = _booking(letter)
    subject = _("Cancelled %(ref)s: %(movie)s, %(day)s %(time)s, %(seats)s") % _facts(
        booking, language, letter
    )
    return Written(subject, "cancellation", _returned(letter, booking, sale, language))


KINDS: dict[str, Callable[[QueuedLetter, str], Written]] = {
    "confirm_address": _confirm_address,
    "password_reset": _password_reset,
    "password_changed": _password_changed,
    "confirm_new_address": _confirm_new_address,
    "address_in_use": _address_in_use,
    "address_change_asked": _address_change_asked,
    "address_changed": _address_changed,
    "address_change_stopped": _address_change_stopped,
    "account_erased": _account_erased,
    "account_exists": _account_exists,
    "security_changed": _security_changed,
    "second_factor_reset": _second_factor_reset,
    "invitation": _invitation,
    "standing": _standing,
    "booking_confirmed": _booking_confirmed,
    "booking_cancelled": _booking_cancelled,
    "tickets_returned": _tickets_returned,
    "tier_reached": _tier_reached,
    "new_booking": _new_booking,
    "cancellation": _cancellation,
}


def _booking(letter: QueuedLetter) -> tuple[SeenBooking, Paper, list[Paper]]:
    """The letter's booking, its invoice, and its credit notes in order."""
    if letter.booking_id is None:
        raise ValueError(f"A letter of the kind {letter.kind} is about a booking")
    sale, *notes = papers_of(letter.booking_id)
    return for_papers(letter.booking_id), sale, notes


def _note_of(letter: QueuedLetter, notes: list[Paper]) -> Paper:
    return next(note for note in notes if letter.data["tickets"][0] in note.ticket_ids)


def _facts(booking: SeenBooking, language: str, letter: QueuedLetter | None = None) -> dict[str, str]:
    movie = words.one_line(booking.movie)
    if len(movie) > _LONGEST_TITLE:
        movie = movie[: _LONGEST_TITLE - 1].rstrip() + "…"
    return {
        "ref": booking.ref,
        "movie": movie,
        "day": words.short_day(booking.starts_at, settings.THEATRE_ZONE, language),
        "time": words.clock(booking.starts_at, settings.THEATRE_ZONE),
        "seats": " ".join(_seats(booking, letter)),
    }


def _seats(booking: SeenBooking, letter: QueuedLetter | None = None) -> list[str]:
    """The seats the letter is about: those that were returned, else those that are sold, else all there were."""
    if letter is not None:
        return [each.seat for each in booking.tickets if each.id in letter.data["tickets"]]
    return [each.seat for each in booking.tickets if each.state == "sold"] or [
        each.seat for each in booking.tickets
    ]


def _context(booking: SeenBooking, sale: Paper, language: str) -> dict[str, Any]:
    showing = papers.showing_of(booking)
    charged = papers.invoice_of(booking, sale)
    return {
        "booking": booking,
        "reference": words.spaced(booking.ref),
        "day": words.long_day(booking.starts_at, settings.THEATRE_ZONE, language),
        "time": words.clock(booking.starts_at, settings.THEATRE_ZONE),
        "doors": words.clock(showing.doors_at, settings.THEATRE_ZONE),
        "seats": _seats(booking),
        "lines": [(f"{line.seat}, {line.kind}", _money(line.list_price, language)) for line in charged.lines],
        "discounts": [(taken.label, _money(taken.amount, language)) for taken in charged.discounts],
        "total": _money(charged.total, language),
        "vat": _money(charged.vat_total, language),
        "paid_by": charged.paid_by,
        "sold_by": charged.sold_by,
        "cancellation_rule": charged.cancellation_rule,
        "link": settings.SITE_URL + reverse("booking", args=[booking.ref]),
    }


def _returned(letter: QueuedLetter, booking: SeenBooking, sale: Paper, language: str) -> dict[str, Any]:
    return {
        **_context(booking, sale, language),
        "returned": _seats(booking, letter),
        "kept": [each.seat for each in booking.live_tickets],
        "refunded": _money(Decimal(letter.data["refunded"]), language),
    }


def _money(amount: Decimal, language: str) -> str:
    return words.money(amount, settings.CURRENCY, language)


def _codes(booking: SeenBooking) -> list[Code]:
    sold = [each for each in booking.tickets if each.state == "sold"]
    return [
        Code(f"code-{each.id}", each.seat, qr.png(ticket_code(booking, each) or ""))
        for each in sold[:_MOST_CODES]
    ]


def _pdf(name: str, content: bytes) -> Attachment:
    return Attachment(f"{name}.pdf", content, "application/pdf")


def _calendar(booking: SeenBooking, sequence: int, language: str) -> Attachment:
    method = "CANCEL" if booking.state == "cancelled" else "PUBLISH"
    content = papers.calendar_file(booking, sequence=sequence, language=language)
    return Attachment("show.ics", content, f"text/calendar; method={method}; charset=utf-8")
