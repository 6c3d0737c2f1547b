"""Whether seats of a show can be taken on the pages now."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from theatre.queries.seatmap import YOURS, ShowSeats
from theatre.rules.shows import counter_notice
from theatre.templatetags.look import clock, short_day


def waitable(seen: ShowSeats) -> bool:
    """Whether somebody may ask to be offered what comes free: nothing is left for guests of a show that is on sale."""
    sold_out = not seen.free or seen.only_at_the_counter
    return (
        sold_out
        and seen.state == "on_sale"
        and seen.now < seen.starts_at
        and YOURS not in seen.states.values()
    )


def why_closed(seen: ShowSeats) -> str:
    """Why no seat of this show can be taken here now; empty when they can."""
    if seen.state == "cancelled":
        return _("This show has been cancelled.")
    if seen.now >= seen.starts_at + timedelta(minutes=settings.COUNTER_SALES_AFTER_START_MINUTES):
        return (
            _("This show is over.")
            if seen.now >= seen.ends_at
            else _("This show has begun, and is sold no more.")
        )
    if seen.starts_at <= seen.now:
        return _("This show started at %(time)s. Ask at the counter for the last seats.") % {
            "time": clock(seen.starts_at)
        }
    if seen.only_at_the_counter:
        return counter_notice(seen.counter_seats) + "."
    if seen.on_sale_from and seen.now < seen.on_sale_from:
        return _("Seats for this show go on sale on %(day)s at %(time)s.") % {
            "day": short_day(seen.on_sale_from), "time": clock(seen.on_sale_from),
        }  # fmt: skip
    if seen.state != "on_sale" or (seen.on_sale_until and seen.now >= seen.on_sale_until):
        return _("Seats for this show are no longer sold here. Ask at the counter.")
    if not seen.free and YOURS not in seen.states.values():
        return _("This show is sold out.")
    return ""
