"""Everything that can stand in the audit trail, each with its words for the person.

An action is named by its noun and what happened to it. Its label names the act, for one that was
refused or whose end is unknown, and for lists of actions; its sentence tells that it was done. Who
did it is told beside it, so the sentences are true of the person, an admin and a thief alike.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """What somebody did, or tried to do."""

    IDENTITY_CONFIRMED = "identity.confirmed", _("Confirmation that it’s you")
    PROFILE_CHANGED = "profile.changed", _("Profile change")
    AVATAR_CHANGED = "avatar.changed", _("Picture change")
    AVATAR_REMOVED = "avatar.removed", _("Picture removal")

    EMAIL_CHANGE_STARTED = "email.change_started", _("Code to a new email address")
    EMAIL_CHANGED = "email.changed", _("Email address change")
    EMAIL_REMOVED = "email.removed", _("Email address removal")
    PHONE_CHANGE_STARTED = "phone.change_started", _("Code to a new phone number")
    PHONE_CHANGED = "phone.changed", _("Phone number change")
    PHONE_REMOVED = "phone.removed", _("Phone number removal")
    USERNAME_CHANGED = "username.changed", _("Username change")
    USERNAME_REMOVED = "username.removed", _("Username removal")

    PASSWORD_SET = "password.set", _("First password")
    PASSWORD_CHANGED = "password.changed", _("Password change")
    SESSIONS_ENDED = "sessions.ended", _("Signing out other devices")

    TWO_STEP_TURNED_ON = "two_step.turned_on", _("Turning on two-step verification")
    TWO_STEP_TURNED_OFF = "two_step.turned_off", _("Turning off two-step verification")
    AUTHENTICATOR_ADDED = "authenticator.added", _("New authenticator app")
    AUTHENTICATOR_REPLACED = "authenticator.replaced", _("Authenticator app replacement")
    AUTHENTICATOR_REMOVED = "authenticator.removed", _("Authenticator app removal")
    BACKUP_CODES_GENERATED = "backup_codes.generated", _("New backup codes")
    BACKUP_CODES_REMOVED = "backup_codes.removed", _("Backup codes removal")
    PASSKEY_ADDED = "passkey.added", _("New passkey")
    PASSKEY_RENAMED = "passkey.renamed", _("Passkey renaming")
    PASSKEY_REMOVED = "passkey.removed", _("Passkey removal")


SENTENCES = {
    Action.IDENTITY_CONFIRMED: _("It was confirmed that it’s you."),
    Action.PROFILE_CHANGED: _("Your profile was changed."),
    Action.AVATAR_CHANGED: _("Your picture was changed."),
    Action.AVATAR_REMOVED: _("Your picture was removed."),
    Action.EMAIL_CHANGE_STARTED: _("A code was sent to a new email address."),
    Action.EMAIL_CHANGED: _("Your email address was changed."),
    Action.EMAIL_REMOVED: _("Your email address was removed."),
    Action.PHONE_CHANGE_STARTED: _("A code was sent to a new phone number."),
    Action.PHONE_CHANGED: _("Your phone number was changed."),
    Action.PHONE_REMOVED: _("Your phone number was removed."),
    Action.USERNAME_CHANGED: _("Your username was changed."),
    Action.USERNAME_REMOVED: _("Your username was removed."),
    Action.PASSWORD_SET: _("A password was set for your account."),
    Action.PASSWORD_CHANGED: _("Your password was changed."),
    Action.SESSIONS_ENDED: _("Your other devices were signed out."),
    Action.TWO_STEP_TURNED_ON: _("Two-step verification was turned on."),
    Action.TWO_STEP_TURNED_OFF: _("Two-step verification was turned off."),
    Action.AUTHENTICATOR_ADDED: _("An authenticator app was added to your account."),
    Action.AUTHENTICATOR_REPLACED: _("Your authenticator app was replaced."),
    Action.AUTHENTICATOR_REMOVED: _("Your authenticator app was removed."),
    Action.BACKUP_CODES_GENERATED: _("New backup codes were made for your account."),
    Action.BACKUP_CODES_REMOVED: _("Your backup codes were removed."),
    Action.PASSKEY_ADDED: _("A passkey was added to your account."),
    Action.PASSKEY_RENAMED: _("A passkey was renamed."),
    Action.PASSKEY_REMOVED: _("A passkey was removed from your account."),
}
"""What is told of an action that was done."""


def choices() -> list[tuple[str, str]]:
    """For the model, in the active language. As a function, so that new ones need no migration."""
    return [(action.value, str(action.label)) for action in Action]
