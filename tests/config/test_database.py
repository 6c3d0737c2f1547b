"""The embedded server: started once, back after any kill, refusing in words."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from config import database
from config.database import Cluster, Trouble

REPOSITORY = Path(database.__file__).resolve().parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a data folder"


@pytest.fixture
def server(folder: Path) -> Iterator[Cluster]:
    server = Cluster(folder, durable=False)
    yield server
    server.stop()


@pytest.fixture
def lasting(folder: Path) -> Iterator[Cluster]:
    server = Cluster(folder)
    yield server
    server.stop()


def ask(dsn: str, question: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(question).fetchone()
        return row and row[0]


def make_seat(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE seat AS SELECT 'A4' AS name")


def soon(true: Callable[[], bool], seconds: float = 10) -> float:
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - begun


def answers(dsn: str) -> bool:
    try:
        return ask(dsn, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def keeper_of(server: Cluster) -> int:
    return int((server.run / "keeper").read_text().split()[0])


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_started_server_knows_letters_of_every_language(server: Cluster) -> None:
    dsn = server.start()

    assert ask(dsn, "SELECT lower('ŁÓDŹ')") == "łódź"
    assert ask(dsn, "SELECT 'Żuraw' ILIKE 'żURAW'") is True
    assert ask(dsn, "SHOW data_checksums") == "on"
    assert ask(dsn, "SHOW max_connections") == "200"


def test_server_has_no_port_and_a_private_socket(server: Cluster) -> None:
    dsn = server.start()

    assert ask(dsn, "SHOW listen_addresses") == ""
    assert server.run.stat().st_mode & 0o777 == 0o700


def test_server_of_people_is_durable_and_that_of_tests_is_not(lasting: Cluster, tmp_path: Path) -> None:
    fleeting = Cluster(tmp_path / "fleeting", durable=False)

    try:
        assert ask(lasting.start(), "SHOW fsync") == "on"
        assert ask(fleeting.start(), "SHOW fsync") == "off"
    finally:
        fleeting.stop()


def test_stopped_server_leaves_no_process_and_keeps_its_rows(lasting: Cluster) -> None:
    dsn = lasting.start()
    make_seat(dsn)
    processes = [keeper_of(lasting), lasting.pid()]

    lasting.stop()

    soon(lambda: all(pid and gone(pid) for pid in processes), 1)
    assert not lasting.running()
    assert ask(lasting.start(), "SELECT name FROM seat") == "A4"


def test_second_user_joins_and_the_last_one_turns_it_off(server: Cluster, folder: Path) -> None:
    dsn = server.start()
    second = Cluster(folder)

    assert second.start() == dsn
    assert second.pid() == server.pid()
    server.stop()
    assert answers(dsn)
    second.stop()
    assert not answers(dsn)


def test_killed_postmaster_is_back_by_itself(server: Cluster) -> None:
    dsn = server.start()

    for _ in range(3):
        killed = server.pid()
        assert killed
        os.kill(killed, signal.SIGKILL)
        soon(lambda killed=killed: server.pid() not in (None, killed) and answers(dsn))


def test_killed_keeper_takes_the_server_along_and_start_brings_both_back(server: Cluster) -> None:
    dsn = server.start()
    postmaster = server.pid()
    assert postmaster

    os.kill(keeper_of(server), signal.SIGKILL)

    soon(lambda: gone(postmaster))
    assert server.start() == dsn
    assert answers(dsn)


def test_after_kill_of_everything_it_starts_again(lasting: Cluster) -> None:
    dsn = lasting.start()
    make_seat(dsn)
    postmaster = lasting.pid()
    assert postmaster

    keeper = keeper_of(lasting)
    for pid in (keeper, postmaster):
        os.kill(pid, signal.SIGKILL)
    soon(lambda: gone(keeper) and gone(postmaster))

    assert ask(lasting.start(), "SELECT name FROM seat") == "A4"


def test_killed_user_leaves_no_server_behind(folder: Path) -> None:
    script = (
        "from pathlib import Path; from config.database import Cluster; import sys, time;"
        "Cluster(Path(sys.argv[1]), durable=False).start(); print('up', flush=True); time.sleep(60)"
    )
    user = subprocess.Popen([sys.executable, "-c", script, folder], stdout=subprocess.PIPE, cwd=REPOSITORY)
    assert user.stdout and user.stdout.readline()
    postmaster = Cluster(folder).pid()
    assert postmaster

    user.kill()
    user.wait()
    user.stdout.close()

    soon(lambda: gone(postmaster), database.LINGER + 10)


def test_pid_of_a_stranger_does_not_keep_the_server_down(server: Cluster) -> None:
    server.start()
    server.stop()
    stale = server.folder / "data" / "postmaster.pid"

    with subprocess.Popen(["sleep", "60"]) as stranger:
        stale.write_text(f"{stranger.pid}\n{stale.parent}\n1\n5432\n{server.run}\n\n  1234 5678\nready\n")
        dsn = server.start()
        stranger.kill()

    assert answers(dsn)


def test_word_of_a_keeper_with_a_longer_pid_does_not_linger(server: Cluster, folder: Path) -> None:
    server.start()
    server.stop()
    (folder / "run" / "keeper").write_text("4194304 starting\n")

    assert ask(server.start(), "SELECT 1") == 1


def test_folder_of_another_major_version_is_refused_in_words(server: Cluster) -> None:
    server.start()
    server.stop()
    (server.folder / "data" / "PG_VERSION").write_text("12\n")

    with pytest.raises(Trouble, match="made by PostgreSQL 12; this is PostgreSQL"):
        server.start()


def test_half_made_folder_is_cleared_away(server: Cluster) -> None:
    (server.folder / "new-12345").mkdir(parents=True)

    server.start()

    assert [path.name for path in server.folder.glob("new-*")] == []


def test_folder_whose_path_is_too_long_for_a_socket(tmp_path: Path) -> None:
    server = Cluster(tmp_path / ("long " * 30), durable=False)

    try:
        assert answers(server.start())
        assert server.socket_dir.parent == Path("/tmp")
        assert server.socket_dir.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
        shutil.rmtree(server.socket_dir)


def test_socket_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    server = Cluster(tmp_path / ("long " * 30), durable=False)
    server.socket_dir.mkdir()
    server.socket_dir.chmod(0o777)

    try:
        with pytest.raises(Trouble, match="others can write to it"):
            server.start()
    finally:
        server.stop()
        server.socket_dir.rmdir()


def test_two_starters_at_once_share_one_server(folder: Path) -> None:
    starters = [Cluster(folder, durable=False) for _ in range(4)]
    threads = [threading.Thread(target=starter.start) for starter in starters]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({starter.pid() for starter in starters}) == 1
    for starter in starters:
        starter.stop()


def test_starter_waits_while_the_server_is_being_turned_off(server: Cluster) -> None:
    server.start()
    server.stop()
    lock = os.open(server.run / "users", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)

    starter = threading.Thread(target=server.start)
    starter.start()
    starter.join(0.5)
    assert starter.is_alive()
    os.close(lock)
    starter.join(10)

    assert server.running()


def test_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(Trouble, match="needs to write in"):
        Cluster(tmp_path / "file" / "data").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another name")
def test_root_without_namespaces_becomes_another_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if subprocess.run(["test", "-x", sys.executable], user="nobody", check=False).returncode:
        pytest.skip("this Python is root's alone")
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)  # pytest makes its folders private
    monkeypatch.setattr(shutil, "which", lambda program: None)
    server = Cluster(tmp_path / "shared", durable=False)
    try:
        server.start()
        assert server.folder.stat().st_uid != 0
        server.stop()
        server.start()
    finally:
        server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another name")
def test_root_who_can_become_nobody_else_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_may", lambda command, **identity: False)

    with pytest.raises(Trouble, match="refuses to run as root"):
        Cluster(tmp_path / "data", durable=False).start()
