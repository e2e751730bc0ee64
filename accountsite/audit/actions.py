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

    CONNECTION_ADDED = "connection.added", _("New connection")
    CONNECTION_REPLACED = "connection.replaced", _("Connection replacement")
    CONNECTION_REMOVED = "connection.removed", _("Connection removal")
    CONNECTION_TOKEN_REMOVED = "connection.token_removed", _("Removal of a kept token")

    SESSION_ENDED = "session.ended", _("Signing out a device")
    NEW_DEVICE = "device.new", _("Sign-in from a new device")
    TRUSTED_DEVICE_REMOVED = "trusted_device.removed", _("Trusted device removal")
    APP_REVOKED = "app.revoked", _("Revoking an app’s access")
    APPS_REVOKED = "apps.revoked", _("Revoking the access of apps")

    TOKEN_CREATED = "token.created", _("New personal access token")
    TOKEN_RENAMED = "token.renamed", _("Personal access token renaming")
    TOKEN_REMOVED = "token.removed", _("Personal access token removal")
    TOKENS_REMOVED = "tokens.removed", _("Removal of personal access tokens")
    TOKEN_EXPIRING = "token.expiring", _("Personal access token about to expire")

    ORGANIZATION_LEFT = "organization.left", _("Leaving an organization")
    INVITATION_ACCEPTED = "invitation.accepted", _("Joining an organization")
    INVITATION_DECLINED = "invitation.declined", _("Declining an invitation")

    CUSTOM_DATA_CHANGED = "custom_data.changed", _("Custom data change")
    EXPORT_REQUESTED = "export.requested", _("Export of your data")
    EXPORT_READY = "export.ready", _("Data ready to download")
    EXPORT_DOWNLOADED = "export.downloaded", _("Download of your data")
    DELETION_SCHEDULED = "deletion.scheduled", _("Scheduling the deletion of the account")
    DELETION_CANCELED = "deletion.canceled", _("Keeping the account")
    ACCOUNT_DELETED = "account.deleted", _("Deletion of the account")

    ACCOUNT_CREATED = "account.created", _("New account")
    ACCOUNT_INVITED = "account.invited", _("Invitation to the account")
    ACCOUNT_CHANGED = "account.changed", _("Account change elsewhere")
    ACCOUNT_SUSPENDED = "account.suspended", _("Suspension of the account")
    ACCOUNT_RESTORED = "account.restored", _("Lifting the suspension of the account")
    ACCOUNT_LOCKED = "account.locked", _("Lockout after too many tries")
    ACCOUNT_UNLOCKED = "account.unlocked", _("Unlocking of sign-in")
    PASSWORD_RESET = "password.reset", _("Password reset")
    ROLES_CHANGED = "roles.changed", _("Change of roles")
    ORGANIZATIONS_CHANGED = "organizations.changed", _("Change of organizations")
    ACCOUNTS_EXPORTED = "accounts.exported", _("Export of accounts")
    AUDIT_EXPORTED = "audit.exported", _("Export of the audit trail")


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
    Action.CONNECTION_ADDED: _("An account elsewhere was connected to yours."),
    Action.CONNECTION_REPLACED: _("An account that is connected to yours was replaced."),
    Action.CONNECTION_REMOVED: _("An account elsewhere was disconnected from yours."),
    Action.CONNECTION_TOKEN_REMOVED: _("A token that was kept for a connection was removed."),
    Action.SESSION_ENDED: _("One of your devices was signed out."),
    Action.NEW_DEVICE: _("You signed in from a new device."),
    Action.TRUSTED_DEVICE_REMOVED: _("A trusted device was removed."),
    Action.APP_REVOKED: _("An app’s access to your account was revoked."),
    Action.APPS_REVOKED: _("The access of apps to your account was revoked."),
    Action.TOKEN_CREATED: _("A personal access token was created."),
    Action.TOKEN_RENAMED: _("A personal access token was renamed."),
    Action.TOKEN_REMOVED: _("A personal access token was removed."),
    Action.TOKENS_REMOVED: _("Your personal access tokens were removed."),
    Action.TOKEN_EXPIRING: _("A personal access token is about to expire."),
    Action.ORGANIZATION_LEFT: _("You left an organization."),
    Action.INVITATION_ACCEPTED: _("You joined an organization."),
    Action.INVITATION_DECLINED: _("An invitation to an organization was declined."),
    Action.CUSTOM_DATA_CHANGED: _("Your custom data was changed."),
    Action.EXPORT_REQUESTED: _("An export of your data was requested."),
    Action.EXPORT_READY: _("The export of your data is ready to download."),
    Action.EXPORT_DOWNLOADED: _("An export of your data was downloaded."),
    Action.DELETION_SCHEDULED: _("The deletion of your account was scheduled."),
    Action.DELETION_CANCELED: _("Your account is kept: its deletion was canceled."),
    Action.ACCOUNT_DELETED: _("Your account was deleted."),
    Action.ACCOUNT_CREATED: _("Your account was created."),
    Action.ACCOUNT_INVITED: _("A link to sign in with was sent to you."),
    Action.ACCOUNT_CHANGED: _("Your account was changed outside of this site."),
    Action.ACCOUNT_SUSPENDED: _("Your account was suspended."),
    Action.ACCOUNT_RESTORED: _("The suspension of your account was lifted."),
    Action.ACCOUNT_LOCKED: _("Signing in was locked after too many tries."),
    Action.ACCOUNT_UNLOCKED: _("Signing in was unlocked."),
    Action.PASSWORD_RESET: _("Your password was reset."),
    Action.ROLES_CHANGED: _("Your roles were changed."),
    Action.ORGANIZATIONS_CHANGED: _("Your organizations were changed."),
    Action.ACCOUNTS_EXPORTED: _("A list of accounts was exported."),
    Action.AUDIT_EXPORTED: _("The audit trail was exported."),
}
"""What is told of an action that was done."""


def choices() -> list[tuple[str, str]]:
    """For the model, in the active language. As a function, so that new ones need no migration."""
    return [(action.value, str(action.label)) for action in Action]
