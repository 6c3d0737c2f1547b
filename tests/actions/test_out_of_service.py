"""Seats out of service: blocked in every show they cover, released, and never under anybody who has a seat."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from theatre.actions.screens._blocks import block_out_of_service
from theatre.models import Seat, SeatClaim, SeatOutOfService, Show

pytestmark = pytest.mark.django_db


def out(show: Show, seat: int, *, days: float | None = None) -> SeatOutOfService:
    where = Seat.objects.get(pk=seat)
    until = None if days is None else timezone.now() + timedelta(days=days)
    return SeatOutOfService.objects.create(
        screen=show.screen, row=where.row, number=where.number, show=None if until else show, until=until,
        reason="The spring is through",
    )  # fmt: skip


def blocked(show: Show) -> list[int]:
    return list(SeatClaim.objects.filter(show=show, state="blocked").values_list("seat_id", flat=True))


def test_show_that_is_added_gets_the_blocks_of_its_screen_until_their_date():
    first = factories.show(in_hours=24)
    seat, other = factories.free_seats(first, 2)
    out(first, seat, days=5)
    out(first, other)
    soon, later = (factories.show(in_hours=hours, on=first.screen) for hours in (48, 24 * 6))
    elsewhere = factories.show(in_hours=48)

    assert [block_out_of_service(show) for show in (first, soon, later, elsewhere)] == [2, 1, 0, 0]

    assert sorted(blocked(first)) == sorted([seat, other])
    assert (blocked(soon), blocked(later), blocked(elsewhere)) == ([seat], [], [])
    claim = SeatClaim.objects.get(show=soon)
    assert (claim.note, claim.held_until, claim.booking) == ("The spring is through", None, None)
