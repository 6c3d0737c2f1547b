"""A coupon on the way to a price: typed, looked up, never spent here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from theatre.actions.booking import coupon_tries
from theatre.actions.limits import TooManyTries
from theatre.queries import bookings
from theatre.queries.bookings import Checkout, SeenBooking
from theatre.rules.coupons import CouponRefused
from theatre.web.doors import TheatreRequest
from theatre.web.fields import LineField
from theatre.web.waiting import must_wait


class CouponForm(forms.Form):
    """A code to try."""

    coupon = LineField(
        label=_("Coupon code"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "class": "w-16"}),
    )


def coupon_form(code: str) -> CouponForm:
    """The form as it was filled in; untouched when nothing was typed."""
    return CouponForm({"coupon": code[:200]} if code else None)


def priced(request: TheatreRequest, booking: SeenBooking, form: CouponForm) -> Checkout:
    """What the hold costs now with the form's coupon; with the reason at its field, and without it, when that is
    refused."""
    if form.is_valid():
        code = form.cleaned_data["coupon"]
        try:
            coupon_tries.count(request.actor, code)
            return bookings.cost_of(booking, code)
        except (CouponRefused, TooManyTries) as refusal:
            form.add_error("coupon", refusal.sentence)
            if isinstance(refusal, TooManyTries):
                must_wait(request, refusal.data["retry_after"])
    return bookings.cost_of(booking)
