"""What a page with a seat map needs to follow what others take: where it is told, and every sentence it may say."""

import json
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from theatre.queries.seatmap import ShowSeats
from theatre.web.seatmap_html import state_words

LIST, LIVE = "/api/v1/shows/{}/seats", "/live/shows/{}/"  # the contracts of the API and of theatre/live


def for_script(seen: ShowSeats, *, staff: bool, own: Collection[int] = (), **more: Any) -> str:
    """JSON for the form around the map, with what else a page's script needs. To staff more seats are on sale than
    the stream, which is for everybody, says; `own` are seats of a booking that is being changed, sold to whoever looks.
    """
    told = {
        "states": {**state_words(), "just": _("just sold")},
        "list": LIST.format(seen.show_id),
        "live": LIVE.format(seen.show_id),
        "staff": staff,
        "own": sorted(own),
        "takeOne": _("Take {seat}"),
        "free": _("{free} of {of} seats are free."),
        "rowFree": _("{free} of {all} free"),
        "goneOne": _("1 more seat taken, in row {rows}. {left} left."),
        "goneRow": _("{n} more seats taken in row {rows}. {left} left."),
        "gone": _("{n} more seats taken in rows {rows}. {left} left."),
        "changed": _("This show has just been changed. Look at it again before you choose."),
        "look": _("Look again"),
        "lost": _("Seat {seat} was just taken."),
        "lostMany": _("Seats {seat} were just taken."),
        "beside": _("{seat} beside it is free."),
    }
    return json.dumps({**told, **more}, ensure_ascii=False)
