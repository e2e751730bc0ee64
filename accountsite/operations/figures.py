"""What Prometheus is told of the present, read from the database when it asks.

Every process that is asked says the same, so rules take the largest, not the sum.
"""

import logging
import platform
import time
from collections.abc import Iterable

import django
from django.db.models import Min
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from accountsite.notices.models import Notice, State
from accountsite.operations import release
from accountsite.operations.looks import Look
from accountsite.signin.models import Session

logger = logging.getLogger(__name__)

PREFIX = "accountsite"
FRESH = 5.0  # seconds; several that scrape ask the database once
PATIENCE = 3.0  # seconds; Prometheus gives up after ten
AWAY: dict[str, float] = {"database_up": 0}


class Figures(Collector):
    """Sessions, and what waits. Without the database there is only what the program knows itself.

    A database that hangs takes no other figure along: those tell what hangs.
    """

    def __init__(self) -> None:
        self._read = Look(_read, name="figures", fresh=FRESH)

    def collect(self) -> Iterable[Metric]:
        """All of them, at most FRESH seconds old, within PATIENCE."""
        try:
            found = self._read.result(until=time.monotonic() + PATIENCE)
        except TimeoutError:
            found = AWAY
        return [_build(), *(_gauge(f"{PREFIX}_{name}", value) for name, value in found.items())]


NAMES = {
    f"{PREFIX}_build_info": "The release that runs: always 1.",
    f"{PREFIX}_sessions": "Sessions that open a page.",
    f"{PREFIX}_tasks_waiting": "Tasks that no worker has begun.",
    f"{PREFIX}_tasks_oldest_seconds": "How long the oldest of them has waited.",
    f"{PREFIX}_mails_waiting": "Mails that were not sent yet.",
    f"{PREFIX}_mails_oldest_seconds": "How long the oldest of them has waited.",
    f"{PREFIX}_database_up": "Whether these figures could be read.",
}


def _read() -> dict[str, float]:
    try:
        waiting = DBTaskResult.objects.ready()
        mails = Notice.objects.filter(state=State.QUEUED)
        return {
            "sessions": Session.objects.live().exclude(account_id="").count(),
            "tasks_waiting": waiting.count(),
            "tasks_oldest_seconds": _age(waiting.aggregate(at=Min("enqueued_at"))["at"]),
            "mails_waiting": mails.count(),
            "mails_oldest_seconds": _age(mails.aggregate(at=Min("created_at"))["at"]),
            "database_up": 1,
        }
    except Exception as error:  # noqa: BLE001 - whatever it is, the other figures are still told
        logger.warning("no figures of the database: %s", type(error).__name__)
        return AWAY


def _age(moment: object) -> float:
    return (timezone.now() - moment).total_seconds() if moment else 0.0  # type: ignore[operator]


def _gauge(name: str, value: float) -> Metric:
    return GaugeMetricFamily(name, NAMES[name], value=value)


def _build() -> Metric:
    name = f"{PREFIX}_build_info"
    family = GaugeMetricFamily(name, NAMES[name], labels=["version", "python", "django"])
    family.add_metric([release.version(), platform.python_version(), django.get_version()], 1)
    return family
