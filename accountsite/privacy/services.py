"""What a person can do with the data that apps keep with their account."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from accountsite.appearance.isolation import isolated
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.limits import attempts, turns
from accountsite.limits.rules import Kind
from accountsite.logto import errors, parallel, tenant, users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.profile_fields import PROFILE_NAMES
from accountsite.logto.tenant import Tenant
from accountsite.notices import delivery as notices
from accountsite.privacy import notation
from accountsite.privacy.edits import Edits
from accountsite.privacy.notation import Data
from accountsite.refusals import Refusal
from accountsite.signin import guards
from accountsite.signin.models import EndReason

LONGEST_VALUE = 500  # characters of a value in an explanation


class UnableToChange(Refusal):
    """The custom data stays as it is."""


class ChangedElsewhere(UnableToChange):
    """Another page, device or app changed the same names. `seen` is what to go on from."""

    def __init__(self, message: str, seen: Data) -> None:
        super().__init__(message)
        self.seen = seen


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomData:
    """What apps keep with a person, and what the person may do with it."""

    user: users.User
    tenant: Tenant

    @property
    def access(self) -> Access:
        """What the tenant lets people do with it."""
        return self.tenant.access(Control.CUSTOM_DATA)

    @property
    def data(self) -> Data:
        """All of it."""
        return self.user.custom_data

    @property
    def text(self) -> str:
        """All of it, to be read."""
        return notation.write(self.data)

    @property
    def is_readable(self) -> bool:
        """Whether it is little enough to be looked at, and edited, on a page."""
        return len(self.text.encode("utf-8", "surrogatepass")) <= notation.MOST_BYTES

    @property
    def is_editable(self) -> bool:
        """Whether the person may change it here."""
        return self.access is Access.EDIT and self.is_readable

    @property
    def is_read_only(self) -> bool:
        """Whether there is only something to see."""
        return not self.is_editable

    @property
    def profile_names(self) -> frozenset[str]:
        """The names that the profile has a row for, whose form can hold no more than one value."""
        return frozenset(field.name for field in self.tenant.profile_fields) - PROFILE_NAMES


def read(account_id: str) -> CustomData:
    """The person and their tenant, in one round trip. Raises AccountEnded and Unavailable."""
    user, known = parallel.gather(lambda: guards.person(account_id), tenant.current)
    return CustomData(user=user, tenant=known)


def change(account_id: str, wanted: Data, *, seen: Data) -> CustomData:
    """Make the changes that lead from what the person saw to what they want. Gives what is there.

    What else was changed meanwhile, by them or by an app, stands: only a name that both changed is
    a conflict. Names are added and set by a merge; to remove one, all has to be written anew, which
    is done alone. Raises ChangedElsewhere, UnableToChange, Busy, TooMany, AccountEnded and
    Unavailable.
    """
    edits = Edits.between(seen, wanted)
    if not edits:
        return read(account_id)
    with turns.alone(f"custom data of {account_id}"):
        held = read(account_id)
        edits = edits.not_in(held.data)
        if not edits:
            return held
        told = {"custom_data": (None, ", ".join(edits.names))}
        with trail.change(Action.CUSTOM_DATA_CHANGED, account_id, values=told) as event:
            attempts.count(Kind.CUSTOM_DATA, account=account_id)
            _check(held, edits, seen)
            after = _written(account_id, held, edits)
    notices.announce(event, held.user.primary_email)
    return replace(held, user=replace(held.user, custom_data=after))


def _check(held: CustomData, edits: Edits, seen: Data) -> None:
    if not held.is_editable:
        raise UnableToChange(_("This can’t be changed here any more."))
    if contested := edits.contested(seen, held.data):
        raise ChangedElsewhere(_conflict(contested, held.data), _now_seen(seen, contested, held))
    for name, value in edits.put.items():
        if name in held.profile_names and isinstance(value, dict | list):
            told = _("“%(name)s” is a line of your profile: give it a single value.")
            raise UnableToChange(told % {"name": notation.name(name)})


def _written(account_id: str, held: CustomData, edits: Edits) -> Data:
    """One call, which Logto answers with all that is there then."""
    try:
        if edits.removed:
            return users.replace_custom_data(account_id, edits.applied(held.data)).custom_data
        return users.update_custom_data(account_id, edits.put)
    except errors.NotFound as error:
        raise guards.AccountEnded(EndReason.GONE) from error
    except errors.Invalid as error:
        raise UnableToChange(_("This can’t be saved as it is. Change it and try again.")) from error


def _now_seen(seen: Data, contested: list[str], held: CustomData) -> Data:
    """What the person saw, and what they are told now: their next attempt is made in sight of it."""
    known = {name: value for name, value in seen.items() if name not in contested}
    return known | {name: held.data[name] for name in contested if name in held.data}


def _conflict(contested: list[str], now: Mapping[str, Any]) -> str:
    """What the same names hold since, a line for each."""
    lines = [_("This was changed elsewhere meanwhile. Save again to put yours in its place.")]
    for name in contested:
        if name in now:
            words = {"name": notation.name(name), "value": _short(now[name])}
            lines.append(_("“%(name)s” is now: %(value)s") % words)
        else:
            lines.append(_("“%(name)s” is not there any more.") % {"name": notation.name(name)})
    return "\n".join(lines)


def _short(value: Any) -> str:
    text = notation.line(value)
    return isolated(text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…")
