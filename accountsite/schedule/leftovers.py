"""What a worker leaves behind: results of tasks, and tasks that it died over."""

import json
from datetime import timedelta

from django.db.models import TextField
from django.db.models.functions import Cast
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

LOST_AFTER = timedelta(minutes=15)  # longer than any task of ours takes
MOST_WORKERS = 3  # a task over which so many died is the cause of it
KEPT = timedelta(days=7)


def begin_lost_again() -> int:
    """Put tasks back into the queue whose worker was killed. Tells how many.

    A task can so run twice, and must bear it.
    """
    again = 0
    for lost in DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - LOST_AFTER):
        is_hopeless = len(lost.worker_ids) >= MOST_WORKERS
        changes = (
            {"status": TaskResultStatus.FAILED, "finished_at": timezone.now()}
            if is_hopeless
            else {"status": TaskResultStatus.READY}
        )
        same = DBTaskResult.objects.running().filter(pk=lost.pk, started_at=lost.started_at)
        again += same.update(**changes) and not is_hopeless
    return again


def forget_finished() -> int:
    """Delete the results of tasks that ended long ago. Tells how many."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT)
    return old.delete()[0]


def forget(account_id: str) -> None:
    """Delete the tasks, done or not, that were given the id of an account which is gone.

    One that runs at the moment is left to end.
    """
    if account_id:
        given = Cast("args_kwargs", TextField())
        tasks = DBTaskResult.objects.exclude(status=TaskResultStatus.RUNNING)
        tasks.alias(given=given).filter(given__contains=json.dumps(account_id)).delete()
