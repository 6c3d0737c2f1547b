"""What this process keeps of the programme, and gives again only while nothing it says has changed.

Whoever asks, asks the database first, with one statement: has anything at all been committed since? If not, what is
kept is true. If so, two marks are compared: one of the changes of the programme (a row for each, by trigger), one of
the live claims on the shows' seats. Only when one differs, or the clock has passed a moment that matters, is it looked
up anew. So a change is seen by the very next request, in every process, and a booking writes nothing for it.
The reasons are in docs/decisions/0024-a-page-is-as-new-as-its-facts.md.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from itertools import count
from typing import Any, Generic, Protocol, TypeVar

from theatre.models.sql import fetch_one

MOST = 128  # answers kept of one question


@dataclass(frozen=True, slots=True)
class Facts:
    """What an answer stands on besides the programme: whose seats were counted, the mark of the claims on them, and
    until when it holds if nobody does anything."""

    shows: tuple[int, ...]
    claims: int
    until: datetime


class Answer(Protocol):
    @property
    def facts(self) -> Facts: ...


A = TypeVar("A", bound=Answer)


@dataclass(slots=True, eq=False)
class Kept(Generic[A]):
    """An answer. `edition` is its own: two answers of one edition are the same."""

    answer: A
    edition: int
    snapshot: str
    programme: int


@dataclass(frozen=True, slots=True)
class _Standing:
    now: datetime
    snapshot: str
    quiet: bool
    programme: int
    claims: int


_editions = count(1)
_kept: list[OrderedDict[Hashable, Any]] = []

# Two equal snapshots see the same rows. Within a transaction that has written, that is not so: there it says nothing.
# A mark is the exclusive or of the hashes of a set's rows: it is another one when a row comes or goes, in any order.
_STANDING = """
SELECT n.now, n.snapshot, n.quiet,
       CASE WHEN n.quiet THEN 0 ELSE (
         SELECT coalesce(bit_xor(hashint8extended(id, 0)), 0) FROM theatre_programmechange) END,
       CASE WHEN n.quiet THEN 0 ELSE (
         SELECT coalesce(bit_xor(hashint8extended(c.seat_id, c.show_id)), 0) FROM theatre_seatclaim c
         WHERE c.show_id = ANY(%s::bigint[]) AND (c.held_until IS NULL OR c.held_until > n.now)) END
FROM (SELECT clock_timestamp() AS now, s.snapshot, s.snapshot <> '' AND s.snapshot = %s AS quiet
      FROM (SELECT CASE WHEN pg_current_xact_id_if_assigned() IS NULL THEN pg_current_snapshot()::text
                        ELSE '' END AS snapshot) s
      OFFSET 0) n
"""


def kept(look_up: Callable[..., A | None]) -> Callable[..., Kept[A] | None]:
    """Keep the answers of a function that is called with the database's now and then with what is asked.

    A hot answer costs one query, and none for what it says. None is looked up every time.
    """
    answers: OrderedDict[Hashable, Kept[A]] = OrderedDict()
    _kept.append(answers)

    @wraps(look_up)
    def asked(*question: Hashable) -> Kept[A] | None:
        known = answers.get(question)
        # Asked before it is looked up: what is committed in between makes the next request look again.
        standing = _standing(known)
        if known and standing.now < known.answer.facts.until:
            if standing.quiet:
                return known
            if (standing.programme, standing.claims) == (known.programme, known.answer.facts.claims):
                known.snapshot = standing.snapshot
                return known
        answer = look_up(standing.now, *question)
        if answer is None:
            return None
        programme = known.programme if known and standing.quiet else standing.programme
        found = Kept(answer, next(_editions), standing.snapshot, programme)
        answers.pop(question, None)  # so that it stands last
        answers[question] = found
        while len(answers) > MOST:
            answers.popitem(last=False)
        return found

    return asked


def forget() -> None:
    """Keep nothing any more."""
    for answers in _kept:
        answers.clear()


def _standing(known: Kept[Any] | None) -> _Standing:
    shows, snapshot = (list(known.answer.facts.shows), known.snapshot) if known else ([], "")
    row = fetch_one(_STANDING, [shows, snapshot])
    assert row is not None  # noqa: S101 - it reads no table that could be empty
    return _Standing(*row)


def marked(marks: Iterable[int]) -> int:
    """The mark of several sets that have no row in common."""
    whole = 0
    for mark in marks:
        whole ^= mark
    return whole
