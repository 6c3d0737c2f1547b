"""The way back to the page somebody pressed a button on."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def asked_back(request: HttpRequest) -> str:
    """The address in the form's or the page's own `next` if it is one of ours, else nothing."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return back if ours else ""


def way_back(request: HttpRequest, otherwise: str) -> str:
    """The address in `next` if it is one of ours, else that of the page named `otherwise`."""
    return asked_back(request) or reverse(otherwise)
