"""What Prometheus is told of the present, read from the database when it asks.

Every process that is asked says the same, so rules take the largest, not the sum.
"""

import platform
import threading
import time
from collections.abc import Iterable

import django
from django.db import DatabaseError, connection
from django.db.models import Min
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from accountsite.notices.models import Notice, State
from accountsite.operations import release
from accountsite.signin.models import Session

PREFIX = "accountsite"
FRESH = 5.0  # seconds; several that scrape ask the database once


class Figures(Collector):
    """Sessions, and what waits. Without the database there is only what the program knows itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = -FRESH
        self._read: list[Metric] = []

    def collect(self) -> Iterable[Metric]:
        """All of them, at most FRESH seconds old."""
        with self._lock:
            if time.monotonic() - self._read_at > FRESH:
                self._read, self._read_at = _read(), time.monotonic()
            return [_build(), *self._read]


NAMES = {
    f"{PREFIX}_build_info": "The release that runs: always 1.",
    f"{PREFIX}_sessions": "Sessions that open a page.",
    f"{PREFIX}_tasks_waiting": "Tasks that no worker has begun.",
    f"{PREFIX}_tasks_oldest_seconds": "How long the oldest of them has waited.",
    f"{PREFIX}_mails_waiting": "Mails that were not sent yet.",
    f"{PREFIX}_mails_oldest_seconds": "How long the oldest of them has waited.",
    f"{PREFIX}_database_up": "Whether these figures could be read.",
}


def _read() -> list[Metric]:
    try:
        waiting = DBTaskResult.objects.ready()
        mails = Notice.objects.filter(state=State.QUEUED)
        found = {
            "sessions": Session.objects.live().exclude(account_id="").count(),
            "tasks_waiting": waiting.count(),
            "tasks_oldest_seconds": _age(waiting.aggregate(at=Min("enqueued_at"))["at"]),
            "mails_waiting": mails.count(),
            "mails_oldest_seconds": _age(mails.aggregate(at=Min("created_at"))["at"]),
            "database_up": 1,
        }
    except DatabaseError:
        found = {"database_up": 0}
    finally:
        connection.close()  # of this thread, which is not one of Django's
    return [_gauge(f"{PREFIX}_{name}", value) for name, value in found.items()]


def _age(moment: object) -> float:
    return (timezone.now() - moment).total_seconds() if moment else 0.0  # type: ignore[operator]


def _gauge(name: str, value: float) -> Metric:
    return GaugeMetricFamily(name, NAMES[name], value=value)


def _build() -> Metric:
    name = f"{PREFIX}_build_info"
    family = GaugeMetricFamily(name, NAMES[name], labels=["version", "python", "django"])
    family.add_metric([release.version(), platform.python_version(), django.get_version()], 1)
    return family
