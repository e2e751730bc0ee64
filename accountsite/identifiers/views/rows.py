"""The page of rows, where all the others come back to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accountsite import pages
from accountsite.codes.services import Channel
from accountsite.identifiers import forms, lines, pending, services
from accountsite.identifiers.lines import USERNAME, Line
from accountsite.identifiers.pending import Change
from accountsite.logto import users
from accountsite.logto.account_center import Access
from accountsite.logto.sign_in_experience import Identifier
from accountsite.pages import AccountRequest
from accountsite.signin import services as signin


@require_safe
def identifiers(request: AccountRequest) -> HttpResponse:
    """What you sign in with."""
    person = lines.person(request.account.id)
    signin.refresh(request, person.user)
    rows = [_with_what_waits(request, line) for line in person.lines]
    return pages.page(request, "identifiers/identifiers.html", {"lines": rows})


def _with_what_waits(request: AccountRequest, line: Line) -> Line:
    """The line, with the address that waits for its code."""
    if line.identifier is USERNAME or not line.is_editable:
        return line
    change = live(request, Channel(line.identifier.value))
    return replace(line, waits_for=lines.shown(line.identifier, change.value)) if change else line


def live(request: AccountRequest, channel: Channel) -> Change | None:
    """The change of this person that waits for its code."""
    change = pending.of(request.session, channel, account_id=request.account.id)
    return change if change is not None and change.is_live else None


def saved(request: AccountRequest, user: users.User, identifier: Identifier) -> HttpResponse:
    """Back in the row, with what it holds now there and in the navigation."""
    signin.refresh(request, user)
    line = lines.person_of(user).line(identifier)
    told = _("%(what)s changed.") if line.value else _("%(what)s removed.")
    messages.success(request, told % {"what": line.label})
    context = {"line": line}
    return pages.saved(request, "identifiers/identifiers.html", context, to=url(identifier.value))


@contextmanager
def in_sight_of_a_change(form: forms.Shown) -> Iterator[None]:
    """After a change from elsewhere was told, the next attempt is made in sight of it."""
    try:
        yield
    except services.ChangedElsewhere as refusal:
        form.show_again(refusal.now)
        raise


def shown_to(line: Line) -> Line:
    """The line, if the tenant lets people see it."""
    if line.access is Access.OFF:
        raise Http404
    return line


def url(name: str) -> str:
    """The page of rows, at this one."""
    return f"{reverse('identifiers:identifiers')}#row-{name}"
