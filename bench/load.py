"""A lean HTTP client: many keep-alive connections on one epoll loop, so that measuring costs little of the machine.

A caller is a generator that yields `(label, request bytes)` and is given `(status, body)`; each answer's time is
kept under its label. What ends the run is the callers' end or the clock. After a
request that says `Connection: close` the caller goes on with a new connection, as the next guest would.
"""

import json
import selectors
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field

Caller = Generator[tuple[str, bytes], tuple[int, bytes], None]


@dataclass
class Measured:
    """Seconds by label, counts by label and status, and how long the whole run took."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    elapsed: float = 0.0

    def rate(self, label: str) -> float:
        """Answers a second."""
        return len(self.seconds[label]) / self.elapsed if self.elapsed else 0.0

    def percentile(self, label: str, percent: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.seconds[label])
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000 if ordered else 0.0


def request(
    method: str, path: str, *, token: str = "", body: object = None, headers: Iterable[str] = ()
) -> bytes:
    """A whole HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept-Encoding: identity", *headers]
    payload = b""
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body is not None:
        payload = json.dumps(body).encode()
        lines += ["Content-Type: application/json", f"Content-Length: {len(payload)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


def _line(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


class _Connection:
    def __init__(self, port: int, caller: Caller) -> None:
        self.socket = _line(port)
        self.caller = caller
        self.label = ""
        self.began = 0.0
        self.got = b""
        self.last = False

    def send(self, asked: tuple[str, bytes]) -> None:
        self.label, data = asked
        self.got = b""
        self.last = b"Connection: close" in data
        self.began = time.perf_counter()
        self.socket.sendall(data)

    def receive(self) -> tuple[int, bytes] | None:
        """The answer once it is whole."""
        piece = self.socket.recv(262144)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self.got += piece
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return None
        status = int(head[9:12])
        at = head.lower().find(b"content-length:")
        length = 0 if at < 0 else int(head[at + 15 :].split(b"\r\n", 1)[0])
        return (status, body) if len(body) >= length else None


def run(port: int, callers: Iterable[Caller], seconds: float) -> Measured:
    """Drive the callers until they end or the time is over."""
    measured = Measured()
    chosen = selectors.DefaultSelector()
    began = time.perf_counter()
    for caller in callers:
        connection = _Connection(port, caller)
        try:
            connection.send(next(caller))
        except StopIteration:
            continue
        chosen.register(connection.socket, selectors.EVENT_READ, connection)
    while chosen.get_map() and time.perf_counter() - began < seconds:
        for key, _ in chosen.select(timeout=0.5):
            connection = key.data
            answer = connection.receive()
            if answer is None:
                continue
            measured.seconds[connection.label].append(time.perf_counter() - connection.began)
            measured.statuses[connection.label, answer[0]] += 1
            if connection.last:
                chosen.unregister(connection.socket)
                connection.socket.close()
                connection.socket = _line(port)
                chosen.register(connection.socket, selectors.EVENT_READ, connection)
            try:
                connection.send(connection.caller.send(answer))
            except StopIteration:
                chosen.unregister(connection.socket)
                connection.socket.close()
    measured.elapsed = time.perf_counter() - began
    for key in list(chosen.get_map().values()):
        key.data.socket.close()
    return measured


def repeat(label: str, data: bytes | Callable[[], bytes]) -> Caller:
    """Ask the same thing again and again."""
    while True:
        yield label, data() if callable(data) else data
