"""The authenticator app: a secret, made here, that proves itself before it counts.

The Management API binds whatever secret it gets, checks no code of it, keeps one app, and knows no
replacement; and no API tells a secret that is bound, so an old app can't be restored. The Account
API replaces in one step, where the tenant has it and Logto has a record of the confirmation: there
the account is never without an app. Elsewhere the old one is deleted and the new one added, each
call repeated until it is certain; if even that fails, the person is told that they are without,
the trail says that the end is unknown, a mail goes out, and the proved secret waits for another try.
"""

import functools
import hmac
import time
from dataclasses import dataclass, field

import pyotp
import segno
from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.factors import protection
from accountsite.factors import services as factors
from accountsite.factors.protection import Protection
from accountsite.factors.services import ChangedElsewhere, LeftWithout, UnableToChange
from accountsite.limits import attempts, turns
from accountsite.limits.rules import Kind
from accountsite.logto import account_api, errors, mfa, parallel
from accountsite.logto.sign_in_experience import Factor
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.security.pending import Pending

STEP = 30  # seconds
DRIFT = (0, -1, 1)  # steps that a clock may be wrong by
GROUP = 4  # characters
QUIET_ZONE = 4  # modules of white around a QR code, says ISO/IEC 18004


class UnableToProve(Refusal):
    """The code proves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccess:
    """The person's access to the Account API: their token, and Logto's record of their proof."""

    token: str = field(repr=False)
    record: str = field(repr=False)


def address(secret: str, *, issuer: str, account: str) -> str:
    """What an app reads from the QR code: an otpauth URI, which has no room for colons in names."""
    totp = pyotp.TOTP(secret)
    return totp.provisioning_uri(
        name=account.replace(":", " "), issuer_name=issuer.replace(":", " ") or None
    )


def grouped(secret: str) -> str:
    """The secret as somebody types it."""
    return " ".join(secret[at : at + GROUP] for at in range(0, len(secret), GROUP))


def drawn(text: str) -> tuple[int, str]:
    """A QR code of a text: the length of a side in modules, and the dark ones as an SVG path."""
    code = segno.make_qr(text, error="m")
    width = len(code.matrix) + 2 * QUIET_ZONE
    rows = enumerate(code.matrix, start=QUIET_ZONE)
    dark = (
        f"M{x} {y}h1v1h-1z"
        for y, row in rows
        for x, is_dark in enumerate(row, start=QUIET_ZONE)
        if is_dark
    )
    return width, "".join(dark)


def prove(account_id: str, secret: str, code: str) -> None:
    """Check a code of the app. Each is good once, and a clock may be wrong by one step.

    Raises UnableToProve and TooMany.
    """
    try:
        attempts.count(Kind.AUTHENTICATOR, account=account_id)
        step = _step(secret, code)
        if step is None:
            raise UnableToProve(
                _(
                    "That is not the code. Enter the newest one of your app. If none works, check "
                    "that the clock of your device is right."
                )
            )
        if not turns.is_first(f"totp:{secret}:{step}", seconds=STEP * (len(DRIFT) + 1)):
            raise UnableToProve(_("This code was used already. Wait for the next one."))
    except Refusal as refusal:
        trail.refused(Action.AUTHENTICATOR_ADDED, account_id, type(refusal).__name__)
        raise
    attempts.succeeded(Kind.AUTHENTICATOR, account=account_id)


def bind(account_id: str, pending: Pending, *, shown: str, own: OwnAccess | None) -> bool:
    """Let this app be asked for from now on, in place of the one before. Whether there was one.

    `shown` is the id of the app that the page told of, or empty; with `own` an app is replaced in
    one step, where the tenant has the Account API. Raises ChangedElsewhere,
    UnableToChange, LeftWithout, turns.Busy, AccountEnded and Unavailable.
    """
    if not pending.is_proved:
        raise UnableToChange(_("Enter a code of your app first."))
    with factors.one_at_a_time(account_id):
        known = protection.read(account_id)
        old = known.authenticator
        action = Action.AUTHENTICATOR_REPLACED if old else Action.AUTHENTICATOR_ADDED
        try:
            with trail.change(action, account_id) as event:
                _check(known, pending, shown=shown)
                if not (old and own and _replaced_at_once(own, pending.secret)):
                    _written(known, pending.secret)
        except LeftWithout:
            notices.announce(event, known.user.primary_email)
            raise
    notices.announce(event, known.user.primary_email)
    return old is not None


def _step(secret: str, code: str) -> int | None:
    """The time step whose code it is, of those about now. All are compared, in constant time."""
    now = int(time.time()) // STEP
    totp = pyotp.TOTP(secret)
    steps = [
        now + drift for drift in DRIFT if hmac.compare_digest(totp.generate_otp(now + drift), code)
    ]
    return steps[0] if steps else None


def _check(known: Protection, pending: Pending, *, shown: str) -> None:
    factors.check_access(known)
    if not known.offers(Factor.TOTP):
        raise UnableToChange(_("This service does not use authenticator apps."))
    now = known.authenticator.id if known.authenticator else ""
    # What this very form sent before may have arrived, though nobody heard of it.
    if now != shown and not pending.is_sent:
        raise ChangedElsewhere(
            _(
                "An authenticator app was added elsewhere meanwhile. Go on, and yours takes its place."
            )
            if now
            else _(
                "Your authenticator app was removed elsewhere meanwhile. Go on to add this one."
            ),
            now,
        )


def _replaced_at_once(own: OwnAccess, secret: str) -> bool:
    """Whether the Account API did it. It wants a code, too, and the same may be sent twice."""
    for attempt in range(factors.TRIES):
        code = pyotp.TOTP(secret).now()
        try:
            account_api.replace_totp(own.token, secret=secret, code=code, proof=own.record)
        except errors.TotpCodeWrong as error:
            raise UnableToChange(_("The code came too late. Try again.")) from error
        except (errors.Rejected, errors.NotOffered):
            return False
        except errors.Unavailable:
            if attempt == factors.TRIES - 1:
                raise
        else:
            return True
    return False


def _written(known: Protection, secret: str) -> None:
    """Bind it; the old one, whose secret nobody can read, goes first. The switch goes along."""
    account_id, old = known.user.id, known.authenticator
    delete = functools.partial(mfa.delete, account_id, factor_id=old.id) if old else None
    add = functools.partial(mfa.add_totp, account_id, secret=secret)
    try:
        factors.replace(old=delete, new=_with_switch(known, add), taken=errors.TotpAlreadyBound)
    except errors.TotpAlreadyBound as error:
        raise ChangedElsewhere(
            _("An authenticator app was added elsewhere meanwhile. Look at it first.")
        ) from error
    except LeftWithout as error:
        raise LeftWithout(
            _(
                "Your old authenticator app no longer works, and it is not certain that the new one "
                "does. Keep the new one in your app, and try again now."
            )
        ) from error.__cause__


def _with_switch(known: Protection, add: "functools.partial[None]") -> "functools.partial[None]":
    """Beside the first factor, turn on that it is asked for, as Logto's own account center does."""
    chosen = known.settings
    if chosen.is_enabled and not (chosen.skips_at_sign_in and not known.made()):
        return add
    skips = False if not known.made() else None
    turn_on = functools.partial(
        mfa.update_settings, known.user.id, is_enabled=True, skips_at_sign_in=skips
    )
    return functools.partial(_both, add, turn_on)


def _both(add: "functools.partial[None]", turn_on: "functools.partial[mfa.Settings]") -> None:
    """Both at once. That it is not asked for, the page shows: the app is bound all the same."""
    added, _turned_on = parallel.settle(add, turn_on)
    if isinstance(added, errors.LogtoError):
        raise added
