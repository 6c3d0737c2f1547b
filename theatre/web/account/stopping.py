"""One press ends the letters nobody has to get, from the letter itself: signed in or not, in a browser or by the mail
program (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from theatre.actions.people.wishes import stop_letters
from theatre.queries import wishes
from theatre.web.account.linkpage import LinkPage, foreign, shown
from theatre.web.doors import public


# nosemgrep: form-without-a-token - the mail program's press comes without a cookie; the signed link says what it does
@csrf_exempt
@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """What kind of letter the link ends, and the button. Pressing it again changes nothing."""
    wish = wishes.behind(token)
    if wish is None:
        return shown(request, foreign())
    if request.method == "POST":
        stop_letters(customer_id=wish.customer_id, kind=wish.kind)
    elif wish.wanted:
        text = _("We stop sending %(letters)s to %(email)s. Letters about your own bookings still come.")
        text %= {"letters": _letters(wish.kind), "email": wish.email}
        hint = _("You can ask for them again from your account.")
        return shown(
            request, LinkPage(_("No more letters like this"), text, _("Stop these letters"), hint=hint)
        )
    text = _("You get no more %(letters)s. Letters about your own bookings still come.")
    way = (reverse("home"), _("See what’s on"))
    return shown(
        request, LinkPage(_("These letters have stopped"), text % {"letters": _letters(wish.kind)}, way=way)
    )


def _letters(kind: str) -> str:
    return {
        "new_movies": _("letters about new movies"),
        "promotions": _("letters about promotions"),
        "offers": _("offers"),
        "follows": _("letters about movies you asked to be told of"),
    }[kind]
