"""Everything that can be done to an account: its address, who may, its form, and the doing.

A new action is an entry here. Its page, its permission and its place in the test that walks all
addresses come with it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accountsite import user_agents
from accountsite.directory import accounts, belongings, endings, forms, invitations
from accountsite.directory.cases import Case, Changed, Unable
from accountsite.directory.models import User
from accountsite.logto import errors, grants, mfa, organizations, roles, sessions, users
from accountsite.logto.organizations import Organization
from accountsite.logto.sessions import Session
from accountsite.signin.staff import Level

ORGANIZATIONS = 100  # in one list
FACTORS = {
    "Totp": gettext_lazy("Authenticator app"),
    "WebAuthn": gettext_lazy("Passkey"),
    "BackupCode": gettext_lazy("Backup codes"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What was read for the page of an action. `found` is what its own search was for."""

    user: users.User
    held: tuple[roles.Role, ...]
    options: Any
    item: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said after it was done. A secret is shown once, on a page of its own."""

    text: str
    secret: str = ""
    is_gone: bool = False
    is_warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One action. `explains` says on its page what it does, and `button` what is pressed there.

    `options` reads what its form needs beyond the person, from Logto, beside them. `starts` is what
    stands in the form, and what an edit by somebody else is told by.
    """

    slug: str
    title: Any
    button: Any
    level: Level
    do: Callable[[Case, "Asked"], Told]
    explains: Any = ""
    form: type[forms.Reasoned] = forms.Reasoned
    options: Callable[[str, str], Any] = field(default=lambda _account_id, _found: None)
    starts: Callable[[Scene], Mapping[str, Any]] = field(default=lambda _scene: {})
    arguments: Callable[[Scene], Mapping[str, Any]] = field(default=lambda _scene: {})
    is_dangerous: bool = False
    names: Callable[[Scene], str] | None = None
    """What the person's thing is called that it is about, where it is about one of several."""
    is_shown: Callable[[users.User], bool] = field(default=lambda _user: True)
    is_listed: bool = True
    """Whether it stands among the actions of the page, or only beside what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was sent: the form's values, and what was read for it."""

    values: Mapping[str, Any]
    options: Any


def fingerprint(deed: Deed, scene: Scene) -> str:
    """What tells whether the form was opened over the values of now."""
    return belongings.fingerprint(deed.starts(scene))


def check_unchanged(deed: Deed, scene: Scene, seen: str) -> None:
    """Raise Changed if somebody else was faster."""
    if fingerprint(deed, scene) != seen:
        raise Changed


def _plain(text: Any, act: Callable[[Case], object]) -> Callable[[Case, Asked], Told]:
    """An action that needs nothing but the case."""

    def do(case: Case, _asked: Asked) -> Told:
        act(case)
        return Told(text=str(text))

    return do


def _reset(case: Case, asked: Asked) -> Told:
    secret, is_expired = endings.reset_password(case)
    text = about_password(is_expired=is_expired)
    if asked.values["signs_out"]:
        try:
            endings.sign_out(case)
        except errors.LogtoError:  # the password is changed by now, and nobody else knows it
            text = f"{text} {_('They may still be signed in somewhere: sign them out again.')}"
    return Told(text=text, secret=secret)


def about_password(*, is_expired: bool) -> str:
    """What comes after a temporary password."""
    if is_expired:
        return _("Logto asks for a new one at their next sign-in.")
    return _(
        "This tenant does not let passwords expire, so it stays: ask them to change it in their "
        "account."
    )


def _sign_out(case: Case, _asked: Asked) -> Told:
    ended = endings.sign_out(case)
    text = ngettext("%(count)d session ended.", "%(count)d sessions ended.", ended)
    return Told(text=text % {"count": ended})


def _edit(case: Case, asked: Asked) -> Told:
    given = asked.values
    accounts.edit(case, name=given["name"] or None, avatar=given["avatar"] or None)
    return Told(text=_("Saved."))


def _edit_profile(case: Case, asked: Asked) -> Told:
    claims = {claim: asked.values[claim] for claim in forms.Profile.CLAIMS}
    accounts.edit_profile(case, claims)
    return Told(text=_("Saved."))


def _set(name: str, change: Callable[[Case, str | None], None]) -> Callable[[Case, Asked], Told]:
    def do(case: Case, asked: Asked) -> Told:
        change(case, asked.values[name] or None)
        return Told(text=_("Saved."))

    return do


def _invite(case: Case, _asked: Asked) -> Told:
    invitations.invite(case)
    return Told(text=_("The invitation was sent."))


def _set_roles(case: Case, asked: Asked) -> Told:
    wanted = [role for role in asked.options if role.id in asked.values["roles"]]
    belongings.set_roles(case, wanted)
    return Told(text=_("Saved."))


def _join(case: Case, asked: Asked) -> Told:
    page, _every = asked.options
    organization = next(each for each in page.items if each.id == asked.values["organization"])
    belongings.join(case, organization, asked.values["roles"])
    return Told(text=_("They are a member now."))


def _set_organization_roles(case: Case, asked: Asked) -> Told:
    mine, every = asked.options
    wanted = [role for role in every if role.id in asked.values["roles"]]
    belongings.set_organization_roles(case, _mine(case, mine), wanted)
    return Told(text=_("Saved."))


def _leave(case: Case, asked: Asked) -> Told:
    belongings.leave(case, _mine(case, asked.options[0]))
    return Told(text=_("They are no member any more."))


def _mine(case: Case, mine: tuple[Organization, ...]) -> Organization:
    for organization in mine:
        if organization.id == case.item:
            return organization
    raise Unable(_("They are no member of this organization any more."))


def _set_custom_data(case: Case, asked: Asked) -> Told:
    seen = belongings.fingerprint(case.person.custom_data)
    belongings.set_custom_data(case, asked.values["document"], seen=seen)
    return Told(text=_("Saved."))


def _delete(case: Case, _asked: Asked) -> Told:
    accounts.delete(case)
    return Told(text=_("The account is deleted."), is_gone=True)


def _role_choices(every: tuple[Any, ...]) -> list[tuple[str, str]]:
    return [(role.id, role.name) for role in every]


def _every_role(_account_id: str, _found: str) -> tuple[roles.Role, ...]:
    return roles.every()


def _to_join(_account_id: str, found: str) -> Any:
    return organizations.search(found, page_size=ORGANIZATIONS), organizations.roles()


def _joined(account_id: str, _found: str) -> Any:
    return organizations.of_user(account_id), organizations.roles()


def confirmation_of(user: users.User) -> str:
    """What is typed to delete somebody: an identifier, which tells people of one name apart."""
    return user.primary_email or user.username or user.id


def kind_of(factor: str) -> str:
    """What a second step is called."""
    return str(FACTORS.get(factor, factor))


def device_of(session: Session) -> str:
    """What a session is known by."""
    return user_agents.describe(session.user_agent or "")


def _session(scene: Scene) -> str:
    found = next((one for one in scene.options if one.id == scene.item), None)
    return device_of(found) if found else scene.item


def _factor(scene: Scene) -> str:
    found = next((one for one in scene.options if one.id == scene.item), None)
    return " ".join(filter(None, [kind_of(found.factor), found.name])) if found else scene.item


def _app(scene: Scene) -> str:
    names = {grant.application_id: grant.application_name for grant in scene.options}
    return str(names.get(scene.item, scene.item))


def _identity(scene: Scene) -> str:
    labels = {one.target: one.label for one in scene.user.identities}
    return ", ".join(filter(None, [scene.item, labels.get(scene.item)]))


def _organization(scene: Scene) -> str:
    names = {one.id: one.name for one in scene.options[0]}
    return str(names.get(scene.item, scene.item))


def _of_person(read: Callable[[str], Any]) -> Callable[[str, str], Any]:
    return lambda account_id, _found: read(account_id)


def custom_data_text(data: Mapping[str, Any]) -> str:
    """Custom data as people read and write it."""
    return json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True)


def _roles_there(scene: Scene) -> dict[str, list[str]]:
    mine = next((each for each in scene.options[0] if each.id == scene.item), None)
    return {"roles": sorted(role.id for role in mine.roles) if mine else []}


def _profile(scene: Scene) -> dict[str, str]:
    held = scene.user.profile.to_json()
    return {claim: held.get(claim, "") for claim in forms.Profile.CLAIMS}


HELP, MANAGE = Level.HELP, Level.MANAGE

DEEDS = (
    Deed(
        slug="reset-password",
        title=gettext_lazy("Reset the password"),
        button=gettext_lazy("Reset the password"),
        explains=gettext_lazy(
            "Their password is replaced by a temporary one, which you see once. Hand it over in a "
            "way that nobody else reads."
        ),
        level=HELP,
        form=forms.Reset,
        do=_reset,
    ),
    Deed(
        slug="sign-out",
        title=gettext_lazy("Sign out everywhere"),
        button=gettext_lazy("Sign them out"),
        explains=gettext_lazy(
            "Every session ends, here and at the tenant, and the tenant’s own apps lose their access."
        ),
        level=HELP,
        do=_sign_out,
    ),
    Deed(
        slug="unlock",
        title=gettext_lazy("Unlock sign-in"),
        button=gettext_lazy("Unlock"),
        explains=gettext_lazy(
            "Logto locks a sign-in for a while after too many failures. This lets them try again at "
            "once."
        ),
        level=HELP,
        do=_plain(gettext_lazy("They can try to sign in again."), accounts.unlock),
    ),
    Deed(
        slug="end-session",
        title=gettext_lazy("Sign out one device"),
        button=gettext_lazy("Sign it out"),
        level=HELP,
        do=_plain(gettext_lazy("The session ended."), endings.end_session),
        names=_session,
        options=_of_person(sessions.of_user),
        is_listed=False,
    ),
    Deed(
        slug="invite",
        title=gettext_lazy("Send an invitation"),
        button=gettext_lazy("Send it"),
        explains=gettext_lazy(
            "A mail with a link that signs them in once. Links that were sent before stop working."
        ),
        level=MANAGE,
        do=_invite,
        is_shown=lambda user: bool(user.primary_email) and not user.is_suspended,
    ),
    Deed(
        slug="edit",
        title=gettext_lazy("Edit name and picture"),
        button=gettext_lazy("Save"),
        level=MANAGE,
        form=forms.Edit,
        do=_edit,
        starts=lambda scene: {"name": scene.user.name or "", "avatar": scene.user.avatar or ""},
        is_listed=False,
    ),
    Deed(
        slug="profile",
        title=gettext_lazy("Edit the profile"),
        button=gettext_lazy("Save"),
        level=MANAGE,
        form=forms.Profile,
        do=_edit_profile,
        starts=_profile,
        is_listed=False,
    ),
    Deed(
        slug="email",
        title=gettext_lazy("Change the email address"),
        button=gettext_lazy("Save"),
        explains=gettext_lazy("Apps are told that it is verified, so be sure that it is theirs."),
        level=MANAGE,
        form=forms.Email,
        do=_set("email", accounts.set_email),
        starts=lambda scene: {"email": scene.user.primary_email or ""},
        is_listed=False,
    ),
    Deed(
        slug="phone",
        title=gettext_lazy("Change the phone number"),
        button=gettext_lazy("Save"),
        explains=gettext_lazy("Apps are told that it is verified, so be sure that it is theirs."),
        level=MANAGE,
        form=forms.Phone,
        do=_set("phone", accounts.set_phone),
        starts=lambda scene: {
            "phone": f"+{scene.user.primary_phone}" if scene.user.primary_phone else ""
        },
        is_listed=False,
    ),
    Deed(
        slug="username",
        title=gettext_lazy("Change the username"),
        button=gettext_lazy("Save"),
        level=MANAGE,
        form=forms.Username,
        do=_set("username", accounts.set_username),
        starts=lambda scene: {"username": scene.user.username or ""},
        is_listed=False,
    ),
    Deed(
        slug="roles",
        title=gettext_lazy("Change the roles"),
        button=gettext_lazy("Save"),
        level=MANAGE,
        form=forms.Roles,
        do=_set_roles,
        options=_every_role,
        arguments=lambda scene: {"choices": _role_choices(scene.options)},
        starts=lambda scene: {"roles": sorted(role.id for role in scene.held)},
        is_listed=False,
    ),
    Deed(
        slug="join",
        title=gettext_lazy("Add to an organization"),
        button=gettext_lazy("Add"),
        level=MANAGE,
        form=forms.Join,
        do=_join,
        options=_to_join,
        arguments=lambda scene: {
            "organizations": [(each.id, each.name) for each in scene.options[0].items],
            "choices": _role_choices(scene.options[1]),
        },
        is_listed=False,
    ),
    Deed(
        slug="organization-roles",
        title=gettext_lazy("Change the roles in an organization"),
        button=gettext_lazy("Save"),
        level=MANAGE,
        form=forms.OrganizationRoles,
        do=_set_organization_roles,
        options=_joined,
        arguments=lambda scene: {"choices": _role_choices(scene.options[1])},
        starts=_roles_there,
        names=_organization,
        is_listed=False,
    ),
    Deed(
        slug="leave",
        title=gettext_lazy("Take out of an organization"),
        button=gettext_lazy("Take them out"),
        level=MANAGE,
        do=_leave,
        options=_joined,
        names=_organization,
        is_dangerous=True,
        is_listed=False,
    ),
    Deed(
        slug="custom-data",
        title=gettext_lazy("Edit the custom data"),
        button=gettext_lazy("Save"),
        level=MANAGE,
        form=forms.CustomData,
        do=_set_custom_data,
        starts=lambda scene: {"document": custom_data_text(scene.user.custom_data)},
        is_listed=False,
    ),
    Deed(
        slug="unlink",
        title=gettext_lazy("Disconnect an account"),
        button=gettext_lazy("Disconnect"),
        level=MANAGE,
        do=_plain(gettext_lazy("The account is disconnected."), endings.unlink),
        names=_identity,
        is_dangerous=True,
        is_listed=False,
    ),
    Deed(
        slug="remove-factor",
        title=gettext_lazy("Remove a second step"),
        button=gettext_lazy("Remove"),
        explains=gettext_lazy(
            "Backup codes that would be left alone go with it. Where the tenant wants a second step, "
            "they set up another one at their next sign-in."
        ),
        level=MANAGE,
        do=_plain(gettext_lazy("It is removed."), endings.remove_factor),
        names=_factor,
        options=_of_person(mfa.of_user),
        is_dangerous=True,
        is_listed=False,
    ),
    Deed(
        slug="revoke-token",
        title=gettext_lazy("Revoke a personal access token"),
        button=gettext_lazy("Revoke"),
        level=MANAGE,
        do=_plain(gettext_lazy("The token is revoked."), endings.revoke_token),
        names=lambda scene: scene.item,
        is_dangerous=True,
        is_listed=False,
    ),
    Deed(
        slug="revoke-app",
        title=gettext_lazy("Revoke an app’s access"),
        button=gettext_lazy("Revoke"),
        level=MANAGE,
        do=_plain(gettext_lazy("The app has no access any more."), endings.revoke_app),
        names=_app,
        options=_of_person(grants.of_user),
        is_dangerous=True,
        is_listed=False,
    ),
    Deed(
        slug="suspend",
        title=gettext_lazy("Suspend"),
        button=gettext_lazy("Suspend the account"),
        explains=gettext_lazy(
            "They are signed out everywhere and can’t sign in until you lift it. Nothing of theirs "
            "is deleted."
        ),
        level=MANAGE,
        do=_plain(gettext_lazy("The account is suspended."), accounts.suspend),
        is_dangerous=True,
        is_shown=lambda user: not user.is_suspended,
    ),
    Deed(
        slug="lift",
        title=gettext_lazy("Lift the suspension"),
        button=gettext_lazy("Lift it"),
        explains=gettext_lazy("They can sign in again. No session comes back."),
        level=MANAGE,
        do=_plain(gettext_lazy("They can sign in again."), accounts.lift),
        is_shown=lambda user: user.is_suspended,
    ),
    Deed(
        slug="delete",
        title=gettext_lazy("Delete"),
        button=gettext_lazy("Delete the account"),
        explains=gettext_lazy(
            "Everything about the account is deleted from the tenant, and can’t be brought back."
        ),
        level=MANAGE,
        form=forms.Delete,
        do=_delete,
        arguments=lambda scene: {"wanted": confirmation_of(scene.user)},
        is_dangerous=True,
    ),
)
BY_SLUG = {deed.slug: deed for deed in DEEDS}


def label_of(user: users.User) -> str:
    """What the person is called on these pages."""
    return str(User.of(user))
