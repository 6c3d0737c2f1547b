"""CPU time by who spent it: steadier than the clock on a machine that others use too."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.house import DATA, House
from config.database import Cluster

_TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def spent(house: House, *, worker: int = 0) -> Iterator[dict[str, float]]:
    """Seconds of CPU while the block ran: the servers' Python, PostgreSQL, this client, and a worker's process."""
    used: dict[str, float] = {}
    roots = {"python": house.server, "postgres": Cluster(DATA).pid() or 0, "client": os.getpid()}
    roots |= {"worker": worker} if worker else {}
    before = {who: _of(pid, alone=who == "client") for who, pid in roots.items()}
    yield used
    used.update({who: _of(pid, alone=who == "client") - before[who] for who, pid in roots.items()})


def _of(root: int, *, alone: bool) -> float:
    """The CPU seconds of a process, and of those below it."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            # What ended children used counts too: a connection may close meanwhile.
            ticks[int(entry.name)] = sum(int(field) for field in fields[11:15])
    below = {root}
    while not alone and (more := {pid for pid, parent in parents.items() if parent in below} - below):
        below |= more
    return sum(ticks.get(pid, 0) for pid in below) / _TICK
