"""What the clock does can be done by hand, twice in a row."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from tests import factories
from tests.notices.conftest import MailServer
from theatre.models import Booking, SeatClaim

pytestmark = pytest.mark.django_db


def said(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue().strip()


def test_deliver_letters(mail_server: MailServer) -> None:
    factories.booked()

    assert said("deliver_letters") == "2 letters sent"
    assert said("deliver_letters") == "0 letters sent"


def test_lapse_holds() -> None:
    hold = factories.held()
    Booking.objects.filter(pk=hold.pk).update(held_until=Now() - timedelta(minutes=1))
    SeatClaim.objects.filter(booking=hold).update(held_until=Now() - timedelta(minutes=1))

    assert said("lapse_holds") == "1 holds lapsed"
    assert said("lapse_holds") == "0 holds lapsed"
    hold.refresh_from_db()
    assert hold.state == "lapsed"
