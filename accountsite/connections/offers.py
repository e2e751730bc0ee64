"""Whether an account at a provider can be connected here, and by which of Logto's APIs.

The Management API needs nothing but this site's own credentials. Connectors that keep something in
a session of theirs are connected by the Account API alone, with the person's own token.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accountsite.connections import keys
from accountsite.logto import connectors, errors, parallel, tenant
from accountsite.logto.account_center import Access, Control
from accountsite.logto.connectors import Connector
from accountsite.logto.tenant import Tenant

JWT_DOTS = 2


class Way(StrEnum):
    """By which API it is connected."""

    MANAGEMENT = "management"
    ACCOUNT = "account"


class Missing(StrEnum):
    """What there would have to be."""

    ACCOUNT_CENTER = "account-center"
    CONTROL = "control"
    CONNECTOR = "connector"
    OPAQUE_TOKEN = "opaque-token"  # noqa: S105 - a word
    APPLICATION = "application"
    ENDPOINT = "endpoint"
    TOKEN = "token"  # noqa: S105 - a word
    PROOF = "proof"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What follows from it. `for_operator` is empty where there is nothing for them to do."""

    for_person: Any
    for_operator: Any = ""


NOT_OFFERED = _("It can’t be connected here at the moment. Ask the support.")

FINDINGS = {
    Missing.ACCOUNT_CENTER: Finding(
        for_person=NOT_OFFERED,
        for_operator=_(
            "This connector keeps state in a session, so only the Account API links it: switch "
            "the account center on: Console > Sign-in & account > Account center."
        ),
    ),
    Missing.CONTROL: Finding(
        for_person=NOT_OFFERED,
        for_operator=_(
            "Let people edit social accounts in the account center: its field `social` has to be "
            "`Edit`."
        ),
    ),
    Missing.CONNECTOR: Finding(
        for_person=NOT_OFFERED,
        for_operator=_(
            "Logto does not link this connector from outside of a sign-in: switch the account "
            "center on, with its field `social` on `Edit`."
        ),
    ),
    Missing.OPAQUE_TOKEN: Finding(
        for_person=NOT_OFFERED,
        for_operator=_(
            "The tenant has a default API resource, so the site's access tokens are JWTs for it, "
            "which the Account API refuses: Console > API resources, take the default away."
        ),
    ),
    Missing.APPLICATION: Finding(
        for_person=NOT_OFFERED,
        for_operator=_(
            "The application {application} is a third-party one, which may change nothing of an "
            "account. Make one of your own, of the type Traditional web, and use its id."
        ),
    ),
    Missing.ENDPOINT: Finding(
        for_person=NOT_OFFERED,
        for_operator=_("{endpoint} has no Account API that links social accounts: upgrade Logto."),
    ),
    Missing.TOKEN: Finding(
        for_person=_("Your sign-in has become too old for this. Sign in again to go on."),
    ),
    Missing.PROOF: Finding(
        for_person=_("It could not be confirmed that it’s you. Try again in a moment."),
    ),
}

REFUSALS = (
    (errors.AccountCenterOff, Missing.CONTROL),
    (errors.ProofNeeded, Missing.PROOF),
    (errors.PersonTokenForbidden, Missing.APPLICATION),
    (errors.PersonTokenRefused, Missing.TOKEN),
    (errors.NotOffered, Missing.ENDPOINT),
    (errors.ConnectorUnsuitable, Missing.CONNECTOR),
    (errors.NotFound, Missing.CONNECTOR),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """How a connector can be linked; not at all where something is `missing`.

    Where `needs_own_access` the Account API is the only way; where `gains_by_own_access` it is the
    better one, for whoever has a token and a proof at hand.
    """

    connector: Connector
    missing: Missing | None
    needs_own_access: bool
    gains_by_own_access: bool

    @property
    def way(self) -> Way | None:
        """The way that is certain to be open."""
        if self.missing:
            return None
        return Way.ACCOUNT if self.needs_own_access else Way.MANAGEMENT


def of(connector: Connector, known: Tenant) -> Offer:
    """What the tenant's own settings let people do with this connector."""
    has_account_api = known.account_center.is_enabled
    missing = None
    if known.access(Control.SOCIAL) is not Access.EDIT:
        missing = Missing.CONTROL
    elif connector.keeps_session_state and not has_account_api:
        missing = Missing.ACCOUNT_CENTER
    return Offer(
        connector=connector,
        missing=missing,
        needs_own_access=connector.keeps_session_state,
        gains_by_own_access=has_account_api and connector.gains_by_account_api,
    )


def of_token(token: str) -> Missing | None:
    """What is wrong with the person's token, as far as can be seen."""
    return Missing.OPAQUE_TOKEN if token.count(".") == JWT_DOTS else None


def of_refusal(error: errors.LogtoError) -> Missing | None:
    """What Logto's refusal comes from; None if it is about something else."""
    if isinstance(error, errors.Unauthorized | errors.Forbidden):
        return None  # of our own credentials: no matter of this section
    # A scope that is missing is refused with the same code, and a status of 400 or 401.
    if getattr(error, "code", "") == "auth.unauthorized":
        return Missing.TOKEN
    if getattr(error, "code", "") == "account_center.not_enabled":
        return Missing.ACCOUNT_CENTER
    return next((missing for kind, missing in REFUSALS if isinstance(error, kind)), None)


def for_person(missing: Missing) -> str:
    """Why it can't be connected, in the person's words."""
    return str(FINDINGS[missing].for_person)


def for_operator(missing: Missing) -> str:
    """What to do about it, with the names of this site and its tenant; empty if nothing."""
    return str(FINDINGS[missing].for_operator).format(
        endpoint=settings.LOGTO_ENDPOINT, application=settings.LOGTO_APP_ID
    )


def callback_url(target: str) -> str:
    """Where the provider sends people back to, which its own settings must allow.

    Each has an address of its own, so that an answer of one can't be taken for another's (RFC 9700,
    section 4.4.2.2).
    """
    path = reverse("connections:callback", args=[keys.of(target)])
    return f"{settings.SITE_URL}{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A connector as its operator should know it. `todo` is empty where it works as it is."""

    connector: Connector
    way: Way | None
    todo: str
    callback_url: str


def report() -> tuple[Report, ...]:
    """Whether and how each social connector can be linked here, and its callback.

    For the operator: asks Logto, and raises LogtoError.
    """
    known, every = parallel.gather(tenant.current, connectors.social)
    return tuple(_reports(known, every))


def _reports(known: Tenant, every: tuple[Connector, ...]) -> Iterator[Report]:
    for connector in every:
        offer = of(connector, known)
        yield Report(
            connector=connector,
            way=offer.way,
            todo=for_operator(offer.missing) if offer.missing else "",
            callback_url=callback_url(connector.target),
        )
