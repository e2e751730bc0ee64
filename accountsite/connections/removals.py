"""Going without a connection, and without the access that is kept of one."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.connections import keys, lines, services
from accountsite.connections.lines import Kept
from accountsite.logto import connectors, errors, identities, parallel, secrets, tenant, users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.connectors import Connector, EnterpriseConnector
from accountsite.logto.identities import Identity
from accountsite.logto.tenant import Tenant
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.signin import guards
from accountsite.ways import services as ways
from accountsite.ways.services import Kind, Way


class UnableToRemove(Refusal):
    """It stays as it is."""


class ChangedElsewhere(UnableToRemove):
    """Another page or device was faster. `now` is the id at the provider that is connected since."""

    def __init__(self, message: str, now: str) -> None:
        super().__init__(message)
        self.now = now


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What it would mean to go without a connection. `objection` is a sentence, or empty."""

    key: str
    provider: str
    identity: Identity
    remaining: tuple[Way, ...]
    keeps_access: bool
    objection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAccess:
    """Access that is kept, and the line of the page that it belongs to."""

    provider: str
    row: str
    kept: Kept
    user: users.User


def removal(account_id: str, key: str) -> Removal | None:
    """What it would mean, or None where there is no such connection that may be removed.

    Raises AccountEnded and Unavailable.
    """
    user, every, known = _read(account_id)
    identity = _find(user, key)
    if identity is None or known.access(Control.SOCIAL) is not Access.EDIT:
        return None
    experience = known.sign_in_experience
    names = {target: lines.name_of(target, every) for target in experience.social_targets}
    remaining = ways.after_removal(user, experience, Kind.SOCIAL, identity.target, names=names)
    objection = ""
    try:
        ways.check_removal(user, experience, Kind.SOCIAL, identity.target)
    except Refusal as refusal:
        objection = str(refusal)
    used = [each for each in every if each.target == identity.target]
    return Removal(
        key=key,
        provider=lines.name_of(identity.target, every),
        identity=identity,
        remaining=remaining,
        keeps_access=any(each.keeps_tokens for each in used),
        objection=objection,
    )


def disconnect(account_id: str, key: str, *, shown: str) -> str:
    """Unbind what the page told of, `shown` being its id at the provider. Gives the provider's name.

    Raises LastWay, Busy, ChangedElsewhere, UnableToRemove, AccountEnded and Unavailable.
    """
    with ways.one_at_a_time(account_id):
        user, every, known = _read(account_id)
        identity = _find(user, key)
        if identity is None:
            raise UnableToRemove(_("This was removed elsewhere meanwhile."))
        name = lines.name_of(identity.target, every)
        values = {"connection": (services.told(name, identity), None)}
        with trail.change(Action.CONNECTION_REMOVED, account_id, values=values) as event:
            _check_access(known)
            ways.check_removal(user, known.sign_in_experience, Kind.SOCIAL, identity.target)
            if identity.subject != shown:
                raise ChangedElsewhere(
                    _(
                        "This was changed elsewhere meanwhile, to “%(text)s”. "
                        "Go on if you still want to."
                    )
                    % {"text": identity.label},
                    identity.subject,
                )
            try:
                identities.delete(account_id, target=identity.target)
            except errors.IdentityNotFound as error:
                raise UnableToRemove(_("This was removed elsewhere meanwhile.")) from error
    notices.announce(event, user.primary_email)
    return name


def kept_access(account_id: str, secret_id: str) -> KeptAccess | None:
    """Access of this person's that is kept, or None: another's is none of theirs.

    Raises AccountEnded and Unavailable.
    """
    user, everything, social, enterprise, known = parallel.gather(
        lambda: guards.person(account_id),
        lambda: identities.of_user(account_id, with_stored_tokens=True),
        connectors.every,
        connectors.enterprise,
        tenant.current,
    )
    if known.access(Control.SOCIAL) is not Access.EDIT:
        return None
    every = _all_kept(user, everything, social, enterprise)
    return next((each for each in every if each.kept.id == secret_id), None)


def forget_access(account_id: str, secret_id: str) -> KeptAccess:
    """Have Logto forget it. Raises UnableToRemove, AccountEnded and Unavailable."""
    found = kept_access(account_id, secret_id)
    if found is None:
        raise UnableToRemove(_("This was removed elsewhere meanwhile."))
    values = {"connection": (found.provider, None)}
    with trail.change(Action.CONNECTION_TOKEN_REMOVED, account_id, values=values) as event:
        try:
            secrets.delete(secret_id)
        except errors.NotFound as error:
            raise UnableToRemove(_("This was removed elsewhere meanwhile.")) from error
    notices.announce(event, found.user.primary_email)
    return found


def _all_kept(
    user: users.User,
    everything: identities.All,
    social: tuple[Connector, ...],
    enterprise: tuple[EnterpriseConnector, ...],
) -> Iterator[KeptAccess]:
    for linked in everything.social:
        if kept := Kept.of(linked.stored_tokens):
            target = linked.identity.target
            name, row = lines.name_of(target, social), f"row-{keys.of(target)}"
            yield KeptAccess(provider=name, row=row, kept=kept, user=user)
    names = {each.id: each.name for each in enterprise}
    for company in everything.enterprise:
        if kept := Kept.of(company.stored_tokens):
            identity = company.identity
            name = names.get(identity.connector_id, identity.issuer)
            row = f"row-enterprise-{keys.of(identity.id)}"
            yield KeptAccess(provider=name, row=row, kept=kept, user=user)


def _read(account_id: str) -> tuple[users.User, tuple[Connector, ...], Tenant]:
    return parallel.gather(
        lambda: guards.person(account_id, with_enterprise=True), connectors.every, tenant.current
    )


def _find(user: users.User, key: str) -> Identity | None:
    """The person's own connection of this name: no other can be named."""
    return next((each for each in user.identities if keys.of(each.target) == key), None)


def _check_access(known: Tenant) -> None:
    if known.access(Control.SOCIAL) is not Access.EDIT:
        raise UnableToRemove(_("This can’t be changed here any more."))
