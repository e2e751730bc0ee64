"""How much of a profile is filled in, of what the tenant lets people fill in."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accountsite import sections
from accountsite.logto import users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.profile_fields import Place, ProfileField, Type
from accountsite.logto.tenant import Tenant
from accountsite.overview.standings import Standing, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """Something that a person can fill in, and how to suggest it, if it is worth a suggestion."""

    is_filled: bool
    step: Step | None = None


def standing(user: users.User, known: Tenant) -> Standing:
    """How many details are filled in; the first that is missed makes the suggestion."""
    details = tuple(_details(user, known))
    done, total = sum(detail.is_filled for detail in details), len(details)
    some = _("%(done)d of %(total)d details are filled in.") % {"done": done, "total": total}
    steps = (detail.step for detail in details if not detail.is_filled and detail.step)
    return Standing(
        section=sections.named("profile"),
        text=some if done < total else _("Everything is filled in."),
        done=done,
        total=total,
        step=next(steps, None),
    )


def _details(user: users.User, known: Tenant) -> Iterator[Detail]:
    """What can be filled in: what is missed most comes first."""
    if known.access(Control.NAME) is Access.EDIT:
        yield Detail(is_filled=bool(user.name), step=_add_a_name())
    fields = sorted(_fields(known), key=lambda field: not field.is_required)
    for field in fields:
        step = _fill_in(field) if field.is_required else None
        yield Detail(is_filled=_is_filled(user, field), step=step)
    if known.access(Control.AVATAR) is Access.EDIT:
        yield Detail(is_filled=bool(user.avatar), step=_add_a_picture())


def _fields(known: Tenant) -> Iterator[ProfileField]:
    """The tenant's own fields that it shows, and lets people change."""
    center = known.account_center
    listed = center.profile_fields if center.is_enabled else None
    for field in known.profile_fields:
        is_shown = listed is None or field.name in listed
        is_profile = field.place is Place.PROFILE
        control = Control.PROFILE if is_profile else Control.CUSTOM_DATA
        if is_shown and known.access(control) is Access.EDIT:
            yield field


def _is_filled(user: users.User, field: ProfileField) -> bool:
    profile = user.profile.to_json()
    if field.type is Type.FULL_NAME:
        return any(profile.get(part.name) for part in field.parts)
    values = profile if field.place is Place.PROFILE else user.custom_data
    return values.get(field.name) not in (None, "", {})


def _add_a_name() -> Step:
    return Step(
        title=_("Add your name"),
        reason=_("Apps and the people in them see it instead of your username."),
        label=_("Add a name"),
        url=reverse("profile:field", args=["name"]),
    )


def _add_a_picture() -> Step:
    return Step(
        title=_("Add a picture"),
        reason=_("It makes you easier to recognize, and your accounts easier to tell apart."),
        label=_("Add a picture"),
        url=reverse("profile:avatar"),
    )


def _fill_in(field: ProfileField) -> Step:
    return Step(
        title=_("Complete your profile"),
        reason=_("This service asks for “%(field)s”, which is still empty.")
        % {"field": field.label},
        label=_("Open your profile"),
        url=reverse("profile:profile"),
    )
