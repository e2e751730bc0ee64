"""A worker that dies loses no work, and does not fill the database with what is done."""

from datetime import timedelta

import pytest
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.notices import delivery
from accountsite.schedule import leftovers
from tests.conftest import ALICE

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(settings):
    """A task that a worker began, and did not end."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    delivery.announce(trail.record(Action.PASSWORD_CHANGED, ALICE), "a@example.com")
    task = DBTaskResult.objects.get()
    task.claim("worker-1")
    return task


def status(task):
    task.refresh_from_db()
    return task.status


def test_a_task_that_is_being_done_is_left_alone(task, clock):
    clock.shift(timedelta(minutes=14))

    assert leftovers.begin_lost_again() == 0
    assert status(task) == TaskResultStatus.RUNNING


def test_a_task_whose_worker_died_is_done_by_another(task, clock):
    clock.shift(timedelta(minutes=16))

    assert leftovers.begin_lost_again() == 1
    assert DBTaskResult.objects.ready().get() == task


def test_a_task_that_kills_its_workers_is_given_up(task, clock):
    task.claim("worker-2")
    task.claim("worker-3")
    clock.shift(timedelta(minutes=16))

    assert leftovers.begin_lost_again() == 0
    assert status(task) == TaskResultStatus.FAILED


def test_results_are_forgotten_after_a_week(task, clock):
    task.set_successful(None)
    assert leftovers.forget_finished() == 0

    clock.shift(timedelta(days=8))

    assert leftovers.forget_finished() == 1
