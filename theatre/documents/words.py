"""How money, days and references are written for people, in letters and on paper alike."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency

# English days without commas, day before month, the month in full: "Thu 12 June".
_ENGLISH = Locale("en", "GB")


def money(amount: Decimal, currency: str, language: str) -> str:
    """``€28.00``; a negative amount has a real minus: ``−€1.40``. Places are the currency's own."""
    return format_currency(amount, currency, locale=_locale(language)).replace("-", "\u2212")


def long_day(when: datetime, zone: str, language: str) -> str:
    """``Thursday 12 June 2025`` in the time zone named ``zone``."""
    locale = _locale(language)
    return format_date(local(when, zone), "EEEE d MMMM y" if locale == _ENGLISH else "full", locale)


def short_day(when: datetime, zone: str, language: str) -> str:
    """``Thu 12 June`` in the time zone named ``zone``."""
    locale = _locale(language)
    if locale == _ENGLISH:
        return format_date(local(when, zone), "EEE d MMMM", locale)
    return format_skeleton("MMMEd", local(when, zone).replace(tzinfo=None), locale=locale)


def date(when: datetime, zone: str, language: str) -> str:
    """``12 June 2025`` in the time zone named ``zone``."""
    locale = _locale(language)
    return format_date(local(when, zone), "d MMMM y" if locale == _ENGLISH else "long", locale)


def clock(when: datetime, zone: str) -> str:
    """``20:15`` in the time zone named ``zone``; the theatre writes 24 hours in every language."""
    return local(when, zone).strftime("%H:%M")


def local(when: datetime, zone: str) -> datetime:
    """The same instant on the clocks of ``zone``."""
    return when.astimezone(ZoneInfo(zone))


def spaced(reference: str) -> str:
    """A booking reference in groups that can be read aloud: ``K7QM 4XPA``."""
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def _locale(language: str) -> Locale:
    return _ENGLISH if language == "en" else Locale.parse(language.replace("-", "_"))
