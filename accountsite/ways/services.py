"""The ways to sign in, and the refusal for the last one.

Logto removes the last way without a word. Whoever removes one goes by this, inside of
`one_at_a_time`:

    with ways.one_at_a_time(account_id):
        user = guards.person(account_id, with_enterprise=True)
        ways.check_removal(user, tenant.current().sign_in_experience, Kind.SOCIAL, "github")
        identities.delete(account_id, target="github")
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum

from django.utils import translation
from django.utils.translation import gettext as _

from accountsite.appearance.templatetags import appearance
from accountsite.limits import turns
from accountsite.logto import connectors, errors, users
from accountsite.logto.identities import EnterpriseIdentity, Identity
from accountsite.logto.sign_in_experience import Identifier, SignInExperience, SignInMethod
from accountsite.refusals import Refusal


class LastWay(Refusal):
    """Without this way nobody could sign in to the account."""


class Kind(StrEnum):
    """What somebody signs in with."""

    USERNAME = "username"
    EMAIL = "email"
    PHONE = "phone"
    SOCIAL = "social"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to sign in that works for this account at this tenant.

    `target` is that of a social identity, or the connector's id of an enterprise one; identifiers
    have none. `label` is what the person knows it by, `provider` whose it is.
    """

    kind: Kind
    label: str
    target: str = ""
    provider: str = ""
    by_password: bool = False
    by_code: bool = False

    def __str__(self) -> str:
        """The way in words, such as `alice@example.com, with a code or your password`."""
        words = {"label": self.label, "provider": self.provider}
        if self.kind is Kind.SOCIAL:
            return _("%(provider)s, as %(label)s") % words
        if self.kind is Kind.ENTERPRISE:
            return _("Your organization’s sign-in, as %(label)s") % words
        if self.by_password and self.by_code:
            return _("%(label)s, with a code or your password") % words
        if self.by_code:
            return _("%(label)s, with a code") % words
        return _("%(label)s, with your password") % words


def of(
    user: users.User, experience: SignInExperience, names: Mapping[str, str] | None = None
) -> tuple[Way, ...]:
    """The ways of this person, who must have been read with their enterprise identities.

    What the tenant does not offer at sign-in counts for nothing, and neither does an identifier
    whose only proof would be a password that is not there. Passkeys are not counted: they are lost
    with a device. `names` are those of social providers, by target.
    """
    identifiers = (_identifier(user, method) for method in experience.sign_in_methods)
    social = (
        _social(identity, names or {})
        for identity in user.identities
        if identity.target in experience.social_targets
    )
    is_enterprise = experience.is_enterprise_sign_in_enabled
    enterprise = map(_enterprise, user.enterprise_identities if is_enterprise else ())
    return (*filter(None, identifiers), *social, *enterprise)


def after_removal(
    user: users.User,
    experience: SignInExperience,
    kind: Kind,
    target: str = "",
    *,
    names: Mapping[str, str] | None = None,
) -> tuple[Way, ...]:
    """The ways that stay without this one, which need not be a way itself."""
    every = of(user, experience, names)
    return tuple(way for way in every if (way.kind, way.target) != (kind, target))


def check_removal(
    user: users.User, experience: SignInExperience, kind: Kind, target: str = ""
) -> None:
    """Raise LastWay if no way stays without this one."""
    if not after_removal(user, experience, kind, target):
        raise LastWay(
            _(
                "This is the only way left to sign in to your account. "
                "Add another one first, then remove this one."
            )
        )


def one_at_a_time(account_id: str) -> AbstractContextManager[None]:
    """Look and remove without another page of theirs removing a way in between.

    Raises turns.Busy where one is about to.
    """
    return turns.alone(f"ways:{account_id}")


def provider_names() -> dict[str, str]:
    """What social providers are called, by target, in the active language.

    Empty while Logto does not tell: then a target stands for itself.
    """
    language = translation.get_language() or "en"
    try:
        return {connector.target: connector.name(language) for connector in connectors.social()}
    except errors.LogtoError:
        return {}


def _identifier(user: users.User, method: SignInMethod) -> Way | None:
    values = {
        Identifier.USERNAME: (Kind.USERNAME, user.username),
        Identifier.EMAIL: (Kind.EMAIL, user.primary_email),
        Identifier.PHONE: (
            Kind.PHONE,
            user.primary_phone and appearance.phone(user.primary_phone),
        ),
    }
    kind, label = values[method.identifier]
    by_password = method.by_password and bool(user.has_password)
    by_code = method.by_code and kind is not Kind.USERNAME
    if not label or not (by_password or by_code):
        return None
    return Way(kind=kind, label=label, by_password=by_password, by_code=by_code)


def _social(identity: Identity, names: Mapping[str, str]) -> Way:
    return Way(
        kind=Kind.SOCIAL,
        label=identity.label,
        target=identity.target,
        provider=names.get(identity.target, identity.target.capitalize()),
    )


def _enterprise(identity: EnterpriseIdentity) -> Way:
    return Way(kind=Kind.ENTERPRISE, label=identity.label, target=identity.connector_id)
