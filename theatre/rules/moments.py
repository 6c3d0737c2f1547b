"""Moments as the words that stand in the theatre's sentences: 19:45, 31 May, 40 minutes."""

from datetime import datetime, timedelta, tzinfo

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def aware(moment: datetime) -> datetime:
    """The moment itself. One without a zone is a ValueError: it could mean any hour."""
    if moment.utcoffset() is None:
        raise ValueError(f"A moment needs a zone: {moment!r}")
    return moment


def clock(moment: datetime, zone: tzinfo) -> str:
    """The theatre's wall clock, 24 hours: `19:45`."""
    return f"{aware(moment).astimezone(zone):%H:%M}"


def day(moment: datetime, zone: tzinfo, *, now: datetime) -> str:
    """The theatre's day: `31 May`, with the year when it is not the present one."""
    local = aware(moment).astimezone(zone)
    words = f"{local.day} {MONTHS[local.month - 1]}"
    return words if local.year == aware(now).astimezone(zone).year else f"{words} {local.year}"


def clock_or_day(moment: datetime, zone: tzinfo, *, now: datetime) -> str:
    """`at 19:45` on the present day, `on 31 May` on every other."""
    if aware(moment).astimezone(zone).date() == aware(now).astimezone(zone).date():
        return f"at {clock(moment, zone)}"
    return f"on {day(moment, zone, now=now)}"


def duration(span: timedelta) -> str:
    """A span of time in whole minutes, begun ones counted: `1 minute`, `2 hours`, `1 hour 30 minutes`, `3
    days`.
    """
    minutes = max(0, -(-span // timedelta(minutes=1)))
    days, rest = divmod(minutes, 24 * 60)
    if days >= 2:
        return f"{days} days"
    hours, left = divmod(minutes, 60)
    parts = [counted(hours, "hour")] if hours else []
    if left or not hours:
        parts.append(counted(left, "minute"))
    return " ".join(parts)


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its word: `1 ticket`, `2 tickets`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(words: list[str], joined_by: str = "and") -> str:
    """Words in a row: `F 7`, `F 7 and F 8`, `F 7, F 8 and F 9`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joined_by} {words[-1]}"
