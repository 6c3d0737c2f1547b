"""How money, days, seats and references are written for people, on pages, in letters and on paper alike."""

import unicodedata
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency
from django.utils.translation import gettext as _

# English days without commas, day before month, the month in full: "Thu 12 June".
_ENGLISH = Locale("en", "GB")

# What changes the direction of the text around it may not come from a title or a name.
_DIRECTION_MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


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


def language(name: str, in_language: str) -> str:
    """``German`` for ``de``; what is no language's code is said as it is written."""
    return _locale(in_language).languages.get(name.lower()) or name


def language_code(name: str, in_language: str) -> str:
    """``de`` for ``German`` or ``de``; what is no language's name is kept as it is written."""
    names = _locale(in_language).languages
    wanted = name.casefold()
    if wanted in names:
        return wanted
    return next((code for code, said in names.items() if said.casefold() == wanted), name)


def kind_of_seat(kind: str) -> str:
    """The kinds of `SeatKind` as guests know them."""
    return {
        "standard": _("Standard"),
        "premium": _("Premium"),
        "vip": _("VIP recliner"),
        "wheelchair": _("Wheelchair space"),
        "companion": _("Companion seat"),
    }[kind]


def audience(name: str) -> str:
    """The audiences of `Audience` as they stand by themselves: ``Child``."""
    return {
        "adult": _("Adult"),
        "child": _("Child"),
        "senior": _("Senior"),
        "student": _("Student"),
    }[name]


def seat_for(kind: str, whom: str) -> str:
    """A ticket in words: ``Premium`` for an adult, ``Premium, child`` for somebody who pays another price."""
    if whom == "adult":
        return kind_of_seat(kind)
    return _("%(kind)s, %(whom)s") % {"kind": kind_of_seat(kind), "whom": audience(whom).lower()}


def role(name: str) -> str:
    """The roles as they stand by themselves: ``Moderator``."""
    return {
        "admin": _("Admin"),
        "moderator": _("Moderator"),
        "salesman": _("Salesman"),
        "customer": _("Customer"),
    }[name]


def role_within(name: str) -> str:
    """The roles within a sentence: “as moderator”."""
    return {
        "admin": _("admin"),
        "moderator": _("moderator"),
        "salesman": _("salesman"),
        "customer": _("customer"),
    }[name]


def way_of_paying(method: str) -> str:
    """The methods of `PaymentMethod` as guests know them."""
    return {
        "demo": _("Demo payment"),
        "cash": _("Cash, at the counter"),
        "card": _("Card, at the counter"),
        "online": _("Online"),
        "complimentary": _("Complimentary"),
    }[method]


def one_line(text: str) -> str:
    """What a person typed, fit to stand in a line of ours: no control or direction marks, single spaces."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (_shown(letter) for letter in unicodedata.normalize("NFC", text) if letter not in _DIRECTION_MARKS)
    return " ".join("".join(kept).split())


def _shown(letter: str) -> str:
    category = unicodedata.category(letter)
    return " " if category == "Cc" else "\ufffd" if category in ("Cs", "Co", "Cn") else letter


def _locale(language: str) -> Locale:
    return _ENGLISH if language == "en" else Locale.parse(language.replace("-", "_"))
