"""Passwords that last until the next sign-in: made here, shown once, kept nowhere."""

import secrets

from django.utils.translation import gettext as _

from accountsite.directory.cases import Unable
from accountsite.logto import errors, passwords, tenant
from accountsite.logto.sign_in_experience import PasswordPolicy

# Without those that people take for one another when they read it out.
LOWER = "abcdefghijkmnpqrstuvwxyz"
UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"
SYMBOLS = "-_.!"
USUAL_LENGTH = 16
TRIES = 5


def password(account_id: str | None = None) -> str:
    """One that the tenant's policy takes.

    Logto's own check has the last word; for an account that is yet to be made, a policy that looks
    at the person can't be asked (measured: 400), and chance alone makes nobody's name. Raises
    Unable, and Unavailable.
    """
    policy = tenant.current().sign_in_experience.password_policy
    for _attempt in range(TRIES):
        candidate = _made(policy)
        try:
            verdict = passwords.check(candidate, account_id=account_id)
        except errors.Invalid:
            return candidate
        if verdict.is_accepted:
            return candidate
    raise Unable(
        _("No password could be made that the tenant’s policy takes. Look at the policy in Logto.")
    )


def expire(account_id: str) -> bool:
    """Have Logto ask for a new password at the next sign-in. False where the tenant does not."""
    try:
        passwords.set_expired(account_id, is_expired=True)
    except (errors.PasswordExpirationOff, errors.Unavailable, errors.NotFound):
        return False
    return True


def _made(policy: PasswordPolicy) -> str:
    """As long as the policy wants, with a character of each kind."""
    length = min(max(USUAL_LENGTH, policy.min_length), policy.max_length)
    kinds = (LOWER, UPPER, DIGITS, SYMBOLS)
    needed = [secrets.choice(kind) for kind in kinds][:length]
    rest = [secrets.choice(LOWER + UPPER + DIGITS) for _each in range(length - len(needed))]
    characters = needed + rest
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)
