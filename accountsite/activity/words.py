"""What Logto's log tells, in sentences for the person whose account it is."""

from babel import Locale, lists
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.logto import logs
from accountsite.logto.logs import Key

DONE = {
    Key.REGISTRATION: gettext_lazy("Your account was created."),
    Key.PASSWORD_RESET: gettext_lazy("Your password was reset."),
    Key.CODE_EXCHANGE: gettext_lazy("An app got access to your account."),
    Key.REFRESH: gettext_lazy("An app renewed its access to your account."),
    Key.REVOCATION: gettext_lazy("An app gave up its access to your account."),
}
FAILED = {
    Key.SIGN_IN: gettext_lazy("A sign-in failed."),
    Key.REGISTRATION: gettext_lazy("A registration failed."),
    Key.PASSWORD_RESET: gettext_lazy("A password reset failed."),
    Key.CODE_EXCHANGE: gettext_lazy("An app was refused access to your account."),
    Key.REFRESH: gettext_lazy("An app could not renew its access to your account."),
    Key.TOKEN_EXCHANGE: gettext_lazy("A token that should give access was refused."),
    Key.REVOCATION: gettext_lazy("An app could not give up its access to your account."),
}
# The kinds of Logto's verification records; another one is left out.
WAYS = {
    "Password": gettext_lazy("your password"),
    "NewPasswordIdentity": gettext_lazy("a new password"),
    "EmailVerificationCode": gettext_lazy("a code by email"),
    "PhoneVerificationCode": gettext_lazy("a code by text message"),
    "MfaEmailVerificationCode": gettext_lazy("a code by email"),
    "MfaPhoneVerificationCode": gettext_lazy("a code by text message"),
    "Social": gettext_lazy("a connected account"),
    "EnterpriseSso": gettext_lazy("your organization’s account"),
    "OneTimeToken": gettext_lazy("a link that was sent to you"),
    "Totp": gettext_lazy("an authenticator app"),
    "BackupCode": gettext_lazy("a backup code"),
    "WebAuthn": gettext_lazy("a passkey"),
    "SignInPasskey": gettext_lazy("a passkey"),
}


def sentence(entry: logs.Entry) -> str:
    """What happened. A key that we don't know stands as it is."""
    if entry.key not in Key:
        return entry.key
    key = Key(entry.key)
    if not entry.is_success:
        return str(FAILED[key])
    if key is Key.SIGN_IN:
        used = ways(entry)
        return _("You signed in with %(ways)s.") % {"ways": used} if used else _("You signed in.")
    if key is Key.TOKEN_EXCHANGE:
        if entry.exchanged == logs.PERSONAL_ACCESS_TOKEN:
            return _("A personal access token was used.")
        return _("An app got access in your name with a token.")
    return str(DONE[key])


def ways(entry: logs.Entry) -> str:
    """What was given as proof, such as “your password and a backup code”; empty if not known."""
    known = dict.fromkeys(str(WAYS[kind]) for kind in entry.verified_by if kind in WAYS)
    locale = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    return lists.format_list(list(known), locale=locale) if known else ""
