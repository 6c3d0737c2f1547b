"""Letters to those who work here about their standing."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from theatre.documents import words
from theatre.notices.kinds.written import Kinds, QueuedLetter, Written


def _invitation(letter: QueuedLetter, language: str) -> Written:
    context = {
        **{name: words.one_line(letter.data[name]) for name in ("name", "by")},
        "role": words.role_within(letter.data["role"]),
        "days": settings.INVITATION_DAYS,
        "link": settings.SITE_URL + reverse("accept_invitation", args=[letter.data["code"]]),
    }
    subject = _("%(by)s invites you to work at %(house)s") % {
        "by": context["by"],
        "house": settings.THEATRE_NAME,
    }
    return Written(subject, "invitation", context)


def _standing(letter: QueuedLetter, language: str) -> Written:
    subject = {
        "role": _("Your role at %(house)s has changed"),
        "suspended": _("Your account at %(house)s is suspended"),
        "removed": _("Your account at %(house)s is closed"),
        "active": _("Welcome back to %(house)s"),
    }[letter.data["change"]]
    context = dict(letter.data)
    if role := context["role"]:
        context["role"] = words.role_within(role)
    return Written(subject % {"house": settings.THEATRE_NAME}, "standing", context)


KINDS: Kinds = {
    "invitation": _invitation,
    "standing": _standing,
}
