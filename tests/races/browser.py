"""A browser whose requests are written by hand, byte by byte."""

import re
from urllib.parse import urlencode

from tests.races.wire import Line, Reply

SPOOFED = 50
FORM = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')


class Guesser:
    """One browser, however many connections: its cookies, and forms sent by hand."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def form(self, page: str) -> str:
        """A form's token; the cookies that belong to it are kept."""
        found = FORM.search(self._ask(f"GET {page} HTTP/1.1", "").body)
        assert found, page
        return found[1].decode()

    def post(self, page: str, **fields: str) -> Reply:
        return self._ask(*self._lines(page, fields))

    def request(self, page: str, number: int, fields: dict[str, str]) -> bytes:
        """The whole request as bytes, from a made-up address."""
        first, body = self._lines(page, fields)
        return self._bytes(first, body, f"X-Forwarded-For: 203.0.113.{number % SPOOFED}")

    def ask(self, address: str, fields: dict[str, str], lines: list[str]) -> Reply | None:
        """A form sent to this address with these lines in place of the host's; None when the line was cut instead."""
        first, body = self._lines(address, fields)
        line = Line(self.port)
        try:
            return line.ask(self._bytes(first, body).replace(b"Host: localhost", "\r\n".join(lines).encode()))
        except (ConnectionError, EOFError):
            return None
        finally:
            line.close()

    def _lines(self, page: str, fields: dict[str, str]) -> tuple[str, str]:
        return f"POST {page} HTTP/1.1", urlencode(fields)

    def _bytes(self, first: str, body: str, *more: str) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [
            first, "Host: localhost", "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}", f"Cookie: {cookies}", *more,
        ]  # fmt: skip
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body.encode()

    def _ask(self, first: str, body: str) -> Reply:
        line = Line(self.port)
        reply = line.ask(self._bytes(first, body))
        line.close()
        self.cookies.update(reply.cookies)
        return reply
