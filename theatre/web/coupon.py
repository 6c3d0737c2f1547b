"""A coupon on the way to a price: typed, looked up, never spent here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from theatre.access import Actor
from theatre.actions.booking import coupon_tries
from theatre.queries import bookings
from theatre.queries.bookings import Checkout, SeenBooking
from theatre.rules.coupons import CouponRefused
from theatre.web.fields import LineField


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


def priced(actor: Actor, booking: SeenBooking, form: CouponForm) -> Checkout:
    """What the hold costs now with the form's coupon; with the reason at its field, and without it, when that is
    refused."""
    if form.is_valid():
        code = form.cleaned_data["coupon"]
        try:
            with coupon_tries.counted(actor, code):
                return bookings.cost_of(booking, code)
        except (CouponRefused, coupon_tries.TooManyTries) as refusal:
            form.add_error("coupon", refusal.sentence)
    return bookings.cost_of(booking)
