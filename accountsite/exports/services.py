"""What a person can do with the copy of their data."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accountsite import encryption
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.exports import building
from accountsite.exports.models import Archive, Export
from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.signin import guards


class UnableToDownload(Refusal):
    """There is no file to give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file for its owner."""

    content: bytes
    made_on: date


def current(account_id: str) -> Export | None:
    """The export of this person, however far it is; None if there is none, or it had its day."""
    found: Export | None = Export.objects.kept().filter(account_id=account_id).first()
    return found


def request(account_id: str, *, instead_of: str = "") -> Export:
    """Have all data of the person put together, and tell them by mail that it was asked for.

    `instead_of` is the key of the export that they saw and don't want any more. If there is another
    one, such as that of a page that was sent twice, it stands. Raises TooMany, AccountEnded and
    Unavailable.
    """
    known = current(account_id)
    if known and not known.is_failed and (known.is_under_way or str(known.pk) != instead_of):
        return known
    with trail.change(Action.EXPORT_REQUESTED, account_id) as event:
        attempts.count(Kind.EXPORT, account=account_id)
        user = guards.person(account_id)
        export, is_new = _begun(account_id, known)
    if is_new:
        notices.announce(event, user.primary_email)
        building.build.enqueue(export.pk)
    return export


def download(account_id: str) -> Download:
    """The file, of which its owner learns by mail that it was taken.

    Raises UnableToDownload, TooMany, AccountEnded and Unavailable.
    """
    with trail.change(Action.EXPORT_DOWNLOADED, account_id) as event:
        attempts.count(Kind.EXPORT, account=account_id)
        user = guards.person(account_id)
        kept = (
            Archive.objects.filter(export__in=Export.objects.kept(), export__account_id=account_id)
            .select_related("export")
            .first()
        )
        if kept is None:
            raise UnableToDownload(_("This copy of your data is gone. You can get a new one."))
        content = _unsealed(kept, account_id)
    notices.announce(event, user.primary_email)
    return Download(content=content, made_on=timezone.localdate(kept.export.requested_at))


def forget(account_id: str) -> int:
    """Remove whatever is kept for this person, done or not. Tells how many rows that was."""
    forgotten, _by_model = Export.objects.filter(account_id=account_id).delete()
    return forgotten


def forget_over() -> int:
    """Remove what has had its day. Tells how many rows."""
    forgotten, _by_model = Export.objects.over().delete()
    return forgotten


def _begun(account_id: str, known: Export | None) -> tuple[Export, bool]:
    """A new export in the place of the one that is known; that of another tab if it was faster."""
    try:
        with transaction.atomic():
            stale = Export.objects.over().filter(account_id=account_id)
            stale.delete()
            if known is not None:
                Export.objects.filter(pk=known.pk).delete()
            export = Export.objects.create(
                account_id=account_id,
                language=translation.get_language() or "en",
                time_zone=timezone.get_current_timezone_name(),
            )
    except IntegrityError:
        return Export.objects.get(account_id=account_id), False
    return export, True


def _unsealed(kept: Archive, account_id: str) -> bytes:
    """Sealed with a key that the site has given up, it can't be opened any more."""
    try:
        return encryption.unseal(bytes(kept.sealed), purpose=building.purpose(account_id))
    except encryption.Unreadable as error:
        kept.export.delete()
        raise UnableToDownload(
            _("This copy of your data can’t be opened any more. You can get a new one.")
        ) from error
