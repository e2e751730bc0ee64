"""Backup codes: ten, made here, shown once, and known afterwards to nobody but their owner."""

import functools
import secrets

from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.factors import protection
from accountsite.factors import services as factors
from accountsite.factors.protection import Protection
from accountsite.factors.services import ChangedElsewhere, LeftWithout, UnableToChange
from accountsite.logto import errors, mfa
from accountsite.logto.sign_in_experience import Factor
from accountsite.notices import delivery as notices


def generate(account_id: str, *, shown: str) -> tuple[str, ...]:
    """Make new codes, which end the ones before, and give them: they are nowhere else.

    `shown` is the id of the set that the page told of, or empty: of two who make new ones at once,
    the second is told, so that the first one's stay good. Raises ChangedElsewhere, UnableToChange,
    LeftWithout, turns.Busy, AccountEnded and Unavailable.
    """
    with factors.one_at_a_time(account_id):
        known = protection.read(account_id)
        try:
            with trail.change(Action.BACKUP_CODES_GENERATED, account_id) as event:
                _check(known, shown=shown)
                codes = _made()
                _written(known, codes)
        except LeftWithout:
            notices.announce(event, known.user.primary_email)
            raise
    notices.announce(event, known.user.primary_email)
    return codes


def as_text(codes: tuple[str, ...], *, title: str) -> str:
    """A file to keep: the codes, one a line, below what they are for."""
    return "\n".join([title, "", *codes, ""])


def _made() -> tuple[str, ...]:
    """Ten different ones, of ten hexadecimal digits: what Logto takes (measured)."""
    codes: set[str] = set()
    while len(codes) < mfa.BACKUP_CODE_COUNT:
        codes.add(secrets.token_hex(mfa.BACKUP_CODE_DIGITS // 2))
    return tuple(codes)


def _check(known: Protection, *, shown: str) -> None:
    factors.check_access(known)
    if not known.offers(Factor.BACKUP_CODE):
        raise UnableToChange(_("This service does not use backup codes."))
    if not known.made():
        raise UnableToChange(
            _("Backup codes stand in for another second step. Add an authenticator app first.")
        )
    now = known.backup_codes.id if known.backup_codes else ""
    if now != shown:
        raise ChangedElsewhere(
            _(
                "New backup codes were made meanwhile, and those are good now. "
                "If you don’t have them, make new ones again."
            )
            if now
            else _("Your backup codes were removed elsewhere meanwhile. Go on to make new ones."),
            now,
        )


def _written(known: Protection, codes: tuple[str, ...]) -> None:
    account_id, old = known.user.id, known.backup_codes
    delete = functools.partial(mfa.delete, account_id, factor_id=old.id) if old else None
    add = functools.partial(mfa.add_backup_codes, account_id, codes=codes)
    try:
        factors.replace(old=delete, new=add, taken=errors.BackupCodesAlreadyBound)
    except errors.BackupCodesAlreadyBound as error:
        raise ChangedElsewhere(
            _("Backup codes were made elsewhere meanwhile, and those are good now.")
        ) from error
    except errors.BackupCodesAlone as error:
        raise UnableToChange(
            _("Backup codes stand in for another second step. Add an authenticator app first.")
        ) from error
    except LeftWithout as error:
        raise LeftWithout(
            _(
                "Your old backup codes no longer work, and the new ones could not be made. "
                "You have none now: try again in a moment."
            )
        ) from error.__cause__
