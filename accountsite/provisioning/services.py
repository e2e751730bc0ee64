"""Setting a tenant up for a site, and taking that back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accountsite.provisioning import (
    center,
    inventory,
    sign_in,
    staff_roles,
    token_exchange,
    webhook,
)
from accountsite.provisioning.inventory import Inventory
from accountsite.provisioning.sites import Site
from accountsite.provisioning.steps import Outcome, Step

type Tell = Callable[[Step], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the operator decides on."""

    with_token_exchange: bool = False
    replaces_deletion_url: bool = False
    is_rehearsal: bool = False


def provide(site: Site, wishes: Wishes, tell: Tell) -> tuple[Inventory, int]:
    """Make what is missing, and mend what was made before; `tell` hears of each step once it is done.

    Gives what the tenant has afterwards, and how many things are left to do by hand. Each step can
    be done again, so a run that was cut short is finished by the next. A rehearsal changes nothing.
    Raises LogtoError.
    """
    left = _go(_to_provide(site, wishes, inventory.read()), wishes, tell)
    return inventory.read(), left


def withdraw(site: Site, wishes: Wishes, tell: Tell) -> int:
    """Remove what was made for this site, and put back what was changed; nothing else.

    Gives how many steps there were. Raises LogtoError.
    """
    steps = [*_to_withdraw(site, inventory.read())]
    _go(iter(steps), wishes, tell)
    return len(steps)


def _go(steps: Iterator[Step], wishes: Wishes, tell: Tell) -> int:
    left = 0
    for step in steps:
        if not wishes.is_rehearsal:
            step.act()
        tell(step)
        left += step.outcome is Outcome.BY_HAND
    return left


def _to_provide(site: Site, wishes: Wishes, found: Inventory) -> Iterator[Step]:
    yield from sign_in.provide(site, found)
    yield from webhook.provide(site, found)
    yield from staff_roles.provide(found)
    yield from center.provide(site, found, replaces_deletion_url=wishes.replaces_deletion_url)
    if wishes.with_token_exchange:
        yield from token_exchange.provide(site, found)


def _to_withdraw(site: Site, found: Inventory) -> Iterator[Step]:
    """The application last: that it is there tells that there is something to undo."""
    yield from center.withdraw(site, found)
    yield from webhook.withdraw(site, found)
    yield from staff_roles.withdraw(site, found)
    yield from token_exchange.withdraw(site, found)
    yield from sign_in.withdraw(site, found)
