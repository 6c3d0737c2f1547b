"""Moving a show with its guests: who would sit where before anything is saved, and what they answered afterwards."""

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from theatre.access import Permission
from theatre.actions.shows import move
from theatre.notices import letters
from theatre.notices.kinds.shows import show_moved
from theatre.queries import moving, screens
from theatre.queries import shows as seeing
from theatre.queries.bookings import for_papers
from theatre.queries.moving import Place, Proposal
from theatre.queries.quotes import ZONE
from theatre.queries.shows import PlannedShow
from theatre.rules import shows
from theatre.rules.curfew import LateForChildren
from theatre.rules.refusals import Refused
from theatre.web import orders
from theatre.web.doors import TheatreRequest, needs
from theatre.web.fields import LineField
from theatre.web.office.show_forms import PlaceForm
from theatre.web.office.shows import found
from theatre.web.parts import refusals_on


class MoveForm(PlaceForm):
    """Where a show goes, and when. Its movie stays."""

    movie = None  # type: ignore[assignment]
    movie_id = None  # type: ignore[assignment]

    def _offer_movies(self) -> None:
        """None is asked for."""


class ReasonForm(forms.Form):
    """Why a show is moved."""

    reason = LineField(
        label=gettext_lazy("Why is it moved?"),
        max_length=move.LONGEST_REASON,
        required_message=gettext_lazy("Say why. Guests read it in their letter"),
        help_text=gettext_lazy("Guests read it in their letter."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )


@needs(Permission.MANAGE_SHOWS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_move(request: TheatreRequest, show_id: int) -> HttpResponse:
    """Where to, what that means for everybody, and then the deed; of a moved show, what its guests answered."""
    seen = found(show_id)
    asked = request.POST if request.method == "POST" else request.GET
    place_form = MoveForm(asked if "screen" in asked else None, show=seen)
    reason_form = ReasonForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "page": "shows", "show": seen, "place_form": place_form, "reason_form": reason_form, "late": "",
        "answers": moving.answers(show_id), "key": request.POST.get("key") or orders.new_key(),
    }  # fmt: skip
    status = 200
    if place_form.is_bound and place_form.is_valid():
        if request.method == "POST" and reason_form.is_valid():
            with refusals_on(reason_form):
                if done := _move(request, seen, place_form, reason_form, context):
                    return done
        status = 422 if request.method == "POST" else 200
        context |= _preview(seen, place_form)
    elif place_form.is_bound:
        status = 422
    context["form"] = place_form if place_form.errors else reason_form
    return render(request, "office/show_move.html", context, status=status)


def _move(
    request: TheatreRequest, seen: PlannedShow, place: MoveForm, why: ReasonForm, context: dict[str, Any]
) -> HttpResponse | None:
    """Do it, and go back to see it; None when it has to be asked whether it may end so late."""
    given, key = place.cleaned_data, request.POST.get("key", "")
    reason, mark = why.cleaned_data["reason"], request.POST.get("seen", "")[:40]
    body = [seen.id, given["screen"], given["starts_at"].isoformat(), reason, mark]
    try:
        move.move_show(
            by=request.actor, show_id=seen.id, screen_id=given["screen"], starts_at=given["starts_at"],
            reason=reason, seen=mark, knowing_late="sure" in request.POST,
            once=orders.once_as_sent(request.actor.user_id, "page:show_move", key, body),
        )  # fmt: skip
    except LateForChildren as question:
        context["late"] = question.sentence
        return None
    number = len(moving.answers(seen.id))
    messages.success(
        request,
        ngettext(
            "The show is moved, and %(number)d booking with it",
            "The show is moved, and %(number)d bookings with it",
            number,
        )
        % {"number": number},
    )
    return redirect("show_move", seen.id)


def _preview(seen: PlannedShow, form: MoveForm) -> dict[str, Any]:
    """What moving it there would mean. Nothing is saved."""
    given = form.cleaned_data
    screen_id, starts_at = given["screen"], given["starts_at"]
    place = moving.place(seen.id, screen_id, starts_at)
    if (screen_id, starts_at) == (seen.screen_id, seen.starts_at) or place is None:
        return {"same": True}
    problem = _clash(form, seen)
    proposal = moving.proposal(seen.id, place)
    name = dict(form.fields["screen"].choices)[screen_id]  # type: ignore[attr-defined]
    return {
        "place": place,
        "screen_name": name,
        "proposal": proposal,
        "problem": problem,
        "letter": _letter(seen, proposal, place, name),
        "second": "second" if given.get("second") else "",
    }


def _clash(form: MoveForm, seen: PlannedShow) -> str:
    """Why it cannot be there, with the next free time; empty when it can."""
    given = form.cleaned_data
    room = screens.screen(given["screen"])
    if room is None:
        return ""
    try:
        shows.check_start(given["starts_at"], now=seen.now)
        ends_at = shows.ends_at(given["starts_at"], settings.TRAILER_MINUTES, seen.minutes)
        wanted = shows.occupied(given["starts_at"], ends_at, room.cleaning_minutes)
        taken = seeing.busy([room.id], wanted.start, wanted.until + seeing.LONGEST, but=seen.id)
        shows.check_screen_free(wanted, taken[room.id], screen=room.name, zone=ZONE)
    except Refused as refusal:
        return refusal.sentence
    return ""


def _letter(seen: PlannedShow, proposal: Proposal, place: Place, screen: str) -> tuple[str, str]:
    """The letter as one of the guests would read it, with a gap for the reason: somebody with other seats if there is
    one. Empty when nobody has booked."""
    readers = [each for each in proposal.bookings if each.address and not each.seatless]
    reader = next((each for each in readers if each.reseated), readers[0] if readers else None)
    if reader is None:
        return "", ""
    booking = replace(for_papers(reader.id), starts_at=place.starts_at, screen=screen)
    with translation.override(settings.LANGUAGE_CODE):
        written = show_moved(
            booking, seats=(reader.was, reader.will_be), was=(seen.screen, seen.starts_at),
            reason=_("(the reason you give)"), answer_at=_("(the guest’s own link)"),
            language=settings.LANGUAGE_CODE,
        )  # fmt: skip
        return letters.as_text(written)
