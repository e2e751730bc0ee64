"""One person as a page: every part of it, with what may be done there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accountsite import user_agents
from accountsite.appearance.templatetags import appearance
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.directory import deeds, forms, parts, readings
from accountsite.directory.person import Person
from accountsite.directory.scenes import Deed
from accountsite.logto import errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Builds the parts for somebody who may do so much. `every` is the table shown whole."""

    person: Person
    may: parts.May
    every: str = ""
    events: list[AuditEvent] = field(default_factory=list)

    def acts(self) -> tuple[parts.Act, ...]:
        """What can be done to the whole account."""
        user = self.person.user
        listed = (deed for deed in deeds.DEEDS if deed.is_listed and deed.is_shown(user))
        return self._acts(*listed)

    def all_parts(self) -> Iterator[parts.Part]:
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
            lambda role: parts.Line(cells=(role.name, role.description)),
            acts=self._of("roles"),
            empty=_("No roles."),
        )
        yield self._table(
            "organizations",
            _("Organizations"),
            self.person.organizations,
            (_("Organization"), _("Roles there")),
            lambda one: parts.Line(
                cells=(one.name, ", ".join(role.name for role in one.roles) or parts.NOTHING),
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
            lambda token: parts.Line(
                cells=(token.name, parts.when(token.created_at), parts.until(token.expires_at)),
                acts=self._of("revoke-token", item=token.name, about=token.name),
            ),
            empty=_("No tokens."),
        )
        yield self._sessions()
        yield self._apps()
        yield self._recent()
        yield self._log()

    def _basics(self) -> parts.Part:
        user = self.person.user
        state = _("Suspended") if user.is_suspended else _("Active")
        facts = (
            parts.Fact(title=_("Id"), value=user.id),
            parts.Fact(title=_("Name"), value=user.name or "", acts=self._of("edit")),
            parts.Fact(title=_("State"), value=state),
            parts.Fact(title=_("Password"), value=_("Set") if user.has_password else _("None")),
            parts.Fact(title=_("Joined"), value=parts.when(user.created_at)),
            parts.Fact(title=_("Last sign-in"), value=parts.at(user.last_sign_in_at, _("Never"))),
            parts.Fact(title=_("Changed"), value=parts.when(user.updated_at)),
            parts.Fact(title=_("Came through"), value=user.application_id or ""),
            parts.Fact(title=_("Picture"), value=user.avatar or ""),
        )
        return parts.Part(slug="basics", title=_("Basic information"), facts=facts)

    def _contact(self) -> parts.Part:
        user = self.person.user
        phone = appearance.phone(user.primary_phone) if user.primary_phone else ""
        email_changes = (Action.EMAIL_CHANGED, Action.EMAIL_REMOVED, Action.ACCOUNT_CREATED)
        phone_changes = (Action.PHONE_CHANGED, Action.PHONE_REMOVED, Action.ACCOUNT_CREATED)
        facts = (
            parts.Fact(
                title=_("Email address"),
                value=user.primary_email or "",
                note=parts.proved(user, "email", user.primary_email, email_changes),
                acts=self._of("email"),
            ),
            parts.Fact(
                title=_("Phone number"),
                value=phone,
                note=parts.proved(user, "phone", user.primary_phone, phone_changes),
                acts=self._of("phone"),
            ),
            parts.Fact(title=_("Username"), value=user.username or "", acts=self._of("username")),
        )
        note = _("Logto tells apps that each address is verified, and keeps no mark of its own.")
        return parts.Part(slug="contact", title=_("Contact information"), facts=facts, note=note)

    def _profile(self) -> parts.Part:
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
            parts.Fact(title=str(titles.get(name, name)), value=value)
            for name, value in held.items()
        )
        return parts.Part(
            slug="profile",
            title=_("Profile"),
            facts=facts,
            acts=self._of("profile"),
            empty=_("Nothing filled in."),
        )

    def _social(self) -> parts.Part:
        names = self.person.providers
        return self._table(
            "social",
            _("Social accounts"),
            self.person.user.identities,
            (_("Provider"), _("Account"), _("Email")),
            lambda one: parts.Line(
                cells=(names.get(one.target, one.target), one.label, one.email or parts.NOTHING),
                acts=self._of("unlink", item=one.target, about=names.get(one.target, one.target)),
            ),
            empty=_("No social accounts."),
        )

    def _enterprise(self) -> parts.Part:
        return self._table(
            "enterprise",
            _("Enterprise accounts"),
            self.person.user.enterprise_identities,
            (_("Account"), _("Email"), _("Issuer"), _("Since")),
            lambda one: parts.Line(
                cells=(
                    one.label,
                    one.email or parts.NOTHING,
                    one.issuer,
                    parts.when(one.created_at),
                )
            ),
            empty=_("No enterprise accounts."),
        )

    def _custom_data(self) -> parts.Part:
        data = self.person.user.custom_data
        return parts.Part(
            slug="custom-data",
            title=_("Custom data"),
            text=readings.custom_data_text(data) if data else "",
            acts=self._of("custom-data"),
            empty=_("No custom data."),
        )

    def _factors(self) -> parts.Part:
        return self._table(
            "factors",
            _("Second steps"),
            self.person.factors,
            (_("Kind"), _("Name"), _("Added"), _("Last used")),
            lambda one: parts.Line(
                cells=(
                    readings.kind_of(one.factor),
                    parts.factor_name(one),
                    parts.when(one.created_at),
                    parts.at(one.last_used_at, parts.NOTHING),
                ),
                acts=self._of("remove-factor", item=one.id, about=readings.kind_of(one.factor)),
            ),
            empty=_("No second steps."),
        )

    def _sessions(self) -> parts.Part:
        return self._table(
            "sessions",
            _("Sessions"),
            self.person.sessions,
            (_("Device"), _("Signed in"), _("Ends"), _("IP address")),
            lambda one: parts.Line(
                cells=(
                    user_agents.describe(one.user_agent) if one.user_agent else parts.NOTHING,
                    parts.when(one.signed_in_at),
                    parts.when(one.expires_at),
                    one.ip or parts.NOTHING,
                ),
                acts=self._of(
                    "end-session",
                    item=one.id,
                    about=readings.device_of(one),
                ),
            ),
            acts=self._of("sign-out"),
            empty=_("Signed in nowhere."),
        )

    def _apps(self) -> parts.Part:
        given = self.person.grants
        if not isinstance(given, errors.LogtoError):
            given = tuple(parts.newest_of_each(given))
        return self._table(
            "apps",
            _("Apps with access"),
            given,
            (_("App"), _("Allowed"), _("Since"), _("Ends")),
            lambda one: parts.Line(
                cells=(
                    one.application_name,
                    " ".join(one.scopes) or parts.NOTHING,
                    parts.when(one.granted_at),
                    parts.when(one.expires_at),
                ),
                acts=self._of("revoke-app", item=one.application_id, about=one.application_name),
            ),
            empty=_("No apps."),
        )

    def _recent(self) -> parts.Part:
        return self._table(
            "events",
            _("Recent changes"),
            tuple(self.events),
            (_("When"), _("What"), _("By"), _("Outcome"), _("Explanation")),
            lambda one: parts.Line(
                cells=(
                    parts.when(one.started_at),
                    str(Action(one.action).label) if one.action in Action else one.action,
                    f"{one.get_actor_kind_display()} {one.actor_id}".strip(),
                    one.get_outcome_display(),
                    one.explanation or parts.NOTHING,
                )
            ),
            empty=_("No changes."),
        )

    def _log(self) -> parts.Part:
        page = self.person.log
        return self._table(
            "log",
            _("Recent activity at Logto"),
            page if isinstance(page, errors.LogtoError) else page.items,
            (_("When"), _("What"), _("Outcome"), _("Device"), _("IP address")),
            lambda one: parts.Line(
                cells=(
                    parts.when(one.created_at),
                    one.key,
                    _("done") if one.is_success else one.error_code or _("failed"),
                    user_agents.describe(one.user_agent) if one.user_agent else parts.NOTHING,
                    one.ip or parts.NOTHING,
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
        line: Callable[[Any], parts.Line],
        *,
        acts: tuple[parts.Act, ...] = (),
        empty: str,
    ) -> parts.Part:
        if isinstance(items, errors.LogtoError):
            return parts.Part(slug=slug, title=title, is_failed=True)
        shown = items if self.every == slug else items[: parts.SHOWN]
        return parts.Part(
            slug=slug,
            title=title,
            columns=columns,
            lines=tuple(map(line, shown)),
            acts=acts,
            empty=empty,
            more=len(items) - len(shown),
        )

    def _of(self, *slugs: str, item: str = "", about: str = "") -> tuple[parts.Act, ...]:
        return self._acts(*(deeds.BY_SLUG[slug] for slug in slugs), item=item, about=about)

    def _acts(self, *wanted: Deed, item: str = "", about: str = "") -> tuple[parts.Act, ...]:
        return tuple(
            parts.Act(
                title=str(deed.title),
                url=parts.url_of(deed, self.person.user.id, item=item),
                about=about,
                is_dangerous=deed.is_dangerous,
            )
            for deed in wanted
            if self.may(deed.level)
        )
