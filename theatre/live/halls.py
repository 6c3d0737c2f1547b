"""A show that somebody watches: its seats as strangers see them, and its last changes as they are sent.

A stream keeps one number, the version it has been told. What it is told next follows from that: the changes since, as
long as they are remembered, else everything. So a slow reader makes nothing pile up.
"""

import json
import secrets
from collections import defaultdict, deque
from collections.abc import Iterable

from theatre.queries.seatmap import FREE
from theatre.queries.seatstates import SeatStates

REMEMBERED = 64  # changes; who is further behind is told everything


class Hall:
    """The seats of one show. Version 0: nobody has looked yet; `seen` is None when there is no such show."""

    def __init__(self, show_id: int) -> None:
        self.show_id = show_id
        # A version means something in this hall alone, not in the one that the next process makes.
        self.mark = secrets.token_hex(4)
        self.version = 0
        self.seen: SeatStates | None = None
        self._changes: deque[tuple[int, bytes]] = deque(maxlen=REMEMBERED)
        self._whole: tuple[int, bytes] = (0, b"")

    def look(self, seen: SeatStates | None) -> bool:
        """Take note of how it is now; whether anything has changed that is to be told."""
        before, self.seen = self.seen, seen
        if self.version == 0:
            self.version = 1
            return True
        if before is None or seen is None:
            return before is not seen and self._change("show", {})
        if before.show != seen.show:
            return self._change("show", {})
        touched = {
            seat: seen.off.get(seat, (FREE, 0))[0]
            for seat in before.off.keys() | seen.off.keys()
            if before.off.get(seat) != seen.off.get(seat)
        }
        return bool(touched) and self._change("some", _said(seen.free, touched.items()))

    def version_in(self, last_event_id: str) -> int:
        """The version a stream had when it was cut off, if it was of this hall; else 0."""
        mark, _, number = last_event_id.partition("-")
        known = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
        return known if mark == self.mark and known <= self.version else 0

    def since(self, version: int) -> bytes:
        """What to tell a stream that has been told this version."""
        missed = [told for number, told in self._changes if number > version]
        if version and len(missed) == self.version - version:
            return b"".join(missed)
        if self._whole[0] != self.version and self.seen is not None:
            seats = ((seat, state) for seat, (state, _) in self.seen.off.items())
            self._whole = (self.version, self._event("all", _said(self.seen.free, seats)))
        return self._whole[1]

    def _change(self, name: str, said: dict[str, object]) -> bool:
        self.version += 1
        self._changes.append((self.version, self._event(name, said)))
        return True

    def _event(self, name: str, said: dict[str, object]) -> bytes:
        data = json.dumps(said, separators=(",", ":"))
        return f"event: {name}\nid: {self.mark}-{self.version}\ndata: {data}\n\n".encode()


def _said(free: int, seats: Iterable[tuple[int, str]]) -> dict[str, object]:
    """How many are free, and the seats by state."""
    by_state = defaultdict(list)
    for seat, state in seats:
        by_state[state].append(seat)
    return {"free": free, "seats": by_state}
