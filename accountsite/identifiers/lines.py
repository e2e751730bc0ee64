"""The identifiers of a person, and what their tenant lets them do with each."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.appearance.templatetags import appearance
from accountsite.logto import parallel, tenant, users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.sign_in_experience import Identifier, UsernamePolicy
from accountsite.logto.tenant import Tenant
from accountsite.signin import guards
from accountsite.ways import services as ways
from accountsite.ways.services import Kind, Way

EMAIL, PHONE, USERNAME = Identifier.EMAIL, Identifier.PHONE, Identifier.USERNAME

LABELS = {
    EMAIL: gettext_lazy("Email address"),
    PHONE: gettext_lazy("Phone number"),
    USERNAME: gettext_lazy("Username"),
}

REMOVALS = {
    EMAIL: gettext_lazy("Remove your email address"),
    PHONE: gettext_lazy("Remove your phone number"),
    USERNAME: gettext_lazy("Remove your username"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An identifier, what the person has of it, and what they may do with it."""

    identifier: Identifier
    value: str | None
    access: Access
    way: Way | None
    """How it signs them in; None if it does not."""
    waits_for: str = ""
    """An address that is to take its place, once its code is entered."""

    @property
    def id(self) -> str:
        """What its row is called on a page."""
        return f"row-{self.identifier}"

    @property
    def label(self) -> str:
        """What it is called."""
        return str(LABELS[self.identifier])

    @property
    def text(self) -> str:
        """Its value as the person writes it."""
        return shown(self.identifier, self.value)

    @property
    def help(self) -> str:
        """What it is good for, or what is not finished about it."""
        if self.waits_for:
            return _("Not finished: a code is on its way to %(address)s.") % {
                "address": self.waits_for
            }
        if not self.value:
            return ""
        if self.way is None:
            return _("You can’t sign in with it at the moment.")
        if self.way.by_password and self.way.by_code:
            return _("Signs you in with a code or your password.")
        return (
            _("Signs you in with a code.")
            if self.way.by_code
            else _("Signs you in with your password.")
        )

    @property
    def is_editable(self) -> bool:
        """Whether the person may change it here."""
        return self.access is Access.EDIT

    @property
    def is_read_only(self) -> bool:
        """Whether there is only something to see."""
        return not self.is_editable


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person with their enterprise identities, and what their tenant lets them do."""

    user: users.User
    tenant: Tenant

    @property
    def lines(self) -> tuple[Line, ...]:
        """What they may see."""
        every = (self.line(identifier) for identifier in (EMAIL, PHONE, USERNAME))
        return tuple(line for line in every if line.access is not Access.OFF)

    @property
    def code_seconds(self) -> int:
        """How long a code works."""
        return self.tenant.sign_in_experience.code_seconds

    @property
    def username_policy(self) -> UsernamePolicy:
        """What a username must be."""
        return self.tenant.sign_in_experience.username_policy

    def line(self, identifier: Identifier) -> Line:
        """One of the three, seen or not."""
        every = ways.of(self.user, self.tenant.sign_in_experience)
        return Line(
            identifier=identifier,
            value=value_of(self.user, identifier),
            access=self.tenant.access(Control(identifier.value)),
            way=next((way for way in every if way.kind == Kind(identifier.value)), None),
        )


def person(account_id: str) -> Person:
    """Who it is, and what their tenant lets them do: two questions at once.

    Raises AccountEnded and Unavailable.
    """
    user, known = parallel.gather(
        lambda: guards.person(account_id, with_enterprise=True), tenant.current
    )
    return Person(user=user, tenant=known)


def value_of(user: users.User, identifier: Identifier) -> str | None:
    """What they have of it: digits for a phone."""
    return {
        EMAIL: user.primary_email,
        PHONE: user.primary_phone,
        USERNAME: user.username,
    }[identifier]


def shown(identifier: Identifier, value: str | None) -> str:
    """An identifier as people write it; empty for none."""
    return appearance.phone(value) if value and identifier is PHONE else value or ""


def person_of(user: users.User) -> Person:
    """The same for a user that was just read. Raises Unavailable."""
    return Person(user=user, tenant=tenant.current())
