"""Many live streams at once, read by one thread: what came on each of them, and when."""

import json
import re
import selectors
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_EVENT = re.compile(rb"event: (\w+)\nid: (\S+)\ndata: (.*)\n\n")


@dataclass(frozen=True, slots=True)
class Event:
    """One event, and when it was read (time.monotonic)."""

    at: float
    name: str
    id: str
    said: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.said)


@dataclass(eq=False)
class Stream:
    """What one connection was told. `ended` is when the other side hung up."""

    socket: socket.socket
    head: bytes = b""
    rest: bytes = b""
    events: list[Event] = field(default_factory=list)
    ended: float | None = None

    @property
    def status(self) -> int:
        return int(self.head.split()[1]) if self.head else 0

    def seats(self) -> dict[int, str]:
        """The seats that cannot be taken, as they are after all that was told."""
        off: dict[int, str] = {}
        for event in self.events:
            if event.name == "all":
                off = {}
            for state, seats in event.data.get("seats", {}).items():
                off |= dict.fromkeys(seats, state)
        return {seat: state for seat, state in off.items() if state != "free"}


class Streams:
    """So many streams of a show; `with` reads them until the block ends."""

    def __init__(self, port: int, show_id: int, number: int = 1, headers: str = "") -> None:
        path = f"/live/shows/{show_id}/"
        self._asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()
        self._reading = selectors.DefaultSelector()
        self._over = False
        self.streams = [self._open(port) for _ in range(number)]
        self._thread = threading.Thread(target=self._read, daemon=True)

    def _open(self, port: int) -> Stream:
        stream = Stream(socket.create_connection(("127.0.0.1", port)))
        stream.socket.sendall(self._asked)
        self._reading.register(stream.socket, selectors.EVENT_READ, stream)
        return stream

    def __enter__(self) -> list[Stream]:
        self._thread.start()
        wait_until(lambda: all(each.events or each.ended or each.status > 200 for each in self.streams), 30)
        return self.streams

    def __exit__(self, *_: object) -> None:
        self._over = True
        self._thread.join()
        for stream in self.streams:
            stream.socket.close()

    def _read(self) -> None:
        while not self._over:
            for key, _ in self._reading.select(0.05):
                self._take(key.data)

    def _take(self, stream: Stream) -> None:
        try:
            piece = stream.socket.recv(65536)
        except ConnectionError:
            piece = b""
        now = time.monotonic()
        if not piece:
            stream.ended = now
            self._reading.unregister(stream.socket)
            return
        stream.rest += piece
        if not stream.head:
            stream.head, _, stream.rest = stream.rest.partition(b"\r\n\r\n")
        end = 0
        for found in _EVENT.finditer(stream.rest):
            stream.events.append(Event(now, found[1].decode(), found[2].decode(), found[3]))
            end = found.end()
        stream.rest = stream.rest[end:]


def lateness(streams: list[Stream], sold: dict[int, float]) -> tuple[list[float], int]:
    """Seconds from the moment each seat was sold until each stream had it, and how many were never told. 0: before."""
    late, lost = [], 0
    for stream in streams:
        told: dict[int, float] = {}
        for event in stream.events:
            for seat in event.data.get("seats", {}).get("sold", []):
                told.setdefault(seat, event.at)
        late += [max(0.0, told[seat] - at) for seat, at in sold.items() if seat in told]
        lost += sum(seat not in told for seat in sold)
    return late, lost


def wait_until(true: Callable[[], bool], patience: float = 10) -> None:
    """Return when it is true; AssertionError when it does not become so."""
    until = time.monotonic() + patience
    while not true():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.005)
