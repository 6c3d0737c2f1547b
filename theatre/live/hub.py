"""The shows that are watched from this process, kept as new as the database's word, and the streams that watch them.

One connection listens to what `notices.seats` tells. Shows that somebody watches are looked up when they are told of,
when the first of their holds lapses, and every few seconds in any case, for a word may be lost: all that are due in one
query, in a thread of its own.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

import psycopg
from django.conf import settings
from django.db import OperationalError, close_old_connections

from config.database import Trouble
from theatre.live.halls import Hall
from theatre.notices import seats
from theatre.queries import seatstates
from theatre.queries.seatstates import SeatStates

log = logging.getLogger(__name__)
T = TypeVar("T")

GATHER = 0.05  # seconds between two looks: what happens meanwhile is told at once
LOOK_EVERY = 5.0  # seconds, told of or not
PATIENCE = 5.0  # seconds that a new stream waits for the first look at its show
WAIT = 1.0  # seconds before asking again for a database that is away
SOON = 0.02  # seconds after a hold's end, when the database's clock has passed it for certain


class Stream:
    """One browser's stream: the version it has been told, and what wakes it."""

    __slots__ = ("hall", "network", "stirred", "version")

    def __init__(self, hall: Hall, network: str) -> None:
        self.hall = hall
        self.network = network
        self.version = 0
        self.stirred = asyncio.Event()


class Hub:
    """Everything that is watched from here. Lives in one event loop."""

    def __init__(self) -> None:
        self.closing = False
        self.watchers: dict[int, set[Stream]] = {}
        self._halls: dict[int, Hall] = {}
        self._networks: Counter[str] = Counter()
        self._due: set[int] = set()
        self._stirred = asyncio.Event()
        self._alarms: dict[int, asyncio.TimerHandle] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._thread = ThreadPoolExecutor(1, "live seats")

    @property
    def streams(self) -> int:
        """How many are open."""
        return self._networks.total()

    def full(self) -> bool:
        """Whether no more streams are taken, from anywhere."""
        return self.closing or self.streams >= settings.LIVE_STREAMS

    def full_for(self, network: str) -> bool:
        """Whether no more streams are taken from this network."""
        return self._networks[network] >= settings.LIVE_STREAMS_PER_NETWORK

    async def enter(self, show_id: int, network: str) -> Stream:
        """Begin to watch; what is entered has to be left. TimeoutError when the show could not be looked up."""
        if not self._tasks:
            self._tasks = [
                asyncio.create_task(each()) for each in (self._listen, self._look, self._look_again)
            ]
        hall = self._halls.setdefault(show_id, Hall(show_id))
        stream = Stream(hall, network)
        self.watchers.setdefault(show_id, set()).add(stream)
        self._networks[network] += 1
        if hall.version == 0:
            self._stir([show_id])
            try:
                async with asyncio.timeout(PATIENCE):
                    await stream.stirred.wait()
            except TimeoutError:
                self.leave(stream)
                raise
        return stream

    def leave(self, stream: Stream) -> None:
        """Nobody reads this stream any more."""
        show_id = stream.hall.show_id
        self._networks[stream.network] -= 1
        if not self._networks[stream.network]:
            del self._networks[stream.network]
        self.watchers[show_id].discard(stream)
        if not self.watchers[show_id]:
            del self.watchers[show_id], self._halls[show_id]
            if alarm := self._alarms.pop(show_id, None):
                alarm.cancel()

    def close(self) -> None:
        """Let every stream end."""
        self.closing = True
        for streams in self.watchers.values():
            for stream in streams:
                stream.stirred.set()
        for task in self._tasks:
            task.cancel()
        self._thread.shutdown(wait=False)

    def _stir(self, show_ids: Iterable[int]) -> None:
        self._due.update(show_ids)
        self._stirred.set()

    async def _listen(self) -> None:
        """Be told of shows, for ever."""
        while True:
            try:
                parameters = await self._in_thread(seats.line_parameters)
                async with await psycopg.AsyncConnection.connect(**parameters) as line:
                    await line.execute(f"LISTEN {seats.CHANNEL}")
                    self._stir(self._halls)  # what was told while nobody listened
                    async for told in line.notifies():
                        self._stir(int(word) for word in told.payload.split())
            except (psycopg.Error, Trouble) as error:
                log.warning("nobody tells us of seats: %s", error)
            await asyncio.sleep(WAIT)

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            self._stir(self._halls)

    async def _look(self) -> None:
        """Look up what is due, for ever."""
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            due = self._due & self._halls.keys()
            self._due.clear()
            if due:
                try:
                    self._note(due, await self._in_thread(_look_up, due))
                except (OperationalError, Trouble) as error:
                    log.warning("the seats cannot be looked up: %s", error)
                    self._due |= due
                    asyncio.get_running_loop().call_later(WAIT, self._stirred.set)
            await asyncio.sleep(GATHER)

    def _note(self, due: set[int], found: dict[int, SeatStates]) -> None:
        for show_id in due:
            hall = self._halls.get(show_id)
            if hall is None:
                continue  # everybody has left meanwhile
            seen = found.get(show_id)
            if hall.look(seen):
                for stream in self.watchers[show_id]:
                    stream.stirred.set()
            self._set_alarm(show_id, seen.lapses_in if seen else None)

    def _set_alarm(self, show_id: int, seconds: float | None) -> None:
        if alarm := self._alarms.pop(show_id, None):
            alarm.cancel()
        if seconds is not None:
            loop = asyncio.get_running_loop()
            self._alarms[show_id] = loop.call_later(max(seconds, 0) + SOON, self._stir, [show_id])

    async def _in_thread(self, ask: Callable[..., T], *about: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, ask, *about)


def _look_up(show_ids: set[int]) -> dict[int, SeatStates]:
    try:
        return seatstates.of_shows(show_ids)
    except OperationalError:
        with suppress(OperationalError):
            close_old_connections()
        raise
