"""Change a show: what it is and how it is sold, and, as long as nobody had seats of it, where and when."""

from collections.abc import Sequence
from datetime import datetime

from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record, seats_changed
from theatre.actions.screens._blocks import block_in
from theatre.actions.shows import _places
from theatre.models.sql import change, fetch_one
from theatre.rules import shows


@action
def change_sale(
    *,
    by: Actor,
    show_id: int,
    formats: Sequence[str],
    card_id: int,
    on_sale_from: datetime | None,
    on_sale_until: datetime | None,
    counter_seats: int,
) -> bool:
    """Store a show's formats, price card, on-sale window and the seats its counter keeps; whether anything changed.

    Tickets that are held or sold keep their price. Refused: NoSuchShow, ShowCannot once it has begun, CardNotInUse,
    WindowUpsideDown, TooManyForTheCounter.
    """
    require(by, Permission.MANAGE_SHOWS)
    show = _places.lock_show(show_id)
    wanted = (tuple(formats), card_id, on_sale_from, on_sale_until, counter_seats)
    before = (show.formats, show.card_id, show.on_sale_from, show.on_sale_until, show.counter_seats)
    if wanted == before:
        return False
    shows.check_open(show.state, starts_at=show.starts_at, now=show.now)
    shows.check_window(opens=on_sale_from, closes=on_sale_until, starts_at=show.starts_at)
    if counter_seats != show.counter_seats:
        shows.check_kept_for_counter(counter_seats, _places.house(show.plan_id))
    if card_id != show.card_id:
        _places.price_card(card_id, show.starts_at)
    change(
        "UPDATE theatre_show SET formats = %s::varchar[], card_id = %s, on_sale_from = %s, on_sale_until = %s,"
        " counter_seats = %s WHERE id = %s",
        [list(formats), card_id, on_sale_from, on_sale_until, counter_seats, show.id],
    )
    seats_changed(show.id)
    record(by, "change_show", ("show", show.id))
    return True


@action
def place_show(
    *,
    by: Actor,
    show_id: int,
    screen_id: int,
    starts_at: datetime,
    movie_id: int | None = None,
    knowing_late: bool = False,
) -> bool:
    """Give a show another time, screen or movie, as long as nobody ever had seats of it; whether anything changed.

    On another screen it takes the plan that new shows take there. Refused: NoSuchShow, ShowCannot,
    ShowIsTouched, and as `plan_show`.
    """
    require(by, Permission.MANAGE_SHOWS)
    hall = _hall(show_id, screen_id, starts_at, movie_id)
    if hall is None:
        return False
    show = _places.lock_show(show_id)
    shows.check_open(show.state, starts_at=show.starts_at, now=show.now)
    _places.check_untouched(
        show.id, "Seats of this show have been booked or held. Move it together with its guests"
    )
    wanted = _places.fitting(hall, show, starts_at, movie_id=movie_id, knowing_late=knowing_late)
    plan = _places.plan_in(hall, show)
    if plan != show.plan_id:
        change(
            "DELETE FROM theatre_seatclaim WHERE show_id = %s AND state IN ('blocked', 'waiting')", [show.id]
        )
    with _places.last_word(hall, wanted, but=show.id):
        change(
            "UPDATE theatre_show SET movie_id = %s, screen_id = %s, plan_id = %s, starts_at = %s, ends_at = %s,"
            " clean_at = %s WHERE id = %s",
            [
                movie_id or show.movie_id,
                hall.id,
                plan,
                wanted.start,
                wanted.movie_ends,
                wanted.until,
                show.id,
            ],
        )
    block_in([show.id])
    record(by, "place_show", ("show", show.id), starts_at=starts_at, before=show.starts_at, late=knowing_late)
    return True


def _hall(show_id: int, screen_id: int, starts_at: datetime, movie_id: int | None) -> _places.Hall | None:
    """The screen, locked before the show; None when the show is there already and nothing is to be done."""
    row = fetch_one("SELECT screen_id, starts_at, movie_id FROM theatre_show WHERE id = %s", [show_id])
    if row is None:
        raise _places.NoSuchShow("There is no such show. Look at the board again")
    if row == (screen_id, starts_at, movie_id or row[2]):
        return None
    return _places.lock_screen(screen_id)
