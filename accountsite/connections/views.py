"""The page of connections, and those on which they go."""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accountsite import pages
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.connections import forms, overview, removals
from accountsite.logto import errors
from accountsite.pages import AccountRequest
from accountsite.signin import services as signin


@require_safe
def connections(request: AccountRequest) -> HttpResponse:
    """Who you are elsewhere, and what else you could sign in with."""
    known = overview.read(request.account.id)
    signin.refresh(request, known.user)
    return pages.page(request, "connections/connections.html", {"known": known})


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: AccountRequest, key: str) -> HttpResponse:
    """Go without a connection, in sight of the ways to sign in that remain."""
    form = forms.Shown(pages.submitted(request))
    if form.is_valid():
        with pages.told_in(form):
            try:
                name = removals.disconnect(request.account.id, key, shown=form.shown_before)
            except removals.ChangedElsewhere as refusal:
                form.show_again(refusal.now)
                raise
            messages.success(request, _("%(provider)s disconnected.") % {"provider": name})
            return pages.leave_for(request, overview_url())
    try:
        found = removals.removal(request.account.id, key)
    except errors.Unavailable:
        if not form.is_bound:
            raise
        found = None  # what is told of the outage stands without what surrounds it
    if found is None and not form.is_bound:
        raise Http404
    if found is not None and not form.is_bound:
        form = forms.Shown(now=found.identity.subject)
    context = {"form": form, "found": found, "key": key, "row": f"row-{key}"}
    return pages.page(request, "connections/removal.html", context)


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def access(request: AccountRequest, secret_id: str) -> HttpResponse:
    """Have the access to your account elsewhere forgotten that is kept here; a GET asks first."""
    form = Form(pages.submitted(request))
    found = None
    if form.is_valid():
        with pages.told_in(form):
            removals.forget_access(request.account.id, secret_id)
            messages.success(request, _("Kept access removed."))
            return pages.leave_for(request, overview_url())
    else:
        found = removals.kept_access(request.account.id, secret_id)
        if found is None:
            raise Http404
    context = {"form": form, "found": found, "here": request.path}
    return pages.page(request, "connections/access.html", context)


def overview_url(row: str = "") -> str:
    """The page of them all. A browser that is there already would only go to the row."""
    return reverse("connections:connections") + (f"#{row}" if row else "")
