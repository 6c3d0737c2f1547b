"""A sender killed at every system call of one letter: none lost, a second copy only beside the server's 250."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now

from tests.databases import Copy
from tests.notices.conftest import MailServer
from theatre.models import Letter
from theatre.notices import outbox

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.needs("strace"),
]
ROOT = Path(__file__).parents[2]
# Calls that leave the process or change what others see. Memory, clocks and waiting of threads are not among them.
CALLS = (
    "socket",
    "connect",
    "sendto",
    "sendmsg",
    "write",
    "recvfrom",
    "recvmsg",
    "read",
    "poll",
    "close",
    "openat",
)
NAME = "sender"  # as the database knows it; others may be there: whoever tells of seats keeps a connection
MOST_DUPLICATES = 4  # kill points, reliability.md G8


class Sender:
    """The forking sender, and one child of it at a time under strace."""

    def __init__(self, database: Copy, port: int) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "THEATRE_MODE": "test",
            "DATABASE_URL": f"{database.url}{'&' if '?' in database.url else '?'}application_name={NAME}",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "PYTHONPATH": str(ROOT),
        }
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "notices" / "sender.py")],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def send(self, *strace: str) -> tuple[int, str]:
        """One child's way under strace with these arguments: its exit status and what strace wrote."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        while "\nState:\tT" not in Path(f"/proc/{child}/status").read_text():
            time.sleep(0.005)
        watching = subprocess.Popen(
            ["strace", "-f", "-p", str(child), *strace], stderr=subprocess.PIPE, text=True
        )
        assert watching.stderr
        first = watching.stderr.readline()  # "strace: Process N attached"
        os.kill(child, signal.SIGCONT)
        status = int(self.process.stdout.readline())
        return status, first + watching.communicate(timeout=30)[1]

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def sender(test_database: Copy, mail_server: MailServer, settings) -> Iterator[Sender]:
    made = Sender(test_database, settings.EMAIL_PORT)
    yield made
    made.end()


def queue(key: str) -> None:
    outbox.queue(key=key, kind="confirm_address", to="guest@example.org", data={"code": "482913"})


def wait_for_its_last_statement() -> None:
    """The database may still be carrying out what the dead sender asked for; a lease is long enough for that."""
    others = 1
    while others:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s",
                [NAME],
            )
            others = cursor.fetchone()[0]


def calls_of_one_letter(sender: Sender) -> Counter[str]:
    queue("counted")
    status, trace = sender.send("-e", f"trace={','.join(CALLS)}")
    assert status == 0
    return Counter(re.findall(r"^(?:\[pid +\d+\] )?(\w+)\(", trace, re.MULTILINE))


def test_sender_killed_at_every_system_call_loses_nothing(sender: Sender, mail_server: MailServer) -> None:
    points = [
        (call, number)
        for call, count in calls_of_one_letter(sender).items()
        for number in range(1, count + 1)
    ]
    mail_server.letters.clear()

    killed = 0
    for call, number in points:
        queue(f"{call}:{number}")
        status, _ = sender.send("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}")
        killed += status == signal.SIGKILL
        wait_for_its_last_statement()
        Letter.objects.filter(state="queued").update(leased_until=None, due_at=Now())  # as after the lease
        outbox.deliver_due()

    assert killed > len(points) * 0.9  # a run may take a poll fewer than the one that was counted
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
    copies = Counter(letter["Message-ID"] for letter in mail_server.letters)
    wanted = set(Letter.objects.exclude(key="counted").values_list("message_id", flat=True))
    assert set(copies) == wanted
    twice = [each for each, number in copies.items() if number > 1]
    print(f"{killed} kills at {len(points)} points, {len(twice)} letters arrived twice")
    assert len(twice) <= MOST_DUPLICATES
    assert max(copies.values()) <= 2
    connection.close()
