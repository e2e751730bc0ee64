"""What can be seen of a person's accounts elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass

from accountsite.connections import keys, lines, offers
from accountsite.connections.lines import Group
from accountsite.connections.offers import Offer
from accountsite.logto import connectors, errors, identities, parallel, tenant, users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.identities import Identity
from accountsite.signin import guards


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the page. What could not be read is missing, and said to be."""

    user: users.User
    access: Access
    connected: Group
    unconnected: Group
    enterprise: Group
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A provider whose account can be connected, perhaps, and the one that is."""

    key: str
    name: str
    offer: Offer
    user: users.User
    current: Identity | None


def read(account_id: str) -> Overview:
    """Who the person is elsewhere, and what else there is.

    What only adds to it may fail alone. Raises AccountEnded, and Unavailable.
    """
    user, every, known, kept, companies = parallel.gather(
        lambda: guards.person(account_id, with_enterprise=True),
        connectors.every,
        tenant.current,
        lambda: _perhaps(lambda: identities.of_user(account_id, with_stored_tokens=True)),
        lambda: _perhaps(connectors.enterprise),
    )
    usable = {each.target: each for each in connectors.for_browsers(every)}
    tokens = {each.identity.target: each.stored_tokens for each in (kept.social if kept else ())}
    theirs = {
        each.identity.connector_id: each.stored_tokens for each in (kept.enterprise if kept else ())
    }
    access = known.access(Control.SOCIAL)
    mine = user.identities if access is not Access.OFF else ()
    taken = {each.target for each in user.identities}
    others = lines.unconnected(usable, taken, known) if access is Access.EDIT else ()
    company = lines.enterprise(user.enterprise_identities, companies or (), theirs)
    return Overview(
        user=user,
        access=access,
        connected=Group(lines=lines.connected(mine, every, usable, known, tokens)),
        unconnected=Group(lines=others),
        enterprise=Group(lines=company),
        is_whole=kept is not None,
    )


def provider(account_id: str, key: str) -> Provider | None:
    """A provider that people may see, or None. Raises AccountEnded and Unavailable."""
    user, every, known = parallel.gather(
        lambda: guards.person(account_id), connectors.every, tenant.current
    )
    usable = connectors.for_browsers(every)
    connector = next((each for each in usable if keys.of(each.target) == key), None)
    if connector is None or known.access(Control.SOCIAL) is not Access.EDIT:
        return None
    return Provider(
        key=key,
        name=lines.name_of(connector.target, (connector,)),
        offer=offers.of(connector, known),
        user=user,
        current=identity(user, connector.target),
    )


def can_prove(user: users.User) -> bool:
    """Whether there is anything that Logto's own proof of identity can be made of."""
    return bool(user.has_password or user.primary_email or user.primary_phone)


def identity(user: users.User, target: str) -> Identity | None:
    """Who the person is at this provider, if they are connected."""
    return next((each for each in user.identities if each.target == target), None)


def _perhaps[T](read: Callable[[], T]) -> T | None:
    """What only adds to a page, or None where Logto does not give it."""
    try:
        return read()
    except errors.LogtoError:
        return None
