"""Who answers where, for somebody on the way to a ticket, or with one."""

from django.urls import path

from theatre.web.customer import bookings, change, checkout, following, moved, waiting

urlpatterns = [
    path("hold/", checkout.hold_seats, name="hold"),
    path("checkout/<str:ref>/", checkout.review, name="checkout"),
    path("checkout/<str:ref>/confirm/", checkout.pay, name="confirm_booking"),
    path("checkout/<str:ref>/audiences/", checkout.audiences, name="change_audiences"),
    path("checkout/<str:ref>/extend/", checkout.extend, name="extend_hold"),
    path("checkout/<str:ref>/release/", checkout.release, name="release_hold"),
    path("bookings/<str:ref>/", bookings.booking, name="booking"),
    path("bookings/<str:ref>/tickets.pdf", bookings.tickets_pdf, name="tickets_pdf"),
    path("bookings/<str:ref>/roll.pdf", bookings.tickets_roll, name="tickets_roll"),
    path("bookings/<str:ref>/invoice.pdf", bookings.invoice_pdf, name="invoice_pdf"),
    path("bookings/<str:ref>/credit-note-<str:number>.pdf", bookings.credit_note_pdf, name="credit_note_pdf"),
    path("bookings/<str:ref>/show.ics", bookings.show_ics, name="show_ics"),
    path("bookings/<str:ref>/cancel/", bookings.cancel_booking, name="cancel_booking"),
    path("bookings/<str:ref>/change/", change.change_booking, name="change_booking"),
    path("moved/<str:token>/", moved.show_moved, name="show_moved"),
    path("moved/<str:token>/seats/", moved.moved_seats, name="moved_seats"),
    path("tickets/", bookings.my_tickets, name="my_tickets"),
    path("tickets/offline/", bookings.tickets_offline, name="tickets_offline"),
    path("shows/<int:show_id>/waiting/", waiting.wait, name="wait"),
    path("shows/<int:show_id>/waiting/leave/", waiting.leave, name="leave_waiting"),
    path("account/tier/", following.tier, name="tier"),
    path("account/watching/", following.watch_list, name="watch_list"),
]
