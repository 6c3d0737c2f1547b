"""A theatre to measure: its own PostgreSQL with real durability, made data, and the production pair of servers."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "var" / "bench"


@dataclass
class House:
    """What the callers need: the port, tokens of customers, shows with their seat ids, a slug, coupon codes."""

    port: int
    tokens: list[str] = field(default_factory=list)
    spread: list[tuple[int, list[int]]] = field(default_factory=list)
    hot: list[tuple[int, list[int]]] = field(default_factory=list)
    wide: tuple[int, int] = (0, 0)
    slug: str = ""
    coupons: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    server: int = 0


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def opened(*, workers: int = 2, threads: int = 4, buyers: bool = True, **history: int) -> Iterator[House]:
    """A fresh theatre with granian in front, until the block ends; `history` is in the sizes of seed_demo. With
    `buyers` there are shows, seats and tokens for guests who book."""
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    port = free_port()
    environment = {
        **os.environ, "THEATRE_MODE": "demo", "DATA_DIR": str(DATA), "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(40), "SITE_URL": f"http://localhost:{port}", "LOG_LEVEL": "ERROR",
        "HOLDS_PER_CUSTOMER": "1000",
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    os.environ.update(environment)
    house = House(port, environment=environment)
    _manage(environment, "migrate", "--skip-checks", "-v0")
    _manage(environment, "collectstatic", "--noinput", "-v0")
    # A theatre with a past: on empty tables PostgreSQL keeps the plans that suited them, until it has counted again.
    _manage(environment, "seed_demo", *(f"--{name}={size}" for name, size in history.items()))
    from bench import rows  # noqa: PLC0415 - Django has to know where the data lies first
    from config.backend import base  # noqa: PLC0415

    if buyers:
        rows.fill(house)
    granian = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(workers),
        "--blocking-threads", str(threads), "--host", "127.0.0.1", "--port", str(port), "--no-ws",
        "--log-level", "warning", "config.wsgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(granian, cwd=ROOT, env=environment)
    house.server = server.pid
    try:
        wait_for(port, server)
        yield house
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
        base.cluster(DATA).stop()  # before the next one clears the folder away


def _manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Return when this server listens on its port."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not open its port within a minute")
