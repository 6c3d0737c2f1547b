"""What templates say in the theatre's own way: money, times, icons, posters, sweeps and sprockets.

Money is in the theatre's currency, times stand on the theatre's clocks.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from theatre.access import Actor, Permission, allowed
from theatre.documents import posters, words
from theatre.queries.bookings import SeenTicket
from theatre.queries.programme import format_word
from theatre.rules import money as sums

register = template.Library()

EVENING = 17  # from this hour on the day is spoken of as tonight
POSTER_SIZES = "(max-width: 760px) 160px, 300px"  # how wide a poster stands on a page: phone, else
FEW = 12  # seats left that are worth a word
# What a show can be besides an ordinary one: its word in addresses, its mark on a stub, what people read.
FORMATS = {
    "3d": (gettext_noop("3D"), gettext_noop("3D")),
    "subtitled": ("CC", gettext_noop("Subtitled")),
    "audio-described": ("AD", gettext_noop("Audio described")),
    "relaxed": (gettext_noop("Relaxed"), gettext_noop("Relaxed")),
}


@register.filter
def money(amount: Decimal | int) -> str:
    """`€28.00`, with a real minus."""
    return words.money(Decimal(amount), settings.CURRENCY, get_language() or "en")


@register.filter
def short_money(amount: Decimal | int) -> str:
    """`€14` where it is whole, else as `money`: for labels that are read aloud and price lists."""
    written = money(amount)
    whole = Decimal(amount) == int(amount) and sums.places_of(settings.CURRENCY)
    return written.replace(".00", "").replace(",00", "") if whole else written


@register.filter
def percent(share: Decimal) -> str:
    """A percentage without its sign, as short as it can be: `5`, `12.5`."""
    return sums.percent_text(share)


@register.filter
def clock(when: datetime) -> str:
    """`20:15`."""
    return words.clock(when, settings.THEATRE_ZONE)


@register.filter
def short_day(when: datetime) -> str:
    """`Thu 12 June`."""
    return words.short_day(when, settings.THEATRE_ZONE, get_language() or "en")


@register.filter
def long_day(when: datetime) -> str:
    """`Thursday 12 June 2025`."""
    return words.long_day(when, settings.THEATRE_ZONE, get_language() or "en")


@register.filter
def full_date(when: datetime) -> str:
    """`12 June 2025`."""
    return words.date(when, settings.THEATRE_ZONE, get_language() or "en")


@register.filter
def iso(when: datetime) -> str:
    """For the datetime attribute: RFC 3339 with the theatre's offset."""
    return words.local(when, settings.THEATRE_ZONE).isoformat(timespec="minutes")


@register.filter
def iso_second(when: datetime) -> str:
    """As `iso`, to the second: for clocks that run."""
    return words.local(when, settings.THEATRE_ZONE).isoformat(timespec="seconds")


def day_word(when: datetime, now: datetime) -> str:
    """`tonight`, `today`, `tomorrow`, or the day."""
    local, today = (words.local(moment, settings.THEATRE_ZONE) for moment in (when, now))
    if local.date() == today.date():
        return _("tonight") if local.hour >= EVENING else _("today")
    if local.date() == today.date() + timedelta(days=1):
        return _("tomorrow")
    return short_day(when)


@register.filter
def see_you(moment: datetime, now: datetime) -> str:
    """`See you at 20:15`, with the day unless it is this one."""
    at = {"time": clock(moment), "day": day_word(moment, now)}
    days = (
        words.local(moment, settings.THEATRE_ZONE).date() - words.local(now, settings.THEATRE_ZONE).date()
    ).days
    if days == 0:
        return _("See you at %(time)s") % at
    return (_("See you %(day)s at %(time)s") if days == 1 else _("See you on %(day)s at %(time)s")) % at


@register.simple_tag
def when(moment: datetime, now: datetime | None = None) -> SafeString:
    """`tonight, 20:15` inside a time element. `now` is the database's, where the page has it."""
    return format_html(
        '<time datetime="{}">{}, {}</time>',
        iso(moment),
        day_word(moment, now or timezone.now()),
        clock(moment),
    )


@register.filter
def day_of_month(day: date) -> str:
    """`12 June`, for a calendar day or the theatre's day of a moment."""
    if not isinstance(day, datetime):
        day = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(settings.THEATRE_ZONE))
    return short_day(day).split(" ", 1)[1]


@register.filter
def day_name(when: datetime, now: datetime) -> str:
    """`Today`, `Tomorrow` or the weekday, as a heading."""
    local, today = (words.local(moment, settings.THEATRE_ZONE).date() for moment in (when, now))
    if local == today:
        return _("Today")
    if local == today + timedelta(days=1):
        return _("Tomorrow")
    return long_day(when).split(" ", 1)[0].rstrip(",")


@register.filter
def minutes(length: int | None) -> str:
    """`2 h 11 min`; empty when it is not known."""
    if not length:
        return ""
    hours, rest = divmod(length, 60)
    if not hours:
        return _("%(rest)d min") % {"rest": rest}
    return _("%(hours)d h %(rest)02d min") % {"hours": hours, "rest": rest} if rest else _("%d h") % hours


@register.filter
def tight(title: str) -> str:
    """The width class of a title: longer ones stand narrower before they wrap."""
    return "" if len(title) <= 16 else "wd-90" if len(title) <= 24 else "wd-80"


@register.filter
def size(title: str) -> str:
    """The size class of a title in a head: long ones stand smaller."""
    return "" if len(title) <= 26 else "long wd-90" if len(title) <= 44 else "longer wd-80"


@register.filter
def may(actor: Actor, permission: str) -> bool:
    """Whether to show this person a way to something: `{% if actor|may:"office" %}`."""
    return allowed(actor, Permission(permission))


@register.filter
def initials(name: str) -> str:
    """`MR` for Maya R.; one letter where there is one name."""
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


@register.filter
def seats_left(number: int) -> SafeString:
    """`70 left`, `Last 6`, `Sold out`: facts, no pressure."""
    if number <= 0:
        return mark_safe(conditional_escape(_("Sold out")))  # noqa: S308 - escaped in the line
    if number <= FEW:
        return format_html('<span class="few">{}</span>', _("Last %d") % number)
    return mark_safe(conditional_escape(_("%d left") % number))  # noqa: S308 - escaped in the line


@register.filter
def seat_count(number: int) -> str:
    """`One seat`, `2 seats`."""
    return _("One seat") if number == 1 else ngettext("%d seat", "%d seats", number) % number


@register.simple_tag
def mark(formats: Iterable[str]) -> tuple[str, str] | None:
    """The mark of the first special format and its words, `("AD", "Audio described")`; None for an ordinary show."""
    has = {format_word(name) for name in formats}
    return next(((_(short), _(name)) for word, (short, name) in FORMATS.items() if word in has), None)


@register.filter
def format_names(formats: Iterable[str]) -> str:
    """`Subtitled, 3D`: what a show is besides ordinary."""
    has = {format_word(name) for name in formats}
    return ", ".join(_(name) for word, (_short, name) in FORMATS.items() if word in has)


@register.filter
def spaced(reference: str) -> str:
    """A booking's reference as it is read aloud: `K7QM 4XAH`."""
    return words.spaced(reference)


@register.filter
def kind_name(kind: str) -> str:
    """A seat's kind as guests know it."""
    return words.kind_of_seat(kind)


@register.filter
def seat_for(ticket: SeenTicket) -> str:
    """A ticket's kind of seat, and who it is for unless that is an adult."""
    return words.seat_for(ticket.kind, ticket.audience)


@register.simple_tag
def screen(name: str, number: int) -> str:
    """`Screen 2, the Lantern`; a name that says its number stands alone."""
    return (
        name if str(number) in name else _("Screen %(number)d, %(name)s") % {"number": number, "name": name}
    )


@cache
def _sprite() -> str:
    return static("vendor/bootstrap-icons/icons.svg")


register.filter("role", words.role)
register.filter("role_within", words.role_within)


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """One of the sprite's icons; decoration, so the word stands beside it."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {classes}" if classes else "", _sprite(), name,
    )  # fmt: skip


@register.simple_tag
def sprockets(taken: int, of: int) -> SafeString:
    """How full a house is in twenty steps; full only when it is, empty only when it is."""
    step = 0 if of <= 0 or taken <= 0 else 20 if taken >= of else min(19, max(1, round(20 * taken / of)))
    return format_html('<span class="sprockets f-{}" aria-hidden="true"></span>', f"{step:02d}")


@register.simple_tag
def sweep(part: float, text: str = "", classes: str = "") -> SafeString:
    """A part (0 to 1) of a whole that fills or runs out. The words beside it say the same."""
    share = round(100 * min(1.0, max(0.0, float(part))), 1)
    thin = "sweep-thin" in classes
    radius, core = (33, 29) if thin else (29.5, 22.5)
    return format_html(
        '<svg class="sweep {}" viewBox="0 0 76 76" aria-hidden="true"><circle class="rest" cx="38" cy="38" r="{}"/>'
        '<g transform="rotate(-90 38 38)"><circle class="part" cx="38" cy="38" r="{}" pathLength="100"'
        ' stroke-dasharray="{} 100"/></g><path class="hair" d="M38 1v74M1 38h74"/>'
        '<circle class="core" cx="38" cy="38" r="{}"/><circle class="edge" cx="38" cy="38" r="37"/>'
        '<text x="38" y="47">{}</text></svg>',
        classes, radius, radius, f"{share:g}", core, text,
    )  # fmt: skip


@register.simple_tag
def poster(movie: Any, classes: str = "", eager: bool = False, sizes: str = POSTER_SIZES) -> SafeString:
    """The movie's poster in the width that `sizes` asks for, or its drawn one. Decoration beside a title, so it has no
    words. `movie` has a slug, and as poster the mark of an uploaded one, or nothing."""
    lazy = "" if eager else mark_safe(' loading="lazy"')
    kind = f" {classes}" if classes else ""
    if not movie.poster:
        return format_html(
            '<img class="poster{}" src="{}" width="300" height="450" alt=""{} decoding="async">',
            kind, reverse("poster", args=[movie.slug]), lazy,
        )  # fmt: skip
    widths = [width for width, _heaviest in posters.SIZES.values()]
    at = {width: poster_address(movie.poster, width) for width in widths}
    return format_html(
        '<img class="poster{}" src="{}" srcset="{}" sizes="{}" width="400" height="600" alt=""{} decoding="async">',
        kind, at[400], ", ".join(f"{address} {width}w" for width, address in at.items()), sizes, lazy,
    )  # fmt: skip


def poster_address(mark: str, width: int) -> str:
    """Where an uploaded poster is, in one of its widths."""
    return reverse("poster_picture", args=[mark, width])


@register.simple_tag(takes_context=True)
def kept(context: template.Context, name: str, **given: bool) -> SafeString:
    """A template that says the same on every page where it is given the same, rendered once for each language."""
    given = {word: bool(value) for word, value in given.items()}
    key = (name, get_language(), *given.items())
    if key not in _kept or settings.DEBUG:
        assert context.template is not None  # noqa: S101 - there is one while it renders
        with context.push(**given):
            _kept[key] = context.template.engine.get_template(name).render(context)
    return _kept[key]


_kept: dict[tuple[object, ...], SafeString] = {}
