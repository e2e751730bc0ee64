"""The doing: what each action makes of the form that was sent, and what is told of it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite.directory import accounts, belongings, endings, forms, invitations
from accountsite.directory.cases import Case, Unable
from accountsite.directory.scenes import Asked, Told
from accountsite.logto import errors
from accountsite.logto.organizations import Organization


def simply(text: Any, act: Callable[[Case], object]) -> Callable[[Case, Asked], Told]:
    """An action that needs nothing but the case."""

    def do(case: Case, _asked: Asked) -> Told:
        act(case)
        return Told(text=str(text))

    return do


def reset(case: Case, asked: Asked) -> Told:
    """A temporary password, to be shown once."""
    secret, is_expired = endings.reset_password(case)
    text = about_password(is_expired=is_expired)
    if asked.values["signs_out"]:
        try:
            endings.sign_out(case)
        except errors.LogtoError:  # the password is changed by now, and nobody else knows it
            warning = _("They may still be signed in somewhere: sign them out again.")
            text = f"{text} {warning}"
    return Told(text=text, secret=secret)


def about_password(*, is_expired: bool) -> str:
    """What comes after a temporary password."""
    if is_expired:
        return _("Logto asks for a new one at their next sign-in.")
    return _(
        "This tenant does not let passwords expire, so it stays: ask them to change it in their "
        "account."
    )


def sign_out(case: Case, _asked: Asked) -> Told:
    """Out of everything."""
    ended = endings.sign_out(case)
    text = ngettext("%(count)d session ended.", "%(count)d sessions ended.", ended)
    return Told(text=text % {"count": ended})


def edit(case: Case, asked: Asked) -> Told:
    """Name and picture."""
    given = asked.values
    accounts.edit(case, name=given["name"] or None, avatar=given["avatar"] or None)
    return Told(text=_("Saved."))


def edit_profile(case: Case, asked: Asked) -> Told:
    """The claims of the profile."""
    claims = {claim: asked.values[claim] for claim in forms.Profile.CLAIMS}
    accounts.edit_profile(case, claims)
    return Told(text=_("Saved."))


def setting(name: str, change: Callable[[Case, str | None], None]) -> Callable[[Case, Asked], Told]:
    """An action that sets or clears one identifier."""

    def do(case: Case, asked: Asked) -> Told:
        change(case, asked.values[name] or None)
        return Told(text=_("Saved."))

    return do


def invite(case: Case, _asked: Asked) -> Told:
    """A link by mail."""
    invitations.invite(case)
    return Told(text=_("The invitation was sent."))


def set_roles(case: Case, asked: Asked) -> Told:
    """Exactly the roles that are ticked."""
    wanted = [role for role in asked.options if role.id in asked.values["roles"]]
    belongings.set_roles(case, wanted)
    return Told(text=_("Saved."))


def join(case: Case, asked: Asked) -> Told:
    """A membership, with the roles that are ticked."""
    page, _every = asked.options
    organization = next(each for each in page.items if each.id == asked.values["organization"])
    belongings.join(case, organization, asked.values["roles"])
    return Told(text=_("They are a member now."))


def set_organization_roles(case: Case, asked: Asked) -> Told:
    """Exactly the organization roles that are ticked."""
    mine, every = asked.options
    wanted = [role for role in every if role.id in asked.values["roles"]]
    belongings.set_organization_roles(case, one_of(case, mine), wanted)
    return Told(text=_("Saved."))


def leave(case: Case, asked: Asked) -> Told:
    """The end of a membership."""
    belongings.leave(case, one_of(case, asked.options[0]))
    return Told(text=_("They are no member any more."))


def one_of(case: Case, mine: tuple[Organization, ...]) -> Organization:
    """The organization that it is about. Raises Unable if it is none of theirs."""
    for organization in mine:
        if organization.id == case.item:
            return organization
    raise Unable(_("They are no member of this organization any more."))


def set_custom_data(case: Case, asked: Asked) -> Told:
    """All custom data anew."""
    seen = belongings.fingerprint(case.person.custom_data)
    belongings.set_custom_data(case, asked.values["document"], seen=seen)
    return Told(text=_("Saved."))


def delete(case: Case, _asked: Asked) -> Told:
    """The end of the account."""
    accounts.delete(case)
    return Told(text=_("The account is deleted."), is_gone=True)
