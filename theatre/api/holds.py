"""Hold seats, keep them, give them back, see what they cost, confirm them."""

from django.http import HttpResponse
from ninja import Query, Router

from theatre.access import Permission
from theatre.actions.booking import coupon_tries
from theatre.actions.booking._holds import unknown
from theatre.actions.booking.confirm import confirm_booking
from theatre.actions.booking.hold import hold_seats
from theatre.actions.booking.keep import extend_hold, release_hold
from theatre.api import shapes
from theatre.api.answers import answer
from theatre.api.bearer import Asked, Bearer
from theatre.api.bodies import ConfirmBody, ExtendBody, HoldBody, QuoteQuery
from theatre.api.keys import key_parameter, once
from theatre.api.references import reference
from theatre.queries import bookings, quotes
from theatre.rules import pricing
from theatre.rules.bookings import State, check_step, hold_ended

router = Router(tags=["Holds"])
_MAY_HOLD = Bearer(Permission.HOLD_SEATS)
_OPTIONAL_KEY = {"parameters": [key_parameter(required=False)]}


@router.post(
    "/holds",
    auth=_MAY_HOLD,
    response={201: shapes.Hold, 404: shapes.Refusal, 409: shapes.SeatTaken, 422: shapes.FieldErrors},
    operation_id="hold_seats",
    summary="Hold seats of one show",
    openapi_extra=_OPTIONAL_KEY,
)
def hold(request: Asked, body: HoldBody) -> HttpResponse:
    """All of them, or none. They are held until `expires_at`; confirm before."""
    held = hold_seats(
        by=request.auth, show_id=body.show, seat_ids=body.seats, audiences=body.by_seat(),
        for_customer=body.customer, once=once(request, "holds", body),
    )  # fmt: skip
    return answer(held.as_json(), 201)


@router.post(
    "/holds/{ref}/extend",
    auth=_MAY_HOLD,
    response={200: shapes.Extended, 404: shapes.Refusal, 409: shapes.Refusal},
    operation_id="extend_hold",
    summary="Hold the seats longer",
    openapi_extra=_OPTIONAL_KEY,
)
def extend(request: Asked, ref: str, body: ExtendBody | None = None) -> HttpResponse:
    """Adds the hold's minutes again, at least ten times, until 15 minutes before the show."""
    ref = reference(ref)
    longer = extend_hold(by=request.auth, ref=ref, once=once(request, f"extend {ref}", body))
    return answer(
        {
            "ref": longer.ref,
            "expires_at": longer.held_until.isoformat(),
            "extensions_left": longer.left,
            "last": longer.last,
        }
    )


@router.delete(
    "/holds/{ref}",
    auth=_MAY_HOLD,
    response={204: None, 404: shapes.Refusal, 409: shapes.Refusal},
    operation_id="release_hold",
    summary="Give the seats back",
)
def release(request: Asked, ref: str) -> HttpResponse:
    """A hold that has ended already is given back all the same; a confirmed one is cancelled, not released."""
    release_hold(by=request.auth, ref=reference(ref))
    return HttpResponse(status=204)


@router.get(
    "/holds/{ref}/quote",
    auth=_MAY_HOLD,
    response={200: shapes.Quote, 404: shapes.Refusal, 409: shapes.Refusal, 429: shapes.Refusal},
    operation_id="quote",
    summary="What the hold costs now",
)
def quote(request: Asked, ref: str, asked: Query[QuoteQuery]) -> HttpResponse:
    """With the customer's tier, and with a coupon if one is given. Nothing is spent by asking."""
    held = bookings.detail(request.auth, reference(ref))
    if held is None:
        raise unknown()
    check_step(held.state, State.CONFIRMED)
    if not held.is_live_hold:
        raise hold_ended(held.held_until, quotes.ZONE)
    coupon_tries.count(request.auth, asked.coupon)
    return answer(pricing.as_json(bookings.cost_of(held, asked.coupon).quote))


@router.post(
    "/holds/{ref}/confirm",
    auth=Bearer(Permission.BOOK),
    response={
        201: shapes.Booking,
        400: shapes.Refusal,
        404: shapes.Refusal,
        409: shapes.PriceChanged,
        422: shapes.FieldErrors,
        429: shapes.Refusal,
    },
    operation_id="confirm_hold",
    summary="Confirm a hold at the price that was shown",
    openapi_extra={"parameters": [key_parameter(required=True)]},
)
def confirm(request: Asked, ref: str, body: ConfirmBody) -> HttpResponse:
    """If the price is no longer `shown_total`, nothing is booked and the new quote comes back."""
    ref = reference(ref)
    key = once(request, f"confirm {ref}", body, needed=True)
    coupon = body.coupon or ""
    coupon_tries.count(request.auth, coupon)
    confirmed = confirm_booking(
        by=request.auth, ref=ref, shown_total=body.shown_total, method=body.payment.method,
        coupon_code=coupon, once=key,
    )  # fmt: skip
    return answer(confirmed.record, 201)
