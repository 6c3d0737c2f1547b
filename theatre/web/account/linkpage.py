"""The page behind the link of a letter: what it does, and one button.

Opening a link changes nothing, for mail scanners open them too.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What a link's page says. With a `button` it can be pressed, and `hint` says when not to; else `status` says why
    not, and `way` leads on."""

    title: str
    text: str
    button: str = ""
    status: int = 200
    way: tuple[str, str] = ("", "")
    hint: str = ""


def foreign() -> LinkPage:
    text = _("We didn’t send it, or a part of it was lost on the way. Copy the whole link from the letter.")
    return LinkPage(_("This link isn’t ours"), text, "", 404, (reverse("home"), _("See what’s on")))


def shown(request: HttpRequest, page: LinkPage) -> HttpResponse:
    return render(request, "account/link.html", {"link": page}, status=page.status)
