"""Every job that comes round again.

A job is a function that may run anywhere, by any process, at any time: it finds out itself what is
to be done, and does no harm if it was done before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from django.conf import settings

from accountsite.audit import pruning
from accountsite.deletion import endings
from accountsite.directory import work as directory
from accountsite.exports import building
from accountsite.exports import services as exports
from accountsite.limits import storage
from accountsite.notices import delivery, missed
from accountsite.recognition import services as recognition
from accountsite.recognition import telling
from accountsite.reminders import services as reminders
from accountsite.schedule import leftovers
from accountsite.webhooks import reconciling
from accountsite.webhooks import services as webhooks

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Job:
    """What to do, and how long to wait after it was done."""

    name: str
    work: Callable[[], object]
    every: timedelta


def forget_sessions() -> None:
    """What `manage.py clearsessions` does."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


JOBS = (
    Job("notices: send what is due", delivery.deliver_due, MINUTE),
    Job("notices: tell what was missed", missed.tell, 5 * MINUTE),
    Job("recognition: tell of new devices", telling.tell_missed, 5 * MINUTE),
    Job("webhooks: work off what waits", webhooks.process_due, MINUTE),
    Job("webhooks: fetch what was missed", reconciling.reconcile, 15 * MINUTE),
    Job("webhooks: forget old ones", webhooks.forget_old, DAY),
    Job("tasks: begin lost ones again", leftovers.begin_lost_again, 5 * MINUTE),
    Job("exports: begin lost ones again", building.begin_lost_again, MINUTE),
    Job("exports: forget old ones", exports.forget_over, 10 * MINUTE),
    Job("accounts: delete those that are due", endings.carry_out_due, 5 * MINUTE),
    Job("directory: go on with bulk jobs", directory.resume_stalled, MINUTE),
    Job("directory: forget bulk jobs", directory.forget_old, HOUR),
    Job("sessions: forget old ones", forget_sessions, HOUR),
    Job("limits: forget what is over", storage.forget_expired, HOUR),
    Job("tasks: forget finished ones", leftovers.forget_finished, DAY),
    Job("notices: forget old ones", delivery.forget_old, DAY),
    Job("recognition: forget what is long gone", recognition.forget_unseen, DAY),
    Job("audit: forget old events", pruning.forget_old, DAY),
    Job("reminders: tell of tokens that expire", reminders.send_due, DAY),
)
