"""Accepting an invitation: a name and a password, and the account is open."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from theatre.actions.people import invitations as doing
from theatre.models import User
from theatre.queries import invitations as seeing
from theatre.queries.invitations import Invited
from theatre.rules.refusals import Refused
from theatre.web.account.forms import NEW_PASSWORD
from theatre.web.doors import TheatreRequest, public
from theatre.web.fields import LineField, SecretField


class AcceptForm(forms.Form):
    """What an invitation cannot know. Address and role are the invitation's: no form can say others."""

    full_name = LineField(
        label=_lazy("Your name"),
        max_length=200,
        required_message=_lazy("Enter your name"),
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_lazy("Colleagues see it, and guests on what you sell them."),
    )
    password = SecretField(**NEW_PASSWORD)

    def __init__(self, *args: Any, invited: Invited, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invited = invited

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if password := given.get("password"):
            user = User(email=self.invited.email, full_name=given.get("full_name", ""))
            try:
                get_adapter().clean_password(password, user)
            except ValidationError as weak:
                self.add_error("password", weak)
        return given


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: TheatreRequest, secret: str) -> HttpResponse:
    """Looking at the link changes nothing; the press opens the account and leads to signing in."""
    try:
        invited = seeing.invited(secret)
        if not request.actor.is_stranger:
            return _page(request, {"invited": invited, "somebody": True}, 409)
        form = AcceptForm(
            request.POST if request.method == "POST" else None,
            initial={"full_name": invited.full_name},
            invited=invited,
        )
        if form.is_valid():
            doing.accept(
                secret=secret,
                full_name=form.cleaned_data["full_name"],
                hashed_password=make_password(form.cleaned_data["password"]),
            )
            messages.success(request, _("Your account is open. Sign in with your new password"))
            return redirect("account_login")
    except Refused as refusal:
        return _page(request, {"refusal": refusal.sentence}, 410)
    return _page(request, {"invited": invited, "form": form}, 422 if form.errors else 200)


def _page(request: TheatreRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "account/invitation.html", context, status=status)
