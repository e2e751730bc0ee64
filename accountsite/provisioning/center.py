"""What Logto's account center has to know of the site: where accounts are deleted, and passkeys.

Both are settings of the whole tenant, so what stands there already stays, unless the operator says
that it is to be replaced. Whether the account center is on is for the operator to decide.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from accountsite.logto import account_center
from accountsite.provisioning import notes
from accountsite.provisioning.inventory import Inventory
from accountsite.provisioning.notes import Note
from accountsite.provisioning.sites import Site
from accountsite.provisioning.steps import Outcome, Step

DELETION = "account center, where accounts are deleted"
ORIGIN = "account center, related origin for passkeys"
NOT_NOTED = "of which there is no note that this command set it"


def provide(site: Site, found: Inventory, *, replaces_deletion_url: bool) -> Iterator[Step]:
    """The address for deleting an account, and the origin that passkeys may be added from."""
    url = found.account_center.delete_account_url
    text = f"{DELETION}: {site.deletion_url}"
    if url == site.deletion_url:
        yield Step(outcome=Outcome.RIGHT, text=text)
    elif url is None or replaces_deletion_url:
        text = f"{text} instead of {url or 'nowhere'}"
        yield Step(outcome=Outcome.CHANGED, text=text, act=partial(_lead_here, site, url))
    else:
        text = f"{DELETION}: {url}; --replace-deletion-url makes it {site.deletion_url}"
        yield Step(outcome=Outcome.LEFT, text=text)
    if site.origin in found.account_center.webauthn_related_origins:
        yield Step(outcome=Outcome.RIGHT, text=f"{ORIGIN}: {site.origin}")
    else:
        text = f"{ORIGIN}: {site.origin} added"
        yield Step(outcome=Outcome.CHANGED, text=text, act=partial(_relate, site))


def withdraw(site: Site, found: Inventory) -> Iterator[Step]:
    """What it was before, where it is still what was made of it."""
    kept = notes.of(found.own, site)
    yield from _withdraw_url(site, found, kept)
    is_related = site.origin in found.account_center.webauthn_related_origins
    if Note.RELATED_ORIGIN in kept:
        outcome = Outcome.CHANGED if is_related else Outcome.LEFT
        text = f"{ORIGIN}: {site.origin} {'removed' if is_related else 'is gone already'}"
        yield Step(outcome=outcome, text=text, act=partial(_unrelate, site))
    elif is_related:
        yield Step(outcome=Outcome.LEFT, text=f"{ORIGIN}: {site.origin}, {NOT_NOTED}")


def _withdraw_url(site: Site, found: Inventory, kept: Mapping[str, Any]) -> Iterator[Step]:
    url = found.account_center.delete_account_url
    if Note.DELETION_URL not in kept:
        if url == site.deletion_url:
            yield Step(outcome=Outcome.LEFT, text=f"{DELETION}: {url}, {NOT_NOTED}")
        return
    before = kept[Note.DELETION_URL]
    if url == site.deletion_url:
        text = f"{DELETION}: {before or 'nowhere'} instead of {url}"
        yield Step(outcome=Outcome.CHANGED, text=text, act=partial(_lead_back, site, before))
    else:
        text = f"{DELETION}: {url or 'nowhere'}, which somebody set after this command"
        act = partial(notes.drop, site, Note.DELETION_URL)
        yield Step(outcome=Outcome.LEFT, text=text, act=act)


def _lead_here(site: Site, before: str | None) -> None:
    notes.keep(site, Note.DELETION_URL, before)
    account_center.update(delete_account_url=site.deletion_url)


def _lead_back(site: Site, before: str | None) -> None:
    account_center.update(delete_account_url=before)
    notes.drop(site, Note.DELETION_URL)


def _relate(site: Site) -> None:
    notes.keep(site, Note.RELATED_ORIGIN, value=True)
    origins = account_center.get().webauthn_related_origins
    account_center.update(webauthn_related_origins=tuple(dict.fromkeys([*origins, site.origin])))


def _unrelate(site: Site) -> None:
    origins = account_center.get().webauthn_related_origins
    if site.origin in origins:
        left = tuple(origin for origin in origins if origin != site.origin)
        account_center.update(webauthn_related_origins=left)
    notes.drop(site, Note.RELATED_ORIGIN)
