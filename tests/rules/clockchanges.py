"""Every change of the clocks in some zones, found by asking the zone itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

# Both hemispheres; by half an hour, at midnight, at a quarter to three, and a winter time that is the exception.
ZONES = [
    "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Los_Angeles", "America/Santiago", "America/Havana",
    "Australia/Lord_Howe", "Pacific/Chatham", "Africa/Casablanca", "Asia/Beirut",
]  # fmt: skip
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)


def changes(name: str) -> Iterator[tuple[datetime, timedelta]]:
    """Each moment (UTC) from which the clocks show another time, 2020 to 2035, and by how much they go forward."""
    zone, at = ZoneInfo(name), FIRST
    while at < LAST:
        following = at + timedelta(days=1)
        before, after = offset(at, zone), offset(following, zone)
        if before != after:
            yield _within(at, following, zone), after - before
        at = following


def offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    found = moment.astimezone(zone).utcoffset()
    assert found is not None
    return found


def _within(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The first moment of the new offset, to the second."""
    before = offset(early, zone)
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        early, late = (middle, late) if offset(middle, zone) == before else (early, middle)
    return late
