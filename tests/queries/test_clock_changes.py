"""The board, and the year in which tickets count, around every change of the clocks: 2020 to 2035 in ten zones."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from tests import factories
from tests.rules.clockchanges import ZONES, changes
from theatre.models import Show
from theatre.models.sql import fetch
from theatre.queries import board
from theatre.rules.copying import day_bounds

pytestmark = pytest.mark.django_db

HOURS = (-26, -2, -1, 0, 1, 2, 26)  # from the change to the shows' starts
LENGTH = timedelta(minutes=55)


@pytest.mark.parametrize("name", ZONES)
def test_the_board_shows_every_show_once_on_its_day_at_its_wall_time(name, monkeypatch):
    zone = ZoneInfo(name)
    monkeypatch.setattr(board, "ZONE", zone)
    there = factories.show(in_hours=24)
    nights = list(changes(name))
    starts = sorted({moment + timedelta(hours=hours) for moment, _forward in nights for hours in HOURS})
    Show.objects.bulk_create(
        Show(
            movie=there.movie, screen=there.screen, plan=there.plan, card=there.card, starts_at=start,
            ends_at=start + LENGTH, clean_at=start + LENGTH, state="on_sale",
        )
        for start in starts
    )  # fmt: skip

    for moment, _forward in nights:
        first = moment.astimezone(zone).date() - timedelta(days=3)
        seen = board.board(first, 7, moment)

        begins, ends = day_bounds(first, 7, zone)
        shown = [(day.date, block) for day in seen.days for lane in day.lanes for block in lane.blocks]
        assert sorted(block.starts_at for _day, block in shown) == [
            start for start in starts if begins <= start < ends
        ]
        for day, block in shown:
            local = block.starts_at.astimezone(zone)
            assert (day, block.begins) == (local.date(), local.hour * 60 + local.minute)
            assert block.length == 55 or block.begins + 55 > board.MOST_HOURS * 60


@pytest.mark.parametrize("name", ZONES)
def test_a_year_of_tickets_ends_at_the_same_moment_of_the_year_before(name):
    """What sales and the nightly count subtract is the database's year, which knows of no clocks of a theatre."""
    moments = [moment + timedelta(minutes=minutes) for moment, _ in changes(name) for minutes in (-1, 0, 1)]

    years = fetch("SELECT at, at - interval '1 year' FROM unnest(%s::timestamptz[]) AS at", [moments])

    assert len(years) == len(moments) > 0
    for moment, before in years:
        assert before == moment.replace(year=moment.year - 1)
    with connection.cursor() as cursor:
        cursor.execute("SHOW timezone")
        assert cursor.fetchone() == ("UTC",)
