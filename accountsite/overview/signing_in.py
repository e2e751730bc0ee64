"""In how many ways a person can sign in, and whether one that is lost would lock them out."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite import sections
from accountsite.logto import users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.sign_in_experience import Identifier
from accountsite.logto.tenant import Tenant
from accountsite.overview.standings import Standing, Step
from accountsite.ways import services as ways

ADDABLE = ((Control.EMAIL, Identifier.EMAIL), (Control.PHONE, Identifier.PHONE))


def standing(user: users.User, known: Tenant) -> Standing:
    """The number of ways; with a single one, what could be added to it."""
    count = len(ways.of(user, known.sign_in_experience))
    text = ngettext("%(count)d way to sign in.", "%(count)d ways to sign in.", count)
    return Standing(
        section=sections.named("identifiers"),
        text=text % {"count": count},
        step=_another(user, known) if count == 1 else None,
    )


def _another(user: users.User, known: Tenant) -> Step | None:
    """An address that is not there yet, if the tenant lets people add it and sign in with it."""
    missing = {
        Identifier.EMAIL: not user.primary_email,
        Identifier.PHONE: not user.primary_phone,
    }
    for control, identifier in ADDABLE:
        signs_in = known.sign_in_experience.signs_in_with(identifier)
        if missing[identifier] and signs_in and known.access(control) is Access.EDIT:
            return Step(
                title=_("Add another way to sign in"),
                reason=_("You have only one. If you lose it, you can’t get into your account."),
                label=_("Add your email address")
                if identifier is Identifier.EMAIL
                else _("Add your phone number"),
                url=reverse("identifiers:address", args=[identifier.value]),
            )
    return None
