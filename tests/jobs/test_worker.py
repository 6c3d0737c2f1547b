"""The worker as a process of its own: it sweeps letters, outlives its connections, rescues jobs and ends in order."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Status

from tests.databases import Copy
from tests.notices.conftest import MailServer
from theatre.jobs import tasks
from theatre.models import Letter
from theatre.notices import outbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).parents[2]
PATIENCE = 60


def until(done: Callable[[], bool]) -> None:
    """Wait for it, or fail."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


@contextmanager
def worker(database: Copy, port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT,
        env={
            **os.environ,
            "THEATRE_MODE": "test",
            "DATABASE_URL": database.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        },
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def queue(key: str) -> None:
    outbox.queue(key=key, kind="confirm_address", to=f"{key}@example.org", data={"code": "482913"})


def is_sent(key: str) -> bool:
    return Letter.objects.filter(key=key, state="sent").exists()


def test_worker_sends_letters_outlives_its_connections_and_ends_in_order(
    test_database: Copy, mail_server: MailServer, settings
) -> None:
    queue("first")
    with worker(test_database, settings.EMAIL_PORT) as process:
        until(lambda: is_sent("first"))

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] > 0
        queue("second")
        until(lambda: is_sent("second"))

        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert [letter["To"] for letter in mail_server.letters] == ["first@example.org", "second@example.org"]


def test_job_that_a_killed_worker_left_is_queued_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args, attempts)"
            " VALUES ('default', 'theatre.jobs.tasks.lapse_holds', 'doing', '{\"timestamp\": 1}', 1) RETURNING id"
        )
        job = cursor.fetchone()[0]

    assert rescued() == 1

    assert app.job_manager.get_job_status(job) == Status.TODO


def test_job_whose_successor_waits_is_given_up() -> None:
    with connection.cursor() as cursor:
        for status in ("todo", "doing"):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args, attempts, queueing_lock)"
                " VALUES ('default', 'theatre.jobs.tasks.lapse_holds', %s, '{\"timestamp\": 1}', 1, 'lapse_holds')",
                [status],
            )

    assert rescued() == 1

    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs")
        assert cursor.fetchall() == [("todo",)]


def rescued() -> int:
    """What the periodic task does, with the connector of a worker."""

    async def run() -> int:
        assert isinstance(app.connector, DjangoConnector)
        with app.replace_connector(app.connector.get_worker_connector()):
            async with app.open_async():
                return await tasks.rescue_stalled_jobs(timestamp=0)

    return asyncio.run(run())
