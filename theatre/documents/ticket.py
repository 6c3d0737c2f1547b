"""The tickets of a booking, each with its own code: on A4, three to a page, or on the roll of a counter's printer."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from theatre.documents import paper, qr, words
from theatre.documents.values import SeatTicket, TicketSheet


def render_tickets(sheet: TicketSheet, *, language: str = "en") -> bytes:
    """The PDF of all the tickets of ``sheet``, in the order given. The same sheet gives the same bytes."""
    return _render("ticket.typ", sheet, language)


def render_roll(sheet: TicketSheet, *, language: str = "en") -> bytes:
    """The same for paper of 80 mm, of which 72 are printed: a page a ticket, as long as it needs to be."""
    return _render("roll.typ", sheet, language)


def _render(template: str, sheet: TicketSheet, language: str) -> bytes:
    with translation.override(language):
        return paper.print_pdf(
            template,
            _on_paper(sheet, language),
            drawings=[_drawing(seat.code) for seat in sheet.seats],
            language=language,
            made_at=sheet.issued_at,
        )


def _on_paper(sheet: TicketSheet, language: str) -> dict[str, object]:
    showing = sheet.showing
    time = words.clock(showing.starts_at, showing.zone)
    reference = words.spaced(sheet.reference)
    return {
        "house": {"name": sheet.house.name},
        "movie": showing.movie_title,
        "certificate": showing.certificate,
        "screen": showing.screen,
        "formats": ", ".join(showing.formats),
        "reference": reference,
        "terms": f"{sheet.terms} {sheet.house.name}, {sheet.house.address}, {sheet.house.phone}",
        "seats": [
            _seat(seat, sheet, position, language) for position, seat in enumerate(sheet.seats, start=1)
        ],
        "words": {
            "title": ngettext(
                "Ticket %(reference)s: %(movie)s", "Tickets %(reference)s: %(movie)s", len(sheet.seats)
            )
            % {"reference": reference, "movie": showing.movie_title},
            "day-and-time": _("%(day)s, %(time)s")
            % {"day": words.long_day(showing.starts_at, showing.zone, language), "time": time},
            "short-day-and-time": _("%(day)s, %(time)s")
            % {"day": words.short_day(showing.starts_at, showing.zone, language), "time": time},
            "doors": _("Doors %(time)s") % {"time": words.clock(showing.doors_at, showing.zone)},
            "code": _("Ticket code %(reference)s") % {"reference": sheet.reference},
            "seat": _("Seat"),
            "kind": _("Type"),
            "price": _("Price"),
            "certificate": _("Certificate"),
            "format": _("Format"),
        },
    }


def _seat(seat: SeatTicket, sheet: TicketSheet, position: int, language: str) -> dict[str, str]:
    return {
        "name": f"{seat.row} {seat.number}",
        "kind": seat.kind,
        "price": words.money(seat.price, sheet.currency, language),
        "count": _("Ticket %(position)s of %(count)s") % {"position": position, "count": len(sheet.seats)},
    }


def _drawing(code: str) -> str:
    path, width = qr.modules(code)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}"><path d="{path}"/></svg>'
