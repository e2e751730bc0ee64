"""Putting an export together, away from the request that asked for it.

The task may run twice, at once or one after the other, and a worker may die in the middle: whoever
claims the export goes on, from the beginning, and only as long as it is theirs. One that was removed
or begun anew meanwhile is left alone.
"""

import logging

from django.db import transaction
from django.tasks import task
from django.utils import timezone, translation

from accountsite import encryption
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.exports import archive, collecting
from accountsite.exports.models import KEPT, MOST_ATTEMPTS, Archive, Export, State, a_while
from accountsite.logto import errors
from accountsite.notices import delivery as notices
from accountsite.signin.guards import AccountEnded

logger = logging.getLogger(__name__)

PATIENCE = 60  # seconds that somebody waits in front of a page; later they are written to


class _Lost(Exception):
    """The export is not ours any more."""


@task
def build(export_id: int) -> None:
    """Put one export together, unless it is done, or somebody is at it."""
    export = Export.objects.filter(pk=export_id).first()
    if export is None or not export.claimed():
        return
    with translation.override(export.language), timezone.override(export.time_zone):
        try:
            _build(export)
        except _Lost:
            logger.info("export %s is no longer wanted", export_id)
        except (errors.LogtoError, AccountEnded) as error:
            export.failed()
            logger.warning("export %s failed: %s", export_id, type(error).__name__)
        except BaseException:
            export.failed()
            raise


def begin_lost_again() -> int:
    """Begin those again whose task or worker got lost. Tells how many."""
    again = 0
    for key in (
        Export.objects.lost().filter(attempts__lt=MOST_ATTEMPTS).values_list("pk", flat=True)
    ):
        same = Export.objects.lost().filter(pk=key)
        if same.update(state=State.WAITING, held_until=a_while()):
            build.enqueue(key)
            again += 1
    hopeless = Export.objects.lost().filter(attempts__gte=MOST_ATTEMPTS)
    hopeless.update(state=State.FAILED, expires_at=timezone.now() + KEPT)
    return again


def purpose(account_id: str) -> str:
    """What the file is sealed for: in the row of anybody else it could not be read."""
    return f"export of {account_id}"


def _build(export: Export) -> None:
    def progress(done: int, total: int) -> None:
        if not export.went_on(done=done, total=total):
            raise _Lost

    found = collecting.collect(export.account_id, progress)
    content = archive.of(found)
    sealed = encryption.seal(content, purpose=purpose(export.account_id))
    missing = [part.name for part in found.missing]
    with transaction.atomic():
        if not export.finished(size=len(content), missing=missing):
            raise _Lost
        Archive.objects.update_or_create(export=export, defaults={"sealed": sealed})
    _tell(export, found.subject.user.primary_email)


def _tell(export: Export, address: str | None) -> None:
    """Write to who has waited for so long that they may be elsewhere by now."""
    if export.ready_at and (export.ready_at - export.requested_at).total_seconds() > PATIENCE:
        event = trail.record(Action.EXPORT_READY, export.account_id, actor=trail.SYSTEM)
        notices.announce(event, address)
