"""Bookings: the list, one in full, its papers, and giving tickets back."""

import io

import pypdf
import pytest

from tests import factories, people
from tests.api import calls
from theatre.models import Booking, Invoice, SeatClaim

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages)


def test_own_bookings_are_listed_newest_first():
    caller = calls.customer()
    older, newer = factories.booked(by=caller.who), factories.held(by=caller.who)
    factories.booked()

    said = caller.get("/bookings").json()

    assert [booking["ref"] for booking in said["items"]] == [newer.ref, older.ref]
    assert (said["page"], said["pages"], said["count"]) == (1, 1, 2)
    assert said["items"][1]["movie"] == older.show.movie.title
    assert (said["items"][1]["seats"], said["items"][1]["total"]) == (["A 1", "A 2"], "22.00")
    assert said["items"][0]["total"] is None


def test_bookings_are_listed_in_pages_and_by_state():
    caller = calls.customer()
    for _ in range(3):
        factories.booked(by=caller.who)
    factories.cancelled(by=caller.who)

    assert len(caller.get("/bookings?size=2").json()["items"]) == 2
    assert caller.get("/bookings?size=2").json()["pages"] == 2
    assert caller.get("/bookings?state=cancelled").json()["count"] == 1
    assert caller.get("/bookings?state=eaten").status_code == 422


def test_staff_list_what_is_theirs_to_see():
    salesman = calls.salesman()
    own = factories.booked(by=salesman.who)
    factories.booked()

    assert [each["ref"] for each in salesman.get("/bookings").json()["items"]] == [own.ref]
    assert calls.moderator().get("/bookings").json()["count"] == 2
    assert calls.admin().get("/bookings").json()["count"] == 2


def test_booking_is_read_as_it_was_confirmed():
    caller = calls.customer()
    show = factories.show()
    booked = caller.book(show.pk, factories.free_seats(show, 2))

    assert caller.get(f"/bookings/{booked['ref']}").json() == booked


def test_hold_is_read_as_a_booking_that_is_held():
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref

    said = caller.get(f"/bookings/{ref}").json()

    assert (said["state"], said["total"], said["payment"]) == ("held", None, None)
    assert said["expires_at"]
    assert said["tickets"][0]["code"] is None


def test_hold_whose_time_is_over_reads_lapsed_before_anybody_tidies():
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref
    calls.end_hold(ref)

    assert Booking.objects.get(ref=ref).state == "held"
    assert caller.get(f"/bookings/{ref}").json()["state"] == "lapsed"
    assert caller.get("/bookings").json()["items"][0]["state"] == "lapsed"


def test_tickets_and_invoice_are_pdfs():
    caller = calls.customer(name="রবীন্দ্রনাথ 🎬 جبران")
    ref = factories.booked(by=caller.who).ref

    tickets, invoice = caller.get(f"/bookings/{ref}/tickets.pdf"), caller.get(f"/bookings/{ref}/invoice.pdf")

    assert tickets["Content-Type"] == invoice["Content-Type"] == "application/pdf"
    assert tickets["Content-Disposition"] == f'inline; filename="tickets-{ref}.pdf"'
    assert tickets["Cache-Control"] == "private, no-store"
    assert ref[:4] in text_of(tickets)
    number = Invoice.objects.get(booking__ref=ref).label
    assert number in text_of(invoice)
    assert invoice["Content-Disposition"] == f'inline; filename="invoice-{number}.pdf"'


def test_hold_has_no_papers_yet():
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref

    assert caller.get(f"/bookings/{ref}/tickets.pdf").json()["code"] == "no_tickets"
    assert caller.get(f"/bookings/{ref}/invoice.pdf").json()["code"] == "no_invoice"


def test_cancelled_booking_has_an_invoice_and_no_tickets():
    caller = calls.customer()
    ref = factories.cancelled(by=caller.who).ref

    assert caller.get(f"/bookings/{ref}/tickets.pdf").status_code == 409
    assert caller.get(f"/bookings/{ref}/invoice.pdf").status_code == 200


def test_cancelled_booking_frees_its_seats_and_pays_back():
    caller = calls.customer()
    booking = factories.booked(by=caller.who)

    cancelled = caller.once(f"/bookings/{booking.ref}/cancel")

    said = cancelled.json()
    assert cancelled.status_code == 200
    assert (said["state"], said["refunded"]) == ("cancelled", "22.00")
    assert {ticket["state"] for ticket in said["tickets"]} == {"returned"}
    assert not SeatClaim.objects.filter(show=booking.show).exists()
    assert caller.get(f"/bookings/{booking.ref}").json() == said


def test_single_ticket_can_be_returned():
    caller = calls.customer()
    show = factories.show()
    booked = caller.book(show.pk, factories.free_seats(show, 2))
    first, second = booked["tickets"]

    said = caller.once(f"/bookings/{booked['ref']}/cancel", {"tickets": [first["id"]]}).json()

    assert (said["state"], said["refunded"]) == ("confirmed", "11.00")
    assert [ticket["state"] for ticket in said["tickets"]] == ["returned", "sold"]
    assert said["tickets"][1]["code"] == second["code"]


@pytest.mark.parametrize(
    "tickets, status, code",
    [([], 422, "nothing_to_return"), ([987654321], 422, "ticket_not_in_booking")],
)
def test_only_tickets_of_the_booking_are_returned(tickets, status, code):
    caller = calls.customer()
    ref = factories.booked(by=caller.who).ref

    refused = caller.once(f"/bookings/{ref}/cancel", {"tickets": tickets})

    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (status, code, "tickets")


def test_ticket_is_returned_once():
    caller = calls.customer()
    show = factories.show()
    booked = caller.book(show.pk, factories.free_seats(show, 2))
    first = booked["tickets"][0]["id"]
    caller.once(f"/bookings/{booked['ref']}/cancel", {"tickets": [first]})

    refused = caller.once(f"/bookings/{booked['ref']}/cancel", {"tickets": [first]})

    assert (refused.status_code, refused.json()["code"]) == (409, "ticket_returned")


def test_customer_cancels_until_two_hours_before():
    caller = calls.customer()
    ref = factories.booked(by=caller.who, of=factories.show(in_hours=1.9)).ref

    refused = caller.once(f"/bookings/{ref}/cancel")

    assert (refused.status_code, refused.json()["code"]) == (409, "too_late_to_cancel")


def test_moderator_gives_a_reason():
    ref = factories.booked().ref
    caller = calls.moderator()

    refused = caller.once(f"/bookings/{ref}/cancel", {"reason": "  "})
    cancelled = caller.once(f"/bookings/{ref}/cancel", {"reason": "The projector broke"})

    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        422,
        "reason_needed",
        "reason",
    )
    assert cancelled.json()["state"] == "cancelled"


def test_booking_is_cancelled_once():
    caller = calls.customer()
    ref = factories.cancelled(by=caller.who).ref

    refused = caller.once(f"/bookings/{ref}/cancel")

    assert (refused.status_code, refused.json()["code"]) == (409, "already_cancelled")


def test_hold_is_released_not_cancelled():
    caller = calls.customer()
    ref = factories.held(by=caller.who).ref

    refused = caller.once(f"/bookings/{ref}/cancel")

    assert (refused.status_code, refused.json()["code"]) == (409, "not_confirmed")


def test_salesman_cancels_what_is_assigned_to_him():
    salesman = calls.salesman()
    own = factories.booked(by=salesman.who, for_customer=people.customer().email)

    assert salesman.once(f"/bookings/{own.ref}/cancel").json()["state"] == "cancelled"
    assert salesman.once(f"/bookings/{factories.booked().ref}/cancel").status_code == 404
