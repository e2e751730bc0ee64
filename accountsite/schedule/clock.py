"""Running jobs when they are due, each in one process at a time."""

import logging
import secrets
import threading
import time

from django.db import DatabaseError, close_old_connections, connections

from accountsite import measurements
from accountsite.logto import correlation
from accountsite.operations import work
from accountsite.schedule import jobs
from accountsite.schedule.models import Run

logger = logging.getLogger(__name__)

LOOK_EVERY = 10.0  # seconds


def run(stop: threading.Event, *, look_every: float = LOOK_EVERY) -> None:
    """Run jobs until told to stop."""
    while not stop.is_set():
        close_old_connections()
        try:
            run_due()
        except DatabaseError:
            logger.exception("the schedule could not be read")
        stop.wait(look_every)
    connections.close_all()


def run_due() -> list[str]:
    """Run what is due and not running elsewhere; the names of what was run."""
    claimed = (job for job in jobs.JOBS if Run.claimed(job.name))
    return [_run(job) for job in claimed]


def _run(job: jobs.Job) -> str:
    """One job that fails keeps no other from running."""
    error, began = "", time.perf_counter()
    here = work.Work(task=job.name)
    with correlation.bound(f"job-{secrets.token_hex(6)}"), work.under_way(here):
        try:
            job.work()
        except Exception as problem:
            logger.exception("job failed: %s", job.name)
            error = type(problem).__name__
    measurements.tell(
        measurements.Job(
            name=job.name,
            outcome="failed" if error else "done",
            seconds=time.perf_counter() - began,
        )
    )
    Run.ended(job.name, again_in=job.every, error=error)
    return job.name
