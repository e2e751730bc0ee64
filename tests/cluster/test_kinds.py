"""Whoever adds a kind of change to the site adds it to those that are killed, or says why not."""

from accountsite.audit.actions import Action
from accountsite.directory import deeds
from tests.cluster.admins import BY_ADMINS
from tests.cluster.own import OWN

# Actions in the middle of which nobody is killed here
LEFT_OUT = {
    "Nothing changes at Logto: one row of our own, written once it is so": (
        Action.IDENTITY_CONFIRMED,
        Action.EXPORT_REQUESTED,
        Action.EXPORT_READY,
        Action.EXPORT_DOWNLOADED,
        Action.DELETION_SCHEDULED,
        Action.DELETION_CANCELED,
        Action.TOKEN_EXPIRING,
        Action.ACCOUNTS_EXPORTED,
        Action.AUDIT_EXPORTED,
    ),
    "Others did it, and we hear of it; who does not answer is told again": (
        Action.NEW_DEVICE,
        Action.ACCOUNT_CHANGED,
        Action.ACCOUNT_LOCKED,
    ),
    "The very lines of password.changed; who has no password can't sign in as these people do": (
        Action.PASSWORD_SET,
    ),
    "The demo tenant has no such thing to remove": (
        Action.TRUSTED_DEVICE_REMOVED,
        Action.CONNECTION_TOKEN_REMOVED,
    ),
}


def test_every_action_is_killed_in_the_middle_of_or_says_why_not() -> None:
    killed = {kind.action for kind in (*OWN, *BY_ADMINS)}
    left_out = {action for actions in LEFT_OUT.values() for action in actions}

    assert killed | left_out == set(Action)
    assert not killed & left_out


def test_everything_that_admins_do_is_killed_in_the_middle_of() -> None:
    slugs = {str(kind).rpartition(" ")[2] for kind in BY_ADMINS}

    assert slugs >= {deed.slug for deed in deeds.DEEDS}


def test_no_two_kinds_have_one_name() -> None:
    names = [str(kind) for kind in (*OWN, *BY_ADMINS)]

    assert len(names) == len(set(names))
