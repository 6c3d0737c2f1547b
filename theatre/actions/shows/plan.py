"""Make a show, put shows on sale, and take one away that nobody ever had seats of."""

from collections.abc import Sequence
from datetime import datetime

from theatre import events
from theatre.access import Actor, Permission, require
from theatre.actions._doors import action, record, seats_changed
from theatre.actions.booking import _once
from theatre.actions.booking._once import Once
from theatre.actions.screens._blocks import block_in
from theatre.actions.shows import _places
from theatre.models.sql import change, fetch, fetch_one
from theatre.rules import shows


@action
def plan_show(
    *,
    by: Actor,
    movie_id: int,
    screen_id: int,
    starts_at: datetime,
    formats: Sequence[str] = (),
    card_id: int | None = None,
    on_sale: bool = False,
    on_sale_from: datetime | None = None,
    on_sale_until: datetime | None = None,
    counter_seats: int = 0,
    knowing_late: bool = False,
    once: Once | None = None,
) -> int:
    """Put a movie on a screen's programme, with the plan that new shows take there; the show's id.

    Without a price card it takes that of its time. Times are aware; the last `counter_seats` are sold at the counter
    alone. `knowing_late`: a film for children may end late. Refused: ScreenNotInUse, NoSuchMovie, MovieNotShown,
    MovieHasNoLength, InThePast, TooFarAhead, ScreenBusy, CardNotInUse, NoCardForThatTime, WindowUpsideDown,
    TooManyForTheCounter, and LateForChildren, once. Source: domain.md, "The programme".
    """
    require(by, Permission.MANAGE_SHOWS)
    if (before := _once.begin(once)) is not None:
        return int(before["show"])
    hall = _places.lock_screen(screen_id)
    film = _places.movie(movie_id)
    shows.check_movie(film.title, film.state, on_sale=on_sale)
    shows.check_start(starts_at, now=hall.now)
    wanted = _places.span(hall, film, starts_at)
    shows.check_window(opens=on_sale_from, closes=on_sale_until, starts_at=starts_at)
    shows.check_kept_for_counter(counter_seats, _places.house(hall.plan_id))
    card = _places.price_card(card_id, starts_at)
    _places.check_hour(film, wanted, knowing_late=knowing_late)
    with _places.last_word(hall, wanted):
        made = fetch_one(
            _MAKE,
            {
                "movie": movie_id, "screen": hall.id, "plan": hall.plan_id, "card": card, "starts": wanted.start,
                "ends": wanted.movie_ends, "clean": wanted.until, "formats": list(formats), "opens": on_sale_from,
                "closes": on_sale_until, "kept": counter_seats, "state": "on_sale" if on_sale else "planned",
            },
        )  # fmt: skip
    assert made is not None  # noqa: S101 - it returns its row
    show_id = int(made[0])
    block_in([show_id])
    record(by, "plan_show", ("show", show_id), starts_at=starts_at, late=knowing_late)
    _once.keep(once, {"show": show_id})
    if on_sale:
        events.shows_put_on_sale.send(sender=None, movie_ids=[movie_id])
    return show_id


_MAKE = """
INSERT INTO theatre_show (movie_id, screen_id, plan_id, card_id, starts_at, ends_at, clean_at, formats, on_sale_from,
                          on_sale_until, counter_seats, state)
VALUES (%(movie)s, %(screen)s, %(plan)s, %(card)s, %(starts)s, %(ends)s, %(clean)s, %(formats)s::varchar[], %(opens)s,
        %(closes)s, %(kept)s, %(state)s)
RETURNING id
"""

_PLANNED = """
SELECT s.id, s.starts_at, clock_timestamp(), m.id, m.title, m.state FROM theatre_show s
JOIN theatre_movie m ON m.id = s.movie_id
WHERE s.id = ANY(%s) AND s.state = 'planned' ORDER BY s.id FOR UPDATE OF s FOR KEY SHARE OF m
"""


@action
def put_on_sale(*, by: Actor, show_ids: Sequence[int]) -> int:
    """Let the planned ones of these shows be sold, all or none; how many. Those that were on sale already stay so.

    Refused: ShowCannot for one that has begun, MovieNotShown for a draft's.
    """
    require(by, Permission.MANAGE_SHOWS)
    planned = fetch(_PLANNED, [sorted(set(show_ids))])
    for _, starts_at, now, _, title, movie_state in planned:
        shows.check_step("planned", "on_sale")
        shows.check_open("planned", starts_at=starts_at, now=now)
        shows.check_movie(title, movie_state, on_sale=True)
    ids = [row[0] for row in planned]
    if ids:
        change("UPDATE theatre_show SET state = 'on_sale' WHERE id = ANY(%s)", [ids])
    for show_id in ids:
        record(by, "put_on_sale", ("show", show_id))
    if ids:
        events.shows_put_on_sale.send(sender=None, movie_ids=sorted({row[3] for row in planned}))
    return len(ids)


_KEPT = """
SELECT EXISTS (SELECT 1 FROM theatre_showclosing WHERE show_id = %(show)s)
    OR EXISTS (SELECT 1 FROM theatre_showmove WHERE show_id = %(show)s)
    OR EXISTS (SELECT 1 FROM theatre_seatoutofservice WHERE show_id = %(show)s)
"""


@action
def delete_show(*, by: Actor, show_id: int) -> None:
    """Take a show off the books. Refused: NoSuchShow, and ShowIsTouched when anybody ever had seats of it, or its
    history is told elsewhere: then it is cancelled."""
    require(by, Permission.MANAGE_SHOWS)
    show = _places.lock_show(show_id)
    sentence = "Seats of this show have been booked or held, so it stays in the books. Cancel it instead"
    _places.check_untouched(show.id, sentence)
    kept = fetch_one(_KEPT, {"show": show.id})
    if kept is None or kept[0]:
        raise _places.ShowIsTouched("This show has a history that is kept. Cancel it instead", "starts_at")
    seats_changed(show.id)
    change("DELETE FROM theatre_seatclaim WHERE show_id = %s", [show.id])
    change("DELETE FROM theatre_show WHERE id = %s", [show.id])
    record(by, "delete_show", ("show", show.id), starts_at=show.starts_at, movie=show.movie_id)
