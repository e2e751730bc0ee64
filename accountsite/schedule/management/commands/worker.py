"""`manage.py worker`: what `serve` runs beside the site, or an operator in a container apart."""

import logging
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from accountsite.operations import starting
from accountsite.schedule import clock

logger = logging.getLogger(__name__)

LOOK_FOR_TASKS_EVERY = 1.0  # seconds
AWAY = 2.0  # seconds until the next look whether the database is back
GRACE = 5.0  # seconds that a job gets to end in when the worker is told to


class Command(BaseCommand):
    """Does tasks and jobs until SIGTERM or SIGINT; any number may run at a time.

    While the database is away it waits. The task that it was at is begun again by a job, unless it
    has a way of its own to be tried again, as mails have.
    """

    help = "Sends mails, does other work that left a request, and runs the scheduled jobs."
    requires_system_checks = ()  # they load every page of the site, which stays small without

    def handle(self, *args: Any, **options: Any) -> None:
        """Tasks in this thread, jobs in another."""
        starting.worker()
        stop = threading.Event()
        jobs = threading.Thread(target=clock.run, args=[stop], name="jobs", daemon=True)
        worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=LOOK_FOR_TASKS_EVERY,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        worker.configure_signals()
        jobs.start()
        try:
            while worker.running:
                self._work(worker, stop)
        finally:
            stop.set()
            jobs.join(GRACE)

    def _work(self, worker: Worker, stop: threading.Event) -> None:
        """Until the end, or until the database goes away and was waited for."""
        try:
            worker.run()
        except (OperationalError, InterfaceError):
            logger.exception("the database does not answer; the worker waits for it")
            stop.wait(AWAY)
