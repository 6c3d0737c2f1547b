"""A whole cinema on this machine: database, web and worker under one roof until Ctrl-C.

This process stays small: it watches. What dies is started again; when this process is killed the kernel ends
web and worker, and the database's keeper ends the database. `demo.json` in the data folder is written last,
when the first page answers.
"""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from config.database import Cluster, Trouble, end_with_parent

REPOSITORY = Path(__file__).resolve().parent.parent
FAREWELL = 5  # seconds that web and worker have to finish what they do
HOST = "127.0.0.1"
APPLICATION = os.environ.get("APPLICATION_ROLE", "theatre_app")
LOG_LIMIT = 10_000_000  # bytes; a longer log is begun anew
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked for the end."""


class Child:
    """A process that is started again whenever it ends, later and later if it keeps ending."""

    def __init__(self, name: str, log: Path, *command: str) -> None:
        self.name = name
        self.command = command
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.ends = 0
        self.pause = 0.0
        self.born = 0.0
        self.ended = 0.0
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.unlink()

    def watch(self) -> None:
        """Call it often."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            print(f"The {self.name} ended (code {self.process.returncode}) and is started again.", flush=True)
            self.pause = 0.2 if now - self.born > 10 else min(2 * self.pause + 0.2, 10)
            self.process, self.ended, self.ends = None, now, self.ends + 1
        if self.process is None and now - self.ended >= self.pause:
            self.born = now
            with self.log.open("ab") as log:
                # To a server of our own both are the application, who may not what the owner may (docs/audit.md).
                self.process = start(*self.command, output=log, EMBEDDED_USER=APPLICATION)

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def gone(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines() if self.log.exists() else []
        return "\n".join(lines[-8:])


def start(*command: str, output: IO[bytes] | None = None, **more: str) -> "subprocess.Popen[bytes]":
    """A Python that ends with this one, and to which Ctrl-C is not told: we tell it. `more` is added to what it finds
    in its environment."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=REPOSITORY,
        env=os.environ | more,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=lambda: end_with_parent(signal.SIGKILL),
    )


class Demo:
    """The roof: a database of its own unless DATABASE_URL names another, the web server and the worker."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir = data_dir
        self.port = port
        self.url = f"http://localhost:{port}"
        self.server = None if os.environ.get("DATABASE_URL") else Cluster(data_dir)
        self.web = Child(
            "web server",
            data_dir / "web.log",
            *("-m", "uvicorn", "config.asgi:application", "--host", HOST, "--port", str(port)),
            *("--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "2"),
        )
        self.worker = Child("worker", data_dir / "worker.log", "manage.py", "worker")

    def open(self) -> None:
        """Everything runs and the first page answers; `demo.json` is written last."""
        begun = time.monotonic()
        accounts = self.data_dir / "demo.json"
        accounts.unlink(missing_ok=True)  # who waits for it waits for this start
        mark = self.data_dir / "demo.ready"
        unchanged = mark.exists() and mark.read_text() == fingerprint()
        if unchanged:
            self.web.watch()  # nothing has changed since the last time, so it need not wait for us
        if self.server:
            self.server.start()
        if unchanged:
            self.prepare("quietly", "tables", "cinema", "sign-ins")
        else:
            self.prepare("tables", *(["rights"] if self.server else []), "files", "cinema")
            mark.write_text(fingerprint())
            self.web.watch()
            self.prepare("sign-ins")
        welcome(json.loads(accounts.read_text()), accounts, time.monotonic() - begun)

    def prepare(self, *steps: str) -> None:
        """Ends the program when a step fails; the step has said why."""
        preparing = start("bin/_prepare.py", *steps)
        try:
            while preparing.poll() is None:
                if self.web.process:
                    self.web.watch()
                if self.web.ends > 2:
                    sys.exit(
                        f"The web server does not start. Its last words ({self.web.log}):\n{self.web.last_words()}"
                    )
                time.sleep(0.05)
        finally:
            preparing.kill()
        if preparing.returncode:
            sys.exit(1)

    def watch(self) -> None:
        """What has died is started again."""
        self.web.watch()
        self.worker.watch()
        if self.server and not self.server.running():
            with contextlib.suppress(Trouble):
                self.server.start()

    def close(self) -> None:
        """Within seconds, whatever they are doing."""
        for child in (self.web, self.worker):
            child.signal(signal.SIGTERM)
        end = time.monotonic() + FAREWELL
        while not (self.web.gone() and self.worker.gone()) and time.monotonic() < end:
            time.sleep(0.05)
        for child in (self.web, self.worker):
            child.signal(signal.SIGKILL)
        if self.server:
            self.server.stop()


def main() -> None:
    wanted = arguments()
    data_dir = Path(wanted.data_dir).absolute() if wanted.data_dir else REPOSITORY / "var"
    with only_one(data_dir, f"http://localhost:{wanted.port}"):
        wait_for_port(wanted.port)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "THEATRE_MODE": "demo",
            "DATA_DIR": str(data_dir),
            "SITE_URL": f"http://localhost:{wanted.port}",
            "PORT": str(wanted.port),
        }
        demo = Demo(data_dir, wanted.port)
        try:
            demo.open()
            if not wanted.no_open and has_screen():
                webbrowser.open(demo.url)
            while True:
                time.sleep(0.25)
                demo.watch()
        finally:
            for number in STOPPING:
                signal.signal(number, signal.SIG_IGN)
            demo.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/demo", description="A whole cinema on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="where the pages are (8000)")
    parser.add_argument("--data-dir", help="where the database and everything else is kept (var)")
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")
    wanted = parser.parse_args()
    if not 0 < wanted.port < 65536:
        parser.error("a port is a number from 1 to 65535")
    return wanted


@contextlib.contextmanager
def only_one(data_dir: Path, url: str) -> Iterator[None]:
    """One demo for one data folder."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        note = (data_dir / "demo.lock").open("a+")
    except OSError as error:
        sys.exit(f"The demo keeps its data in {data_dir}, and cannot write there: {error.strerror}.")
    with note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note.seek(0)
            sys.exit(
                f"A demo with this data folder runs already, at {note.read()}. Stop it, or choose a --data-dir."
            )
        note.truncate(0)
        note.write(url)
        note.flush()
        yield


def wait_for_port(port: int) -> None:
    """A demo that was just killed may need a moment to let go of its port."""
    for _ in range(10):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
                return
            except PermissionError:
                sys.exit(f"Port {port} is only for root. Choose one above 1023: bin/demo --port 8000")
            except OSError:
                time.sleep(0.2)
    sys.exit(f"Port {port} is taken by another program. Choose another: bin/demo --port {port % 65535 + 1}")


def fingerprint() -> str:
    """Of all that `prepare` depends on."""
    digest = hashlib.sha256(os.environ.get("DATABASE_URL", "").encode())
    sources = [REPOSITORY / "requirements.lock", REPOSITORY / "theatre" / "models" / "rights.py"]
    for folder, pattern in (("migrations", "*.py"), ("static", "**/*"), ("demo", "**/*.py")):
        sources += sorted(path for path in (REPOSITORY / "theatre" / folder).glob(pattern) if path.is_file())
    for path in sources:
        found = path.stat()
        digest.update(f"{path} {found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()


def has_screen() -> bool:
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.stdout.isatty() and (sys.platform == "darwin" or any(os.environ.get(name) for name in screens))


def welcome(written: dict[str, Any], accounts: Path, seconds: float) -> None:
    """The address, and one sign-in for each role."""
    print(f"\nMovie Counter is open at {written['url']} ({seconds:.1f} s).\n")
    shown = set()
    for account in written["accounts"]:
        if account["role"] not in shown:
            shown.add(account["role"])
            secret = f"   second factor: {account['totp_secret']}" if account["totp_secret"] else ""
            # nosemgrep: secret-in-a-log - the demo's sign-ins are for whoever started it
            print(f"  {account['role']:<10} {account['email']:<32} {account['password']}{secret}")
    print(
        f"\nEverybody is in {accounts}. Letters: {written['url']}/demo/mail. Ctrl-C stops it all.", flush=True
    )


def ask_to_stop(*_: object) -> None:
    raise Stopped


if __name__ == "__main__":
    for number in STOPPING:
        signal.signal(number, ask_to_stop)
    try:
        main()
    except Stopped:
        print("\nThe cinema is closed.", flush=True)
    except Trouble as trouble:
        sys.exit(str(trouble))
