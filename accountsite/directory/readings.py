"""What the page of an action reads beside the person, what it starts with, and how it names things."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from accountsite import user_agents
from accountsite.directory import forms
from accountsite.directory.models import User
from accountsite.directory.scenes import Scene
from accountsite.logto import organizations, parallel, roles, users
from accountsite.logto.client import Page
from accountsite.logto.organizations import Organization
from accountsite.logto.sessions import Session

ORGANIZATIONS = 100  # in one list
FACTORS = {
    "Totp": gettext_lazy("Authenticator app"),
    "WebAuthn": gettext_lazy("Passkey"),
    "BackupCode": gettext_lazy("Backup codes"),
}


def label_of(user: users.User) -> str:
    """What the person is called on these pages."""
    return str(User.of(user))


def role_choices(every: tuple[Any, ...]) -> list[tuple[str, str]]:
    """Roles as a form offers them."""
    return [(role.id, role.name) for role in every]


def every_role(_account_id: str, _found: str) -> tuple[roles.Role, ...]:
    """All roles that people can hold."""
    return roles.every()


def to_join(_account_id: str, found: str) -> tuple[Page[Organization], tuple[Any, ...]]:
    """The organizations that a search finds, and the roles there."""
    return parallel.gather(
        lambda: organizations.search(found, page_size=ORGANIZATIONS), organizations.roles
    )


def joined(account_id: str, _found: str) -> tuple[tuple[Organization, ...], tuple[Any, ...]]:
    """The organizations of the person, and the roles there."""
    return parallel.gather(lambda: organizations.of_user(account_id), organizations.roles)


def confirmation_of(user: users.User) -> str:
    """What is typed to delete somebody: an identifier, which tells people of one name apart."""
    return user.primary_email or user.username or user.id


def kind_of(factor: str) -> str:
    """What a second step is called."""
    return str(FACTORS.get(factor, factor))


def device_of(session: Session) -> str:
    """What a session is known by."""
    return user_agents.describe(session.user_agent or "")


def session_shown(scene: Scene) -> str:
    """The device of a session."""
    found = next((one for one in scene.options if one.id == scene.item), None)
    return device_of(found) if found else scene.item


def factor_shown(scene: Scene) -> str:
    """A second step by kind and name."""
    found = next((one for one in scene.options if one.id == scene.item), None)
    return " ".join(filter(None, [kind_of(found.factor), found.name])) if found else scene.item


def app_shown(scene: Scene) -> str:
    """An app by its name."""
    names = {grant.application_id: grant.application_name for grant in scene.options}
    return str(names.get(scene.item, scene.item))


def identity_shown(scene: Scene) -> str:
    """A social account by its provider and name."""
    labels = {one.target: one.label for one in scene.user.identities}
    return ", ".join(filter(None, [scene.item, labels.get(scene.item)]))


def organization_shown(scene: Scene) -> str:
    """An organization by its name."""
    names = {one.id: one.name for one in scene.options[0]}
    return str(names.get(scene.item, scene.item))


def of_person(read: Callable[[str], Any]) -> Callable[[str, str], Any]:
    """What is read of the person alone, whatever is searched for."""
    return lambda account_id, _found: read(account_id)


def custom_data_text(data: Mapping[str, Any]) -> str:
    """Custom data as people read and write it."""
    return json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True)


def roles_there(scene: Scene) -> dict[str, list[str]]:
    """The roles that the person has in it."""
    mine = next((each for each in scene.options[0] if each.id == scene.item), None)
    return {"roles": sorted(role.id for role in mine.roles) if mine else []}


def profile_shown(scene: Scene) -> dict[str, str]:
    """The claims that the form has fields for."""
    held = scene.user.profile.to_json()
    return {claim: held.get(claim, "") for claim in forms.Profile.CLAIMS}
