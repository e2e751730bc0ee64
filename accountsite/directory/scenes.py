"""What an action is made of: what was read for its page, what was sent, and what is told after it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsite.directory import belongings, forms
from accountsite.directory.cases import Case, Changed
from accountsite.logto import roles, users
from accountsite.signin.staff import Level


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
