"""A word to the house, from any page."""

from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from theatre.actions.limits import TooManyTries
from theatre.actions.people.feedback import send_feedback
from theatre.documents.words import one_line
from theatre.web.doors import TheatreRequest, public
from theatre.web.fields import AddressField, LineField
from theatre.web.waiting import must_wait

LONGEST = 2000
ACCOUNT = "/account/"


class FeedbackForm(forms.Form):
    """What happened, where, and how to answer."""

    text = forms.CharField(
        label=_("What would you like to tell us?"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "What you were doing and what happened, or what you wish for. No passwords or card numbers."
        ),
        error_messages={
            "required": _("Write what you would like to tell us"),
            "max_length": _("Use %(limit_value)d characters or fewer"),
            "null_characters_not_allowed": _("Leave out the characters nobody can type"),
        },
    )
    page = LineField(
        label=_("Which page is it about?"),
        required=False,
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    reply_to = AddressField(
        label=_("Your email"), required=False, help_text=_("Only if you would like an answer.")
    )

    def clean_text(self) -> str:
        """Its lines, without what nobody can see."""
        return "\n".join(one_line(line) for line in self.cleaned_data["text"].splitlines())

    def clean_page(self) -> str:
        """An address of ours, or nothing: whatever else was typed stays in nobody's link."""
        page: str = self.cleaned_data["page"]
        return page if page.startswith("/") and page[1:2] not in ("/", "\\") else ""


@public
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: TheatreRequest) -> HttpResponse:
    """The page somebody comes from is filled in. Nothing has to be said about oneself."""
    known = {"page": page_before(request), "reply_to": request.actor.email}
    form = FeedbackForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            send_feedback(by=request.actor, **form.cleaned_data)
        except TooManyTries as refusal:
            form.add_error("text", refusal.sentence)
            must_wait(request, refusal.data["retry_after"])
        else:
            return redirect("feedback_thanks")
    return render(request, "browse/feedback.html", {"form": form}, status=422 if form.errors else 200)


@public
@require_safe
def thanks(request: TheatreRequest) -> HttpResponse:
    """It has arrived."""
    return render(request, "browse/feedback_thanks.html")


def page_before(request: HttpRequest) -> str:
    """The page of ours that a link was pressed on, without what stands behind `?`. Of the account's pages only the
    part of the house: their addresses may hold a key."""
    before = urlsplit(request.META.get("HTTP_REFERER", ""))
    if before.netloc != request.get_host() or not before.path.startswith("/"):
        return ""
    path = before.path[:300]
    return "/".join(path.split("/")[:3]) + "/" if path.startswith(ACCOUNT) and path != ACCOUNT else path
