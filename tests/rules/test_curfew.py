from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from theatre.rules import curfew

BERLIN = ZoneInfo("Europe/Berlin")
EIGHT = datetime(2026, 6, 12, 18, 0, tzinfo=UTC)  # 20:00 in Berlin


def warned(certificate: str, *, minutes: int, starts_at: datetime = EIGHT) -> str:
    return curfew.warning(
        certificate, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), zone=BERLIN,
        until=time(22),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("certificate", "age"),
    [
        ("G", 0), ("U", 0), ("PG", 8), ("pg ", 8), ("0", 0), ("6", 6), ("FSK 12", 12), ("12A", 12), ("PG-13", 13),
        ("R", 17), ("NC-17", 17), ("18+", 18), ("NR", None), ("", None),
    ],
)  # fmt: skip
def test_a_certificate_says_from_which_age(certificate, age):
    assert curfew.lowest_age(certificate) == age


@pytest.mark.parametrize("certificate", ["12", "PG-13", "R", "18", "NR", ""])
def test_a_film_that_is_not_for_children_may_end_at_any_hour(certificate):
    assert warned(certificate, minutes=300) == ""


def test_a_film_for_children_may_end_at_the_hour_and_not_after_it():
    assert warned("PG", minutes=120) == ""
    assert warned("PG", minutes=121) == (
        "This show ends at 22:01, and the certificate PG brings children. "
        "After 22:00 nobody under 16 stays without an adult"
    )


@pytest.mark.parametrize(
    ("hour", "minutes", "late"),
    [(23, 100, True), (0, 100, True), (3, 100, True), (6, 100, False), (10, 100, False), (12, 900, True)],
)
def test_the_night_is_late_until_dawn(hour, minutes, late):
    starts_at = datetime(2026, 6, 12, hour, 0, tzinfo=BERLIN).astimezone(UTC)

    assert bool(warned("6", minutes=minutes, starts_at=starts_at)) is late
