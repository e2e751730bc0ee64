"""Why passkeys can't be added or named here: in plain words for the person, and for the operator.

A passkey is bound to the host name of the tenant, is added by the person's own access token, and
only where the tenant's account center lets people do so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accountsite.logto import errors
from accountsite.logto.account_center import Access, Control
from accountsite.logto.sign_in_experience import Factor
from accountsite.logto.tenant import Tenant

JWT_DOTS = 2


class Missing(StrEnum):
    """What there would have to be."""

    ACCOUNT_CENTER = "account-center"
    CONTROL = "control"
    FACTOR = "factor"
    ORIGIN = "origin"
    HOST = "host"
    OPAQUE_TOKEN = "opaque-token"  # noqa: S105 - a word
    APPLICATION = "application"
    ENDPOINT = "endpoint"
    TOKEN = "token"  # noqa: S105 - a word
    PROOF = "proof"
    MEANS_OF_PROOF = "means-of-proof"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What follows from it. `for_operator` is empty where there is nothing for them to do.

    `has_way_round` says that Logto's own page can do what this site can't.
    """

    for_person: Any
    for_operator: Any = ""
    has_way_round: bool = False


NOT_OFFERED = _("Passkeys can’t be added or renamed here at the moment. Ask the support.")
ELSEWHERE = _("Passkeys can’t be added or renamed on this page at the moment.")

FINDINGS = {
    Missing.ACCOUNT_CENTER: Finding(
        for_person=NOT_OFFERED,
        for_operator=_(
            "Switch the account center on: Console > Sign-in & account > Account center."
        ),
    ),
    Missing.CONTROL: Finding(
        for_person=NOT_OFFERED,
        for_operator=_(
            "Let people edit passkeys in the account center: its field `passkey`, or `mfa` where "
            "the tenant has no such field, has to be `Edit`."
        ),
    ),
    Missing.FACTOR: Finding(
        for_person=_("Passkeys are not used here: you would never be asked for one."),
        for_operator=_(
            "Switch passkeys on as a factor of multi-factor authentication, or for signing in."
        ),
    ),
    Missing.ORIGIN: Finding(
        for_person=ELSEWHERE,
        for_operator=_(
            "Add {site} to the account center's related origins (webauthnRelatedOrigins), and let "
            "{endpoint}/.well-known/webauthn reach Logto. `manage.py provision` does the first."
        ),
        has_way_round=True,
    ),
    Missing.HOST: Finding(
        for_person=ELSEWHERE,
        for_operator=_(
            "Logto thinks that it is called by another host name than that of {endpoint}, to "
            "which passkeys are then bound: let the proxy before it pass the Host header on."
        ),
        has_way_round=True,
    ),
    Missing.OPAQUE_TOKEN: Finding(
        for_person=ELSEWHERE,
        for_operator=_(
            "The tenant has a default API resource, so the site's access tokens are JWTs for it, "
            "which the Account API refuses: Console > API resources, take the default away."
        ),
        has_way_round=True,
    ),
    Missing.APPLICATION: Finding(
        for_person=ELSEWHERE,
        for_operator=_(
            "The application {application} is a third-party one, which may change nothing of an "
            "account. Make one of your own, of the type Traditional web, and use its id."
        ),
        has_way_round=True,
    ),
    Missing.ENDPOINT: Finding(
        for_person=NOT_OFFERED,
        for_operator=_("{endpoint} has no Account API with passkeys: upgrade Logto."),
    ),
    Missing.TOKEN: Finding(
        for_person=_("Your sign-in has become too old for this. Sign in again to go on."),
    ),
    Missing.PROOF: Finding(
        for_person=_("It could not be confirmed that it’s you. Try again in a moment."),
        has_way_round=True,
    ),
    Missing.MEANS_OF_PROOF: Finding(
        for_person=_(
            "For this you need a password, an email address or a phone number: with one of them "
            "you confirm that it’s you. Add one first."
        ),
    ),
}


REFUSALS = (
    (errors.AccountCenterOff, Missing.CONTROL),
    (errors.FactorOff, Missing.FACTOR),
    (errors.ProofNeeded, Missing.PROOF),
    (errors.PersonTokenForbidden, Missing.APPLICATION),
    (errors.PersonTokenRefused, Missing.TOKEN),
    (errors.NotOffered, Missing.ENDPOINT),
)


def of_tenant(known: Tenant) -> Missing | None:
    """The first thing that the tenant's own settings lack for adding passkeys on this site."""
    if not known.account_center.is_enabled:
        return Missing.ACCOUNT_CENTER
    if known.access(Control.PASSKEY) is not Access.EDIT:
        return Missing.CONTROL
    experience = known.sign_in_experience
    if Factor.WEBAUTHN not in experience.mfa.factors and not experience.is_passkey_sign_in_enabled:
        return Missing.FACTOR
    # Logto takes answers from its own origin and from the related ones, whatever the host's parents.
    origins = {settings.LOGTO_ENDPOINT, *known.account_center.webauthn_related_origins}
    if _origin(settings.SITE_URL) not in map(_origin, origins):
        return Missing.ORIGIN
    return None


def of_options(options: Mapping[str, Any]) -> Missing | None:
    """What the question shows that a browser is to be asked: for which host the passkey would be."""
    host = options.get("rp", {}).get("id")
    return None if host == urlsplit(settings.LOGTO_ENDPOINT).hostname else Missing.HOST


def of_refusal(error: errors.LogtoError, token: str) -> Missing | None:
    """What the Account API's refusal comes from; None if it is about the call itself."""
    # A scope that is missing is refused with the same code, and a status of 400 or 401.
    if getattr(error, "code", "") == "auth.unauthorized":
        return Missing.OPAQUE_TOKEN if token.count(".") == JWT_DOTS else Missing.TOKEN
    if getattr(error, "code", "") == "account_center.not_enabled":
        return Missing.ACCOUNT_CENTER
    return next((missing for kind, missing in REFUSALS if isinstance(error, kind)), None)


def for_operator(missing: Missing) -> str:
    """What to do about it, with the names of this site and its tenant; empty if nothing."""
    return str(FINDINGS[missing].for_operator).format(
        site=settings.SITE_URL,
        endpoint=settings.LOGTO_ENDPOINT,
        application=settings.LOGTO_APP_ID,
    )


def way_round(back: str) -> str:
    """Logto's own page for adding a passkey, which then leads back to this path of ours."""
    query = urlencode({"redirect": f"{settings.SITE_URL}{back}"})
    return f"{settings.LOGTO_ENDPOINT}/account/passkey/add?{query}"


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or usual
