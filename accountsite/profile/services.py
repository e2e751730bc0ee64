"""What a person can do with their profile, and what keeps them from it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from accountsite import avatars, refusals
from accountsite.appearance import brand
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.logto import assets, errors, parallel, tenant, users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.profile_fields import Type
from accountsite.logto.tenant import Tenant
from accountsite.profile import catalogue, values
from accountsite.profile.catalogue import Row, Store
from accountsite.signin import guards, preferences
from accountsite.signin.models import EndReason

STORE, STORE_SECONDS = "profile:tenant-stores-files", 300


class UnableToChange(refusals.Refusal):
    """A change that can't be made."""


class ChangedElsewhere(UnableToChange):
    """Another page, device or app was faster. `now` is what Logto holds since."""

    def __init__(self, message: str, now: values.Raw) -> None:
        super().__init__(message)
        self.now = now


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row with what the person has in it."""

    row: Row
    now: values.Raw

    @property
    def id(self) -> str:
        """What the row is called on a page."""
        return f"row-{self.row.name}"

    @property
    def heading(self) -> str:
        """What stands above the fields of a row that has several."""
        return self.row.label if self.row.is_composed else ""

    @property
    def help(self) -> str:
        """What stands below that heading; a single field says it itself."""
        return self.row.description if self.row.is_composed else ""

    @property
    def text(self) -> str:
        """What a page shows of it."""
        return values.text(self.row, self.now)

    @property
    def link(self) -> str:
        """The address that this value is, if it is safe to follow."""
        is_address = [part.kind for part in self.row.parts] == [Type.URL]
        return (brand.web_address(self.text) or "") if is_address else ""

    @property
    def is_read_only(self) -> bool:
        """Whether there is only something to see."""
        return not self.is_editable

    @property
    def is_editable(self) -> bool:
        """Whether the person may change it here."""
        return self.row.access is Access.EDIT and not values.is_foreign(self.now)

    @property
    def note(self) -> str:
        """Why it can't be changed, where that is not the tenant's rule."""
        is_foreign = values.is_foreign(self.now)
        return _("Another app keeps something here that can’t be shown.") if is_foreign else ""

    def of(self, user: users.User) -> "Line":
        """The same row after a change."""
        return replace(self, now=values.held(user, self.row))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person, and what their tenant lets them see of themselves."""

    user: users.User
    tenant: Tenant

    @property
    def lines(self) -> tuple[Line, ...]:
        """The rows of values, in the tenant's order."""
        return tuple(
            Line(row=row, now=values.held(self.user, row)) for row in catalogue.rows(self.tenant)
        )

    @property
    def picture(self) -> Row:
        """The row of the picture."""
        return catalogue.picture(self.tenant)

    @property
    def has_picture_row(self) -> bool:
        """Whether they may see their picture here."""
        return self.picture.access is not Access.OFF

    @property
    def is_picture_read_only(self) -> bool:
        """Whether they may only see it."""
        return self.picture.access is not Access.EDIT

    @property
    def label(self) -> str:
        """What their initials are made of."""
        user = self.user
        return user.name or user.username or user.primary_email or user.primary_phone or user.id

    def line(self, name: str) -> Line | None:
        """One row by its name; None if there is none that they may see."""
        return next((line for line in self.lines if line.row.name == name), None)


def person(account_id: str) -> Person:
    """Who it is, and what their tenant lets them see: two questions at once.

    Raises AccountEnded and Unavailable.
    """
    user, known = parallel.gather(lambda: guards.person(account_id), tenant.current)
    return Person(user=user, tenant=known)


def person_of(user: users.User) -> Person:
    """The same for a user that was just read. Raises Unavailable."""
    return Person(user=user, tenant=tenant.current())


def row(name: str) -> Row | None:
    """A row without what is in it, which needs no answer where the tenant is known already.

    Raises Unavailable.
    """
    return next((row for row in catalogue.rows(tenant.current()) if row.name == name), None)


def change(someone: Person, line: Line, cleaned: Mapping[str, Any], *, shown: str) -> users.User:
    """Put a form's values in a row's place. Gives the person as they are then.

    `shown` is the fingerprint of what they saw when they began. Raises ChangedElsewhere,
    UnableToChange, AccountEnded and Unavailable.
    """
    if not line.is_editable:
        raise UnableToChange(_cant_be_changed())
    wanted = values.stored(line.row, line.now, cleaned)
    if values.fingerprint(wanted) == values.fingerprint(line.now):
        return someone.user
    if values.fingerprint(line.now) != shown:
        raise ChangedElsewhere(_changed_elsewhere(line.text), line.now)
    return _written(someone.user, line.row.store, wanted, before=line.now)


def change_picture(account_id: str, picture: bytes, *, shown: str) -> users.User:
    """Make this picture (from `avatars.square`) theirs. Raises as `change` does."""
    someone, has_store = parallel.gather(
        lambda: person(account_id), lambda: cache.get_or_set(STORE, _has_store, STORE_SECONDS)
    )
    _check_picture(someone, shown)
    new = _kept(picture, account_id=account_id, has_store=bool(has_store))
    try:
        user = _with_picture(account_id, new)
    except (errors.Rejected, UnableToChange):
        avatars.forget(new, account_id=account_id)
        raise
    avatars.forget(someone.user.avatar, account_id=account_id)
    return user


def remove_picture(account_id: str, *, shown: str) -> users.User:
    """Leave them with their initials. Raises as `change` does."""
    someone = person(account_id)
    if someone.picture.is_required:
        raise UnableToChange(_("A picture is needed here. Upload another one in its place."))
    if someone.user.avatar is None:
        return someone.user
    _check_picture(someone, shown)
    user = _with_picture(account_id, None)
    avatars.forget(someone.user.avatar, account_id=account_id)
    return user


def picture_now(user: users.User) -> values.Raw:
    """What `shown` is the fingerprint of where it is about the picture."""
    return {"avatar": user.avatar}


def prefer(account_id: str, name: str, value: str) -> None:
    """Save a choice about this site with the person, for other apps too.

    The language is their `locale`, the time zone their `zoneinfo`; an empty one leaves it open.
    A locale that says the same already, such as ko-KR for ko, stays as it is. A theme belongs to
    the browser. Raises AccountEnded, UnableToChange and Unavailable.
    """
    if name == "theme":
        return
    someone = person(account_id)
    known = someone.user.profile
    if name == "language" and preferences.supported(known.locale or "") != value:
        _in_profile(someone, {"locale": value})
    if name == "time_zone" and preferences.known_zone(known.zoneinfo or "") != value:
        _in_profile(someone, {"zoneinfo": value})


def _in_profile(someone: Person, claims: values.Raw) -> None:
    """Where the tenant keeps people from changing their profile, the session alone remembers."""
    if someone.tenant.access(Control.PROFILE) is Access.EDIT:
        held = someone.user.profile
        before = {"locale": held.locale, "zoneinfo": held.zoneinfo}
        _written(someone.user, Store.PROFILE, claims, before=before)


def _written(
    user: users.User, store: Store, wanted: values.Raw, *, before: values.Raw
) -> users.User:
    """Merge the values into what Logto holds: other keys are other people's business."""
    told = {name: (_said(before.get(name)), _said(value)) for name, value in wanted.items()}
    with trail.change(Action.PROFILE_CHANGED, user.id, values=told), _refusals():
        match store:
            case Store.NAME:
                return users.update(user.id, name=wanted["name"] or None)
            case Store.CUSTOM_DATA:
                return replace(user, custom_data=users.update_custom_data(user.id, wanted))
            case Store.ADDRESS:
                wanted = {"address": wanted}
        return replace(user, profile=users.update_profile(user.id, wanted))


def _with_picture(account_id: str, url: str | None) -> users.User:
    action = Action.AVATAR_CHANGED if url else Action.AVATAR_REMOVED
    with trail.change(action, account_id), _refusals():
        return users.update(account_id, avatar=url)


def _said(value: Any) -> str | None:
    """Whether there is something, for the trail, which keeps no more of most of it."""
    return str(value) if value not in (None, "", {}) else None


@contextmanager
def _refusals() -> Iterator[None]:
    """What a write can be refused for."""
    try:
        yield
    except errors.NotFound as error:
        raise guards.AccountEnded(EndReason.GONE) from error
    except errors.Invalid as error:
        raise UnableToChange(_("This can’t be saved as it is. Change it and try again.")) from error


def _check_picture(someone: Person, shown: str) -> None:
    if someone.picture.access is not Access.EDIT:
        raise UnableToChange(_cant_be_changed())
    now = picture_now(someone.user)
    if values.fingerprint(now) != shown:
        raise ChangedElsewhere(
            _("Your picture was changed elsewhere meanwhile. Go on to replace the new one."), now
        )


def _kept(picture: bytes, *, account_id: str, has_store: bool) -> str:
    """Where the picture is from now on: with the tenant if it has a place, else here."""
    if not has_store:
        try:
            return avatars.keep(picture, account_id=account_id)
        except avatars.UnableToKeep as error:
            raise UnableToChange(
                _("There is no room for pictures at the moment. Try again later.")
            ) from error
    with _refusals():
        return assets.upload(picture, name="avatar.webp", content_type=avatars.CONTENT_TYPE)


def _has_store() -> bool:
    try:
        return assets.is_ready()
    except errors.NotOffered:
        return False


def _cant_be_changed() -> str:
    return _("This can’t be changed here any more.")


def _changed_elsewhere(text: str) -> str:
    if not text:
        return _("This was emptied elsewhere meanwhile. Save again to put yours there.")
    return _(
        "This was changed elsewhere meanwhile, to “%(text)s”. Save again to put yours in its place."
    ) % {"text": text}
