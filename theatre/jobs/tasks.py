"""What the clock asks for. Each task calls one verb that is safe to run twice, and a command calls the same.

Letters are swept and not deferred one by one: docs/decisions/0003-letters-are-swept.md.
"""

import logging

from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from theatre.actions import limits
from theatre.actions.booking import keep, waiting
from theatre.actions.movies import digest
from theatre.actions.people import tiers
from theatre.actions.shows import cancel as cancelled_shows
from theatre.actions.shows import played
from theatre.actions.vip import reserve
from theatre.notices import outbox

log = logging.getLogger(__name__)

FINISHED_JOBS_HOURS = 24


@app.periodic(cron="* * * * * */2")
@app.task(queueing_lock="deliver_letters")
def deliver_letters(timestamp: int) -> int:
    """Send what is due, every two seconds."""
    return outbox.deliver_due()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="lapse_holds")
def lapse_holds(timestamp: int) -> int:
    """Tidy away holds that ran out, every minute."""
    return keep.lapse_holds()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="lapse_reservations")
def lapse_reservations(timestamp: int) -> int:
    """Tidy away VIP reservations whose release time has come, every minute."""
    return reserve.lapse_reservations()


@app.periodic(cron="* * * * * */3")
@app.task(queueing_lock="give_back_cancelled_shows", lock="give_back_cancelled_shows")
def give_back_cancelled_shows(timestamp: int) -> int:
    """Give back the bookings of shows that were cancelled, every three seconds."""
    return cancelled_shows.give_back_cancelled_shows()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tell_of_new_movies", lock="tell_of_new_movies")
def tell_of_new_movies(timestamp: int) -> int:
    """Queue the daily letter about new movies once its hour has come, every minute until all have it."""
    return digest.tell_of_new_movies()


@app.periodic(cron="* * * * * */3")
@app.task(queueing_lock="serve_waiting", lock="serve_waiting")
def serve_waiting(timestamp: int) -> int:
    """Hold what has come free for those who wait for it, every three seconds."""
    return waiting.serve_waiting()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="mark_played")
def mark_played(timestamp: int) -> int:
    """Mark shows that are over, every five minutes."""
    return played.mark_played()


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="prune_idempotency_keys")
def prune_idempotency_keys(timestamp: int) -> int:
    """Forget the answers kept for repeated requests once they are a day old, every hour."""
    return keep.prune_idempotency_keys()


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="forget_old_tries")
def forget_old_tries(timestamp: int) -> int:
    """Forget tries whose limit has let go, every hour."""
    return limits.forget_old()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="rescue_stalled_jobs")
async def rescue_stalled_jobs(timestamp: int) -> int:
    """Queue again what a worker was doing when it was killed, every minute."""
    stalled = list(await app.job_manager.get_stalled_jobs())
    for job in stalled:
        await _rescue(job)
    return len(stalled)


async def _rescue(job: Job) -> None:
    try:
        await app.job_manager.retry_job(job)
        log.warning("job %s (%s) was left undone and is queued again", job.id, job.task_name)
    except exceptions.UniqueViolation:
        # Its successor is waiting already, and will do the same.
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)


@app.periodic(cron="7 3 * * *")
@app.task(queueing_lock="recount_tiers")
def recount_tiers(timestamp: int) -> int:
    """Count every customer's tier again, every night."""
    return tiers.recount_tiers()


@app.periodic(cron="29 3 * * *")
@app.task(queueing_lock="prune_jobs")
async def prune_jobs(timestamp: int) -> None:
    """Forget jobs that ended a day ago, every night."""
    await app.job_manager.delete_old_jobs(
        FINISHED_JOBS_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
