"""What Logto knows of a sign-in, in words that people use."""

import unicodedata
from collections.abc import Iterable

from babel import Locale
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The kinds of Logto's verification records, as its OpenAPI document lists them.
PROOFS = {
    "Password": gettext_lazy("Password"),
    "NewPasswordIdentity": gettext_lazy("New password"),
    "EmailVerificationCode": gettext_lazy("Code by email"),
    "MfaEmailVerificationCode": gettext_lazy("Code by email"),
    "PhoneVerificationCode": gettext_lazy("Code by text message"),
    "MfaPhoneVerificationCode": gettext_lazy("Code by text message"),
    "OneTimeToken": gettext_lazy("One-time link"),
    "Social": gettext_lazy("Social account"),
    "EnterpriseSso": gettext_lazy("Enterprise account"),
    "Totp": gettext_lazy("Authenticator app"),
    "BackupCode": gettext_lazy("Backup code"),
    "WebAuthn": gettext_lazy("Passkey"),
    "SignInPasskey": gettext_lazy("Passkey"),
}


def proofs(kinds: Iterable[str]) -> tuple[str, ...]:
    """Each kind of proof once, in order; one that a newer Logto knows stands as it is."""
    return tuple(dict.fromkeys(str(PROOFS.get(kind, kind)) for kind in kinds))


def place(city: str | None, country: str | None) -> str:
    """Such as `Hull, United Kingdom`; empty where neither is known.

    Both are what a proxy before Logto made of the address; the country is a code of ISO 3166.
    """
    town, code = _visible(city or ""), _visible(country or "")
    locale = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    land = locale.territories.get(code.upper(), code)
    if town and land:
        return _("%(city)s, %(country)s") % {"city": town, "country": land}
    return town or land


def _visible(text: str) -> str:
    """Without characters that steer the others: they would turn what stands beside them round."""
    return "".join(each for each in text if unicodedata.category(each) not in {"Cc", "Cf"}).strip()
