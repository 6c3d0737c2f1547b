"""The worker's shift: it works until it is told to stop, and when the database goes away it waits for it."""

import asyncio
import contextlib
import logging
import signal
from typing import cast

import psycopg
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

log = logging.getLogger(__name__)

WAIT_SECONDS = 1.0  # before asking again for a database that is away
PATIENCE_SECONDS = 20  # for jobs at work when told to stop; a letter cut off is found by its lease


async def work(concurrency: int = 3) -> None:
    """Run jobs until SIGTERM or SIGINT; then finish those at work, and return."""
    told = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, told.set)
    while not told.is_set():
        try:
            await _work_until(told, concurrency)
        except (ConnectorException, psycopg.OperationalError) as error:
            log.warning("the database is away: %s", error.__cause__ or error)
        if not told.is_set():
            log.warning("the worker stopped by itself and begins anew")
            await asyncio.wait([asyncio.create_task(told.wait())], timeout=WAIT_SECONDS)


async def _work_until(told: asyncio.Event, concurrency: int) -> None:
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector):
        async with app.open_async():
            working = asyncio.create_task(
                app.run_worker_async(
                    concurrency=concurrency,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=PATIENCE_SECONDS,
                    install_signal_handlers=False,
                )
            )
            stopping = asyncio.create_task(told.wait())
            await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            working.cancel()  # which lets it finish what it has begun
            with contextlib.suppress(asyncio.CancelledError):
                await working
