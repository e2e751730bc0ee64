"""Bulk jobs at work: row by row, each at most once, however often the task runs.

A row is claimed before anything is done for it. One whose process died is looked up at Logto: an
account that is there since then was made by it, and is not made again.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User as Staff
from django.db.models import Q
from django.tasks import task
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.directory import access, accounts, invitations
from accountsite.directory.access import Actor
from accountsite.directory.cases import Case, Unable, Why
from accountsite.directory.models import STALLED, Job, JobKind, JobState, Row, RowState, sealed
from accountsite.logto import client, errors, parallel, roles, users
from accountsite.logto.users import Field, User
from accountsite.refusals import told
from accountsite.signin.staff import Level, username_of

logger = logging.getLogger(__name__)

PATIENCE = 6  # tries of one row while Logto asks to wait, or does not answer
USUAL_WAIT = 2  # seconds, where Logto does not say how long
LONGEST_WAIT = 120  # seconds; less than a job is quiet before another process takes over
SKEW = timedelta(minutes=1)  # that Logto's clock may be behind ours
CHECKED_EVERY = 25  # rows: whether the admin may still do this, and nobody stopped it


@task
def run(job_id: int) -> None:
    """Do what is left of a job."""
    work(job_id)


def resume_stalled() -> int:
    """Go on with the jobs whose process is gone. Tells how many."""
    stalled = list(Job.objects.stalled().values_list("pk", flat=True))
    for job_id in stalled:
        run.enqueue(job_id)
    return len(stalled)


def forget_old() -> int:
    """Delete jobs, with what they hold of people. Tells how many."""
    old = Job.objects.old()
    count: int = old.count()
    old.delete()
    return count


def start(job: Job, why: Why, options: dict[str, Any]) -> bool:
    """Begin with a draft. False if it was begun already."""
    kept = job.options | options | {"tells": why.tells}
    drafts = Job.objects.filter(pk=job.pk, state=JobState.DRAFT)
    begun = drafts.update(
        state=JobState.RUNNING,
        options=kept,
        explanation=why.explanation[: trail.LONGEST_EXPLANATION],
        seen_at=timezone.now(),
    )
    if begun:
        run.enqueue(job.pk)
    return bool(begun)


def stop(job: Job) -> None:
    """End it before the next row."""
    Job.objects.filter(pk=job.pk, state__in=[JobState.RUNNING, JobState.DRAFT]).update(
        state=JobState.STOPPED, finished_at=timezone.now()
    )


def work(job_id: int) -> None:
    """Do what is left of a job, in the language of the admin who began it."""
    job = Job.objects.filter(pk=job_id, state=JobState.RUNNING).first()
    if job is None:
        return
    with translation.override(job.options.get("language", "en")):
        if not job.is_expanded:
            _expand(job)
        for number, row in enumerate(_claimed(job)):
            if number % CHECKED_EVERY == 0 and not _may_go_on(job):
                _give_back(row)
                return
            _do(job, row)
            Job.objects.filter(pk=job.pk).update(seen_at=timezone.now())
        _finish(job)


def _claimed(job: Job) -> Iterator[Row]:
    """The rows that wait, and those whose process is gone, each given to one process alone."""
    while True:
        before = timezone.now() - STALLED
        left = job.rows.filter(
            Q(state=RowState.WAITING) | Q(state=RowState.STARTED, started_at__lt=before)
        )
        row = left.order_by("number").first()
        if row is None:
            return
        mine = Row.objects.filter(pk=row.pk, state=row.state, started_at=row.started_at)
        if mine.update(state=RowState.STARTED, started_at=timezone.now()):
            yield row


def _may_go_on(job: Job) -> bool:
    """Whether it was not stopped, and who began it may still do it."""
    is_running = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).exists()
    if is_running and not _is_manager(job.actor_id):
        logger.warning("bulk job %d stops: who began it may not do this any more", job.pk)
        stop(job)
        return False
    return bool(is_running)


def _is_manager(actor_id: str) -> bool:
    local = actor_id.removeprefix("local:")
    name = local if local != actor_id else username_of(actor_id)
    row = Staff.objects.filter(username=name, is_active=True, is_staff=True).first()
    return row is not None and access.may(row, Level.MANAGE)


def _do(job: Job, row: Row) -> None:
    """One row, waiting as Logto asks."""
    for attempt in range(1, PATIENCE + 1):
        try:
            state, problem = _once(job, row)
        except errors.TooManyRequests as error:
            _wait(error.retry_after or USUAL_WAIT * attempt)
            continue
        except Unable as refusal:
            state, problem = RowState.REFUSED, told(refusal)
        except errors.Unavailable as error:
            if not error.maybe_done and attempt < PATIENCE:
                _wait(attempt)
                continue
            state, problem = RowState.UNKNOWN, _("Logto did not answer. Look at the account.")
        _note(row, state, problem)
        return
    _note(row, RowState.REFUSED, _("Logto was asked too much at once. Try this one again later."))


def _once(job: Job, row: Row) -> tuple[RowState, str]:
    actor = Actor(id=job.actor_id, level=Level.MANAGE)
    why = Why(reason=job.explanation, tells=bool(job.options.get("tells")))
    if job.kind == JobKind.CREATE:
        return _create(job, row, actor, why)
    return _suspend(row, actor, why)


def _create(job: Job, row: Row, actor: Actor, why: Why) -> tuple[RowState, str]:
    invites = bool(job.options.get("invites"))
    values = row.values
    user = _made_before(values, job.created_at - SKEW) if row.started_at else None
    if user is None:
        quiet = Why(reason=why.reason, tells=why.tells and not (invites and values["email"]))
        user = accounts.make(actor, quiet, values)
    row.account_id = user.id
    if invites and not (user.primary_email and invitations.send(user)):
        return RowState.DONE, _("Created, but no invitation could be sent.")
    return RowState.DONE, ""


def _made_before(values: dict[str, Any], since: datetime) -> User | None:
    """The account that an earlier run made for a row before its process died.

    The dry run had found none with this.
    """
    for name, by in (
        ("email", Field.EMAIL),
        ("phone", Field.PHONE),
        ("username", Field.USERNAME),
    ):
        if values.get(name):
            found = users.with_any(by, [values[name]], ignoring_case=True)
            return next((user for user in found if user.created_at >= since), None)
    return None


def _suspend(row: Row, actor: Actor, why: Why) -> tuple[RowState, str]:
    try:
        person, held = parallel.gather(lambda: users.get(row.key), lambda: roles.of_user(row.key))
    except errors.NotFound as error:
        raise Unable(_("There is no such account any more.")) from error
    row.account_id = person.id
    if person.is_suspended:
        return RowState.SKIPPED, _("It is suspended already.")
    accounts.suspend(Case(actor=actor, person=person, held=held, why=why))
    return RowState.DONE, ""


def _expand(job: Job) -> None:
    """Give everybody a row: whom a search finds, or who was selected for an export."""
    if "query" in job.options:
        number = job.rows.count()
        for page in _pages(job.options["query"]):
            _add(job, page, number)
            number += len(page)
    else:
        waiting = list(job.rows.filter(state=RowState.WAITING).order_by("number"))
        size = client.MAX_PAGE_SIZE
        for first in range(0, len(waiting), size):
            _fill(waiting[first : first + size])
    if job.kind == JobKind.EXPORT:
        job.rows.filter(state=RowState.WAITING).update(
            state=RowState.REFUSED, problem=_("There is no such account any more.")
        )
        count = job.rows.filter(state=RowState.DONE).count()
        trail.record(
            Action.ACCOUNTS_EXPORTED,
            job.actor_id,
            values={"accounts": (None, str(count))},
            actor=trail.admin(job.actor_id),
            explanation=job.explanation,
        )
    Job.objects.filter(pk=job.pk).update(is_expanded=True, seen_at=timezone.now())


def _pages(query: dict[str, Any]) -> Iterator[tuple[User, ...]]:
    """Everybody that the search finds, a hundred at a time, waiting as Logto asks."""
    by = Field(query["by"]) if query.get("by") else None
    asked = {"text": query.get("text", ""), "by": by, "mode": users.Mode(query["mode"])}
    number, waits = 1, 0
    while True:
        try:
            page = users.search(**asked, page=number, page_size=client.MAX_PAGE_SIZE)
        except errors.TooManyRequests as error:
            waits += 1
            if waits > PATIENCE:
                raise
            _wait(error.retry_after or USUAL_WAIT * waits)
            continue
        yield page.items
        if not page.has_next or not page.items:
            return
        number += 1


def _add(job: Job, people: tuple[User, ...], number: int) -> None:
    """Rows for these; who has one already keeps it."""
    is_export = job.kind == JobKind.EXPORT
    Row.objects.bulk_create(
        (
            Row(
                job=job,
                number=number + place,
                key=user.id,
                account_id=user.id,
                state=RowState.DONE if is_export else RowState.WAITING,
                sealed=sealed(shown(user) if is_export else {"id": user.id}),
            )
            for place, user in enumerate(people, start=1)
        ),
        ignore_conflicts=True,
    )
    Job.objects.filter(pk=job.pk).update(seen_at=timezone.now())


def _fill(rows: list[Row]) -> None:
    """The accounts that were selected, as they are now."""
    found = {user.id: user for user in users.with_any(Field.ID, [row.key for row in rows])}
    for row in rows:
        if user := found.get(row.key):
            row.state, row.sealed = RowState.DONE, sealed(shown(user))
    Row.objects.bulk_update(rows, ["state", "sealed"])


def shown(user: User) -> dict[str, Any]:
    """What an export tells of an account."""
    return {
        "id": user.id,
        "email": user.primary_email or "",
        "phone": user.primary_phone or "",
        "username": user.username or "",
        "name": user.name or "",
        "joined": user.created_at.isoformat(timespec="seconds"),
        "last_sign_in": (
            user.last_sign_in_at.isoformat(timespec="seconds") if user.last_sign_in_at else ""
        ),
        "suspended": "yes" if user.is_suspended else "no",
    }


def _note(row: Row, state: RowState, problem: str) -> None:
    row.state, row.problem = state, problem
    row.save(update_fields=["state", "problem", "account_id"])


def _give_back(row: Row) -> None:
    Row.objects.filter(pk=row.pk, state=RowState.STARTED).update(
        state=row.state, started_at=row.started_at
    )


def _finish(job: Job) -> None:
    """Done, unless another process still works at a row."""
    open_states = [RowState.WAITING, RowState.STARTED]
    if not job.rows.filter(state__in=open_states).exists():
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
            state=JobState.DONE, finished_at=timezone.now()
        )


def _wait(seconds: float) -> None:
    time.sleep(min(seconds, LONGEST_WAIT))
