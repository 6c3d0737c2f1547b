"""Servers of the races' own, on 127.0.0.1 and a free port, over the races' own database."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def granian(
    application: str = "config.wsgi:application", *, workers: int = 2, threads: int = 8, **environment: str
) -> Iterator[int]:
    """The production server over this database (`DATABASE_URL`, or `DATA_DIR` for the embedded one); its port."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(workers)),
        *("--blocking-threads", str(threads), "--host", "127.0.0.1", "--port", str(port), "--no-ws"),
        *("--log-level", "warning", application),
    ]
    with running(command, **environment):
        wait_for(port)
        yield port


@contextmanager
def running(command: list[str], **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """A process of ours in the house's folder, ended when the block ends."""
    known = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DATA_DIR")}
    settings = {
        "THEATRE_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "CRITICAL",
        "HOLDS_PER_CUSTOMER": "3",
    }
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=known | settings | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, patience: float = 60) -> None:
    """Return when somebody listens on the port."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens on port {port}")
