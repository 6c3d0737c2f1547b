"""What a stream is told next: what it missed as long as that is remembered, else everything."""

import json
import re
from dataclasses import replace
from typing import Any

from theatre.live.halls import REMEMBERED, Hall
from theatre.queries.seatstates import SeatStates

SEEN = SeatStates(show="as it is", off={1: ("sold", 10), 2: ("held", 11)}, free=8, lapses_in=None)


def told(words: bytes) -> list[tuple[str, Any]]:
    found = re.findall(rb"event: (\w+)\nid: \S+\ndata: (.*)\n\n", words)
    return [(name.decode(), json.loads(data)) for name, data in found]


def hall(*looks: SeatStates) -> Hall:
    made = Hall(1)
    for seen in looks:
        made.look(seen)
    return made


def test_a_new_stream_is_told_everything():
    assert told(hall(SEEN).since(0)) == [("all", {"free": 8, "seats": {"sold": [1], "held": [2]}})]


def test_only_what_changed_is_told():
    freed = replace(SEEN, off={1: ("sold", 10), 3: ("blocked", 0)})

    assert told(hall(SEEN, freed).since(1)) == [("some", {"free": 8, "seats": {"free": [2], "blocked": [3]}})]


def test_a_seat_that_passes_to_another_hold_is_told():
    """Held before and after: whoever had it has to learn that it is theirs no more."""
    passed = replace(SEEN, off={1: ("sold", 10), 2: ("held", 12)})

    assert told(hall(SEEN, passed).since(1)) == [("some", {"free": 8, "seats": {"held": [2]}})]


def test_nothing_is_told_when_nothing_changed():
    made = hall(SEEN)

    assert not made.look(replace(SEEN, lapses_in=4.0))
    assert made.since(1) == b""


def test_who_is_far_behind_is_told_everything_once():
    looks = [replace(SEEN, off={seat: ("sold", 1)}) for seat in range(REMEMBERED + 3)]
    made = hall(*looks)

    assert [name for name, _ in told(made.since(3))] == ["some"] * REMEMBERED
    assert [name for name, _ in told(made.since(2))] == ["all"]


def test_another_show_is_told_without_its_seats():
    assert told(hall(SEEN, replace(SEEN, show="cancelled", off={})).since(1)) == [("show", {})]


def test_a_show_that_went_is_told_and_one_that_was_never_there_is_not():
    made = hall(SEEN)

    assert made.look(None)
    assert told(made.since(1)) == [("show", {})]
    assert not made.look(None)


def test_a_version_of_another_hall_counts_for_nothing():
    made, other = hall(SEEN), hall(SEEN)

    assert made.version_in(f"{made.mark}-1") == 1
    for strange in (
        f"{other.mark}-1",
        f"{made.mark}-2",
        f"{made.mark}-",
        f"{made.mark}-١",
        "",
        "-",
        "1" * 4000,
    ):
        assert made.version_in(strange) == 0
