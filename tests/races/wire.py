"""HTTP to the byte: requests whose last bytes leave together, and answers that may never come."""

import json
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SETTLE = 0.03  # seconds for the server to read all but the last byte


@dataclass(frozen=True)
class Reply:
    """What came back. `status` is 0 when the connection ended before a whole answer."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


CUT = Reply(0, {}, b"")


class Line:
    """One connection, kept open, to a server of this machine."""

    def __init__(self, port: int, patience: float = 30) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self) -> Reply:
        """The next answer. The server has to say its length."""
        got = b""
        try:
            while b"\r\n\r\n" not in got:
                if not (piece := self.socket.recv(65536)):
                    return CUT
                got += piece
            head, _, body = got.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            while len(body) < int(headers.get("content-length", 0)):
                if not (piece := self.socket.recv(65536)):
                    return CUT
                body += piece
        except ConnectionError:
            return CUT
        set_cookies = [line[11:].strip() for line in lines if line.lower().startswith("set-cookie:")]
        cookies = dict(each.partition(";")[0].split("=", 1) for each in set_cookies)
        return Reply(int(first.split()[1]), headers, body, cookies)

    def ask(self, data: bytes) -> Reply:
        try:
            self.send(data)
        except ConnectionError:
            return CUT
        return self.receive()

    def close(self) -> None:
        self.socket.close()


def post(path: str, token: str, body: object = None, key: str = "") -> bytes:
    """A whole POST to the API as bytes; its last byte is the body's."""
    payload = json.dumps(body if body is not None else {}).encode()
    lines = [
        f"POST /api/v1/{path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}",
        "Content-Type: application/json", f"Content-Length: {len(payload)}",
    ]  # fmt: skip
    if key:
        lines.append(f"Idempotency-Key: {key}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


def together(lines: Sequence[Line], requests: Sequence[bytes]) -> list[Reply]:
    """Send all of every request but its last byte, then the last bytes at one moment; the answers in order."""
    for line, request in zip(lines, requests, strict=True):
        line.send(request[:-1])
    time.sleep(SETTLE)
    for line, request in zip(lines, requests, strict=True):
        line.send(request[-1:])
    return [line.receive() for line in lines]
