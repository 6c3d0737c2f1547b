"""Bookings: the list, one in full, its papers, and giving tickets back."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from theatre.access import Permission
from theatre.actions.booking._holds import unknown
from theatre.actions.booking.cancel import cancel_booking
from theatre.api import shapes
from theatre.api.answers import answer, error, page_of
from theatre.api.bearer import Asked, Bearer
from theatre.api.bodies import BookingQuery, CancelBody
from theatre.api.keys import key_parameter, once
from theatre.api.references import reference
from theatre.documents.papers import invoice_pdf, tickets_pdf
from theatre.documents.record import booking_record
from theatre.queries import bookings, quotes
from theatre.queries.bookings import ListedBooking, SeenBooking
from theatre.queries.papers import papers_of
from theatre.rules.money import as_text

router = Router(tags=["Bookings"])
_MAY_SEE = Bearer(Permission.SEE_BOOKINGS)
_PDF = {
    "responses": {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}
}


@router.get(
    "/bookings",
    auth=_MAY_SEE,
    response=shapes.Bookings,
    operation_id="bookings",
    summary="The bookings this person sees, newest first",
)
def listed(request: Asked, wanted: Query[BookingQuery]) -> HttpResponse:
    """Customers see their own, salesmen those assigned to them, moderators and admins all."""
    states = [wanted.state] if wanted.state else []
    found, count = bookings.page(request.auth, wanted.page, wanted.items, states=states)
    return answer(page_of([_line(each) for each in found], wanted.page, wanted.items, count))


@router.get(
    "/bookings/{ref}",
    auth=_MAY_SEE,
    response={200: shapes.Booking, 404: shapes.Refusal},
    operation_id="booking",
    summary="One booking with its tickets",
)
def booking(request: Asked, ref: str) -> HttpResponse:
    return answer(booking_record(_seen(request, ref)))


@router.get(
    "/bookings/{ref}/tickets.pdf",
    auth=_MAY_SEE,
    response={200: None, 404: shapes.Refusal, 409: shapes.Refusal},
    operation_id="tickets_pdf",
    summary="The tickets to print",
    openapi_extra=_PDF,
)
def tickets(request: Asked, ref: str) -> HttpResponse:
    seen = _seen(request, ref)
    if not any(ticket.state == "sold" for ticket in seen.tickets):
        return error(
            409, "no_tickets", _("This booking has no tickets to print. Its state is in the booking itself")
        )
    return _pdf(tickets_pdf(seen), f"tickets-{seen.ref}.pdf")


@router.get(
    "/bookings/{ref}/invoice.pdf",
    auth=_MAY_SEE,
    response={200: None, 404: shapes.Refusal, 409: shapes.Refusal},
    operation_id="invoice_pdf",
    summary="The invoice to print",
    openapi_extra=_PDF,
)
def invoice(request: Asked, ref: str) -> HttpResponse:
    seen = _seen(request, ref)
    papers = papers_of(seen.id)
    if not papers:
        return error(409, "no_invoice", _("This booking has no invoice, because it was never confirmed"))
    return _pdf(invoice_pdf(seen, papers[0]), f"invoice-{papers[0].number}.pdf")


@router.post(
    "/bookings/{ref}/cancel",
    auth=Bearer(Permission.CANCEL_BOOKINGS),
    response={
        200: shapes.Booking,
        400: shapes.Refusal,
        404: shapes.Refusal,
        409: shapes.Refusal,
        422: shapes.FieldErrors,
    },
    operation_id="cancel_booking",
    summary="Return tickets, or the whole booking",
    openapi_extra={"parameters": [key_parameter(required=True)]},
)
def cancel(request: Asked, ref: str, body: CancelBody | None = None) -> HttpResponse:
    """The seats are free at once and the money goes back the way it came."""
    ref = reference(ref)
    body = body or CancelBody()
    cancelled = cancel_booking(
        by=request.auth, ref=ref, reason=body.reason or "", tickets=body.tickets,
        once=once(request, f"cancel {ref}", body, needed=True),
    )  # fmt: skip
    return answer(cancelled.record)


def _seen(request: Asked, ref: str) -> SeenBooking:
    seen = bookings.detail(request.auth, reference(ref))
    if seen is None:
        raise unknown()
    return seen


def _pdf(paper: bytes, name: str) -> HttpResponse:
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _line(found: ListedBooking) -> dict[str, object]:
    return {
        "ref": found.ref,
        "state": found.state,
        "movie": found.movie,
        "movie_slug": found.slug,
        "screen": found.screen,
        "starts_at": found.starts_at.isoformat(),
        "seats": found.seats.split(", "),
        "total": None if found.total is None else as_text(found.total, quotes.PLACES),
        "currency": settings.CURRENCY,
        "channel": found.channel,
        "created_at": found.created_at.isoformat(),
    }
