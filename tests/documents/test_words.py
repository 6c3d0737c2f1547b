"""Money and days as people write them."""

from datetime import UTC, datetime
from decimal import Decimal

from theatre.documents import words
from theatre.rules.roles import Role

EVENING = datetime(2025, 6, 12, 18, 15, tzinfo=UTC)


def test_money_has_its_sign_and_a_real_minus() -> None:
    assert words.money(Decimal("28"), "EUR", "en") == "€28.00"
    assert words.money(Decimal("-1.4"), "EUR", "en") == "−€1.40"
    assert words.money(Decimal("1204.5"), "EUR", "de") == "1.204,50\xa0€"


def test_day_is_the_theatres_day() -> None:
    assert words.long_day(EVENING, "Europe/Berlin", "en") == "Thursday 12 June 2025"
    assert words.short_day(EVENING, "Europe/Berlin", "en") == "Thu 12 June"
    assert words.date(EVENING, "Asia/Dhaka", "en") == "13 June 2025"
    assert words.long_day(EVENING, "Europe/Berlin", "de") == "Donnerstag, 12. Juni 2025"


def test_clock_follows_the_change_of_the_hour() -> None:
    assert words.clock(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin") == "02:30"
    assert words.clock(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Berlin") == "02:30"


def test_roles_have_words_by_themselves_and_within_sentences() -> None:
    assert [words.role(each) for each in Role] == ["Admin", "Moderator", "Salesman", "Customer"]
    assert [words.role_within(each) for each in Role] == ["admin", "moderator", "salesman", "customer"]


def test_reference_is_spaced_for_reading_aloud() -> None:
    assert words.spaced("K7QM4XPA") == "K7QM 4XPA"
