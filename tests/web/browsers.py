"""Browsers without a screen: a client per person, and what tests read off a page."""

import html
import re
import time
from datetime import UTC, datetime, timedelta

from django.db.models import F
from django.test import Client

from theatre.models import Booking, SeatClaim, Tries, User

BACKEND = "theatre.web.account.backend.OneQueryBackend"


def browser_of(who: User | None = None, *, second_factor: bool = True, **wanted) -> Client:
    """A browser in which this person has signed in, or nobody; by default with the second factor passed."""
    client = Client(**wanted)
    if who is not None:
        client.force_login(who, BACKEND)
        if second_factor:
            session = client.session
            session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
            session["account_authentication_methods_user"] = str(who.pk)
            session.save()
    return client


def grow_old(client: Client, *, minutes: int = 10) -> None:
    """Let whoever uses this browser have signed in so many minutes ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= minutes * 60
    session.save()


def words_of(response) -> str:
    """The page as it is read: no tags, entities as characters, single spaces."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    text = re.sub(r"</?(b|i|a|time)\b[^>]*>", "", text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def hidden(response, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"[^>]*>', response.content.decode())
    assert found, name
    return html.unescape(found[1])


def wait_out(*, seconds: float) -> None:
    """Let so much time pass for everything that is counted."""
    Tries.objects.update(until=F("until") - timedelta(seconds=seconds))


def run_out(booking: Booking, *, minutes: int = 1) -> None:
    """Let a hold's time have run out so many minutes ago."""
    past = datetime.now(UTC) - timedelta(minutes=minutes)
    SeatClaim.objects.filter(booking=booking).update(held_until=past)
    Booking.objects.filter(pk=booking.pk).update(held_until=past)
