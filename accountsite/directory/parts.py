"""One person as a page: facts, and tables of what they have."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accountsite import user_agents
from accountsite.appearance.templatetags import appearance
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.directory import deeds, forms, person
from accountsite.directory.deeds import Deed
from accountsite.directory.person import Person
from accountsite.logto import errors, users
from accountsite.logto.grants import Grant
from accountsite.signin.staff import Level

SHOWN = 20  # rows of one table, until all of them are asked for
NOTHING = "–"
type May = Callable[[Level], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A link to an action. `about` tells several of one name apart."""

    title: str
    url: str
    about: str = ""
    is_dangerous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of a fieldset."""

    title: str
    value: str
    note: str = ""
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a table; the first cell names it."""

    cells: tuple[str, ...]
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A fieldset or a table of the page. `more` is how many rows are not shown."""

    slug: str
    title: str
    facts: tuple[Fact, ...] = ()
    columns: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    acts: tuple[Act, ...] = ()
    empty: str = ""
    text: str = ""
    note: str = ""
    more: int = 0
    is_failed: bool = False

    @property
    def has_acts(self) -> bool:
        """Whether a column of the table is for actions."""
        return any(line.acts for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Builds the parts for somebody who may do so much. `every` is the table shown whole."""

    person: Person
    may: May
    every: str = ""
    events: list[AuditEvent] = field(default_factory=list)

    def acts(self) -> tuple[Act, ...]:
        """What can be done to the whole account."""
        user = self.person.user
        listed = (deed for deed in deeds.DEEDS if deed.is_listed and deed.is_shown(user))
        return self._acts(*listed)

    def parts(self) -> Iterator[Part]:
        """All of them, in order."""
        yield self._basics()
        yield self._contact()
        yield self._profile()
        yield self._social()
        yield self._enterprise()
        yield self._table(
            "roles",
            _("Roles"),
            self.person.roles,
            (_("Role"), _("Description")),
            lambda role: Line(cells=(role.name, role.description)),
            acts=self._of("roles"),
            empty=_("No roles."),
        )
        yield self._table(
            "organizations",
            _("Organizations"),
            self.person.organizations,
            (_("Organization"), _("Roles there")),
            lambda one: Line(
                cells=(one.name, ", ".join(role.name for role in one.roles) or NOTHING),
                acts=self._of("organization-roles", "leave", item=one.id, about=one.name),
            ),
            acts=self._of("join"),
            empty=_("No organizations."),
        )
        yield self._custom_data()
        yield self._factors()
        yield self._table(
            "tokens",
            _("Personal access tokens"),
            self.person.tokens,
            (_("Name"), _("Created"), _("Expires")),
            lambda token: Line(
                cells=(token.name, when(token.created_at), _until(token.expires_at)),
                acts=self._of("revoke-token", item=token.name, about=token.name),
            ),
            empty=_("No tokens."),
        )
        yield self._sessions()
        yield self._apps()
        yield self._recent()
        yield self._log()

    def _basics(self) -> Part:
        user = self.person.user
        state = _("Suspended") if user.is_suspended else _("Active")
        facts = (
            Fact(title=_("Id"), value=user.id),
            Fact(title=_("Name"), value=user.name or "", acts=self._of("edit")),
            Fact(title=_("State"), value=state),
            Fact(title=_("Password"), value=_("Set") if user.has_password else _("None")),
            Fact(title=_("Joined"), value=when(user.created_at)),
            Fact(title=_("Last sign-in"), value=_at(user.last_sign_in_at, _("Never"))),
            Fact(title=_("Changed"), value=when(user.updated_at)),
            Fact(title=_("Came through"), value=user.application_id or ""),
            Fact(title=_("Picture"), value=user.avatar or ""),
        )
        return Part(slug="basics", title=_("Basic information"), facts=facts)

    def _contact(self) -> Part:
        user = self.person.user
        phone = appearance.phone(user.primary_phone) if user.primary_phone else ""
        email_changes = (Action.EMAIL_CHANGED, Action.EMAIL_REMOVED, Action.ACCOUNT_CREATED)
        phone_changes = (Action.PHONE_CHANGED, Action.PHONE_REMOVED, Action.ACCOUNT_CREATED)
        facts = (
            Fact(
                title=_("Email address"),
                value=user.primary_email or "",
                note=_proved(user, "email", user.primary_email, email_changes),
                acts=self._of("email"),
            ),
            Fact(
                title=_("Phone number"),
                value=phone,
                note=_proved(user, "phone", user.primary_phone, phone_changes),
                acts=self._of("phone"),
            ),
            Fact(title=_("Username"), value=user.username or "", acts=self._of("username")),
        )
        note = _("Logto tells apps that each address is verified, and keeps no mark of its own.")
        return Part(slug="contact", title=_("Contact information"), facts=facts, note=note)

    def _profile(self) -> Part:
        held = self.person.user.profile.to_json()
        address = held.pop("address", {})
        if address:
            held["address"] = address.get("formatted") or ", ".join(address.values())
        titles = {name: one.label for name, one in forms.Profile.base_fields.items()}
        titles |= {
            "middleName": _("Middle name"),
            "preferredUsername": _("Preferred username"),
            "profile": _("Profile page"),
            "address": _("Postal address"),
        }
        facts = tuple(
            Fact(title=str(titles.get(name, name)), value=value) for name, value in held.items()
        )
        return Part(
            slug="profile",
            title=_("Profile"),
            facts=facts,
            acts=self._of("profile"),
            empty=_("Nothing filled in."),
        )

    def _social(self) -> Part:
        names = self.person.providers
        return self._table(
            "social",
            _("Social accounts"),
            self.person.user.identities,
            (_("Provider"), _("Account"), _("Email")),
            lambda one: Line(
                cells=(names.get(one.target, one.target), one.label, one.email or NOTHING),
                acts=self._of("unlink", item=one.target, about=names.get(one.target, one.target)),
            ),
            empty=_("No social accounts."),
        )

    def _enterprise(self) -> Part:
        return self._table(
            "enterprise",
            _("Enterprise accounts"),
            self.person.user.enterprise_identities,
            (_("Account"), _("Email"), _("Issuer"), _("Since")),
            lambda one: Line(
                cells=(one.label, one.email or NOTHING, one.issuer, when(one.created_at))
            ),
            empty=_("No enterprise accounts."),
        )

    def _custom_data(self) -> Part:
        data = self.person.user.custom_data
        return Part(
            slug="custom-data",
            title=_("Custom data"),
            text=deeds.custom_data_text(data) if data else "",
            acts=self._of("custom-data"),
            empty=_("No custom data."),
        )

    def _factors(self) -> Part:
        return self._table(
            "factors",
            _("Second steps"),
            self.person.factors,
            (_("Kind"), _("Name"), _("Added"), _("Last used")),
            lambda one: Line(
                cells=(
                    deeds.kind_of(one.factor),
                    _factor_name(one),
                    when(one.created_at),
                    _at(one.last_used_at, NOTHING),
                ),
                acts=self._of("remove-factor", item=one.id, about=deeds.kind_of(one.factor)),
            ),
            empty=_("No second steps."),
        )

    def _sessions(self) -> Part:
        return self._table(
            "sessions",
            _("Sessions"),
            self.person.sessions,
            (_("Device"), _("Signed in"), _("Ends"), _("IP address")),
            lambda one: Line(
                cells=(
                    user_agents.describe(one.user_agent) if one.user_agent else NOTHING,
                    when(one.signed_in_at),
                    when(one.expires_at),
                    one.ip or NOTHING,
                ),
                acts=self._of(
                    "end-session",
                    item=one.id,
                    about=deeds.device_of(one),
                ),
            ),
            acts=self._of("sign-out"),
            empty=_("Signed in nowhere."),
        )

    def _apps(self) -> Part:
        given = self.person.grants
        if not isinstance(given, errors.LogtoError):
            given = tuple(_newest_of_each(given))
        return self._table(
            "apps",
            _("Apps with access"),
            given,
            (_("App"), _("Allowed"), _("Since"), _("Ends")),
            lambda one: Line(
                cells=(
                    one.application_name,
                    " ".join(one.scopes) or NOTHING,
                    when(one.granted_at),
                    when(one.expires_at),
                ),
                acts=self._of("revoke-app", item=one.application_id, about=one.application_name),
            ),
            empty=_("No apps."),
        )

    def _recent(self) -> Part:
        return self._table(
            "events",
            _("Recent changes"),
            tuple(self.events),
            (_("When"), _("What"), _("By"), _("Outcome"), _("Explanation")),
            lambda one: Line(
                cells=(
                    when(one.started_at),
                    str(Action(one.action).label) if one.action in Action else one.action,
                    f"{one.get_actor_kind_display()} {one.actor_id}".strip(),
                    one.get_outcome_display(),
                    one.explanation or NOTHING,
                )
            ),
            empty=_("No changes."),
        )

    def _log(self) -> Part:
        page = self.person.log
        return self._table(
            "log",
            _("Recent activity at Logto"),
            page if isinstance(page, errors.LogtoError) else page.items,
            (_("When"), _("What"), _("Outcome"), _("Device"), _("IP address")),
            lambda one: Line(
                cells=(
                    when(one.created_at),
                    one.key,
                    _("done") if one.is_success else one.error_code or _("failed"),
                    user_agents.describe(one.user_agent) if one.user_agent else NOTHING,
                    one.ip or NOTHING,
                )
            ),
            empty=_("No activity."),
        )

    def _table(  # noqa: PLR0913 - what a table is made of
        self,
        slug: str,
        title: str,
        items: Any,
        columns: tuple[str, ...],
        line: Callable[[Any], Line],
        *,
        acts: tuple[Act, ...] = (),
        empty: str,
    ) -> Part:
        if isinstance(items, errors.LogtoError):
            return Part(slug=slug, title=title, is_failed=True)
        shown = items if self.every == slug else items[:SHOWN]
        return Part(
            slug=slug,
            title=title,
            columns=columns,
            lines=tuple(map(line, shown)),
            acts=acts,
            empty=empty,
            more=len(items) - len(shown),
        )

    def _of(self, *slugs: str, item: str = "", about: str = "") -> tuple[Act, ...]:
        return self._acts(*(deeds.BY_SLUG[slug] for slug in slugs), item=item, about=about)

    def _acts(self, *wanted: Deed, item: str = "", about: str = "") -> tuple[Act, ...]:
        return tuple(
            Act(
                title=str(deed.title),
                url=url_of(deed, self.person.user.id, item=item),
                about=about,
                is_dangerous=deed.is_dangerous,
            )
            for deed in wanted
            if self.may(deed.level)
        )


def url_of(deed: Deed, account_id: str, *, item: str = "") -> str:
    """The address of an action's page."""
    address = reverse(f"admin:directory_user_{deed.slug}", args=[account_id])
    return f"{address}?{urlencode({'item': item})}" if item else address


def when(moment: datetime) -> str:
    """A point in time, as Django's admin writes them."""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _at(moment: datetime | None, otherwise: str) -> str:
    return when(moment) if moment else otherwise


def _until(moment: datetime | None) -> str:
    if moment is None:
        return _("Never")
    if moment <= timezone.now():
        return _("Expired on %(when)s") % {"when": when(moment)}
    return when(moment)


def _factor_name(bound: Any) -> str:
    if bound.remaining_codes is not None:
        return _("%(count)d left") % {"count": bound.remaining_codes}
    return bound.name or (user_agents.describe(bound.agent) if bound.agent else NOTHING)


def _newest_of_each(given: Iterable[Grant]) -> Iterator[Grant]:
    """One grant for each application, as that is what is revoked."""
    newest: dict[str, Grant] = {}
    for grant in sorted(given, key=lambda grant: grant.granted_at):
        newest[grant.application_id] = grant
    yield from sorted(newest.values(), key=lambda grant: grant.application_name.lower())


def _proved(user: users.User, field: str, value: str | None, changes: tuple[Action, ...]) -> str:
    """Whether somebody proved that it is theirs, as far as this site knows."""
    if not value:
        return ""
    event = person.proof(user.id, field, *changes)
    if event is None:
        return _("Not entered here, so nobody here knows whether it was verified.")
    if person.is_proved(event):
        return _("Verified with a code on %(when)s.") % {"when": when(event.started_at)}
    return _("Entered by an admin on %(when)s, not verified.") % {"when": when(event.started_at)}
