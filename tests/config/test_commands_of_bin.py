"""What a newcomer runs: one clear sentence when something is missing, and a cinema that survives every kill."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from config.database import Cluster

REPOSITORY = Path(__file__).resolve().parent.parent.parent
FOR_TESTS_ONLY = ("DATABASE_URL", "DATA_DIR", "DJANGO_SETTINGS_MODULE", "THEATRE_MODE")


@pytest.fixture
def bare_bin(tmp_path: Path) -> Path:
    """A clone's bin without a .venv beside it, and a PATH with nothing on it but the shell's tools."""
    shutil.copytree(REPOSITORY / "bin", tmp_path / "a clone" / "bin")
    tools = tmp_path / "path"
    tools.mkdir()
    for program in ("sh", "dirname", "cut"):
        (tools / program).symlink_to(shutil.which(program) or "")
    return tmp_path


def told(bare_bin: Path, python: str = "") -> str:
    if python:
        fake = bare_bin / "path" / "python3"
        fake.write_text(f"#!/bin/sh\n{python}\n")
        fake.chmod(0o755)
    done = subprocess.run(
        [bare_bin / "a clone" / "bin" / "demo"],
        env={"PATH": str(bare_bin / "path")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    return done.stderr.strip()


def test_machine_without_python_is_told_so(bare_bin: Path) -> None:
    assert told(bare_bin) == "Movie Counter needs Python 3.11 or newer, and there is no python3 on the PATH."


def test_machine_with_an_old_python_is_told_which_it_is(bare_bin: Path) -> None:
    old = '[ "$1" = -V ] && echo Python 3.8.10; exit 1'

    assert told(bare_bin, old) == "Movie Counter needs Python 3.11 or newer; python3 is 3.8.10."


def test_python_without_venv_is_told_what_to_install(bare_bin: Path) -> None:
    bare = 'case "$2" in *ensurepip*) exit 1;; esac'

    assert told(bare_bin, bare).endswith("On Debian and Ubuntu: apt-get install python3-venv")


class Demo:
    """bin/demo, as somebody at a terminal runs it."""

    def __init__(self, data_dir: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.data_dir = data_dir
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, port: int) -> list[str]:
        wanted = ["--port", str(port), "--data-dir", str(self.data_dir), "--no-open"]
        return [sys.executable, str(REPOSITORY / "bin" / "_demo.py"), *wanted]

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in FOR_TESTS_ONLY}
        return kept | {"PYTHONPATH": str(REPOSITORY)}

    def start(self) -> dict[str, object]:
        """What demo.json says, which is written last."""
        written = self.data_dir / "demo.json"
        written.unlink(missing_ok=True)  # the demo does so itself, a moment later
        self.process = subprocess.Popen(self.command(self.port), env=self.environment, cwd="/")
        while not written.exists():
            assert self.process.poll() is None, "the demo ended"
            time.sleep(0.1)
        assert written.stat().st_mode & 0o777 == 0o600
        return json.loads(written.read_text())

    def again(self, port: int) -> str:
        done = subprocess.run(
            self.command(port), env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        return done.stderr.strip()

    def home(self) -> int:
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            caller.request("GET", "/", headers={"Host": "localhost"})
            return caller.getresponse().status
        except OSError:
            return 0
        finally:
            caller.close()

    def home_is_back(self) -> bool:
        """Within 30 seconds, for a second: what is dying may still give one answer."""
        end, since = time.monotonic() + 30, 0.0
        while (now := time.monotonic()) < end:
            since = (since or now) if self.home() == 200 else 0.0
            if since and now - since > 1:
                return True
            time.sleep(0.1)
        return False

    def logins(self) -> list[tuple[str, bool]]:
        """As whom web and worker work in the database, and whether that one may do everything."""
        with psycopg.connect(Cluster(self.data_dir).dsn) as owner:
            return owner.execute(
                "SELECT DISTINCT a.usename, r.rolsuper FROM pg_stat_activity a JOIN pg_roles r ON r.rolname = a.usename"
                " WHERE a.application_name = 'theatre demo'"
            ).fetchall()

    def processes(self, words: str = "") -> list[int]:
        """All that carry this data folder, or this port, on their command line or in their folder."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                around = (entry / "environ").read_bytes().decode(errors="replace") + os.readlink(
                    entry / "cwd"
                )
            except OSError:
                continue
            if str(self.data_dir) in line + around and words in line and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        return found

    def kill(self, words: str = "") -> None:
        for pid in self.processes(words):
            with suppress(ProcessLookupError):  # it ended by itself meanwhile
                os.kill(pid, signal.SIGKILL)
        if self.process and not words:
            self.process.wait()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path / "the data")
    yield demo
    demo.kill()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what is left")
def test_demo_opens_survives_every_kill_and_leaves_nothing_behind(demo: Demo) -> None:
    first = demo.start()
    assert demo.home() == 200
    assert first["url"] == f"http://localhost:{demo.port}"
    end = time.monotonic() + 20  # for what prepared the database to go
    while demo.logins() != [("theatre_app", False)]:
        assert time.monotonic() < end, demo.logins()
        time.sleep(0.1)

    # Another one, on the same folder and on the same port.
    assert demo.again(demo.port + 1).startswith(
        "A demo with this data folder runs already, at http://localhost:"
    )
    elsewhere = Demo(demo.data_dir.with_name("other"))
    assert elsewhere.again(demo.port).startswith(f"Port {demo.port} is taken")

    # The database, its keeper, the web server: each comes back by itself.
    for words in ("postgres -D", "database.py", "uvicorn"):
        demo.kill(words)
        assert demo.home_is_back(), f"not after the end of {words}"

    # The roof alone is killed: the kernel and the keeper clear the rest away.
    assert demo.process
    demo.process.kill()
    demo.process.wait()
    end = time.monotonic() + 20
    while demo.processes() and time.monotonic() < end:
        time.sleep(0.1)
    assert demo.processes() == []

    # Everything is killed at once, and the same people come back.
    demo.start()
    demo.kill()
    assert demo.start() == first
    assert demo.home() == 200

    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(15) == 0
    assert demo.processes() == []
