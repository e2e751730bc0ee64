"""Going without an email address, a phone number or a username."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from accountsite import pages
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.identifiers import forms, lines, services
from accountsite.identifiers.views import rows
from accountsite.logto import errors
from accountsite.logto.sign_in_experience import Identifier
from accountsite.pages import AccountRequest


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: AccountRequest, name: str) -> HttpResponse:
    """Go without it, in sight of the ways to sign in that remain."""
    identifier = _identifier(name)
    if request.method == "POST":
        form = forms.Shown(request.POST, now=None)
        if form.is_valid():
            with pages.told_in(form), rows.in_sight_of_a_change(form):
                user = services.remove(
                    request.account.id, identifier, shown_before=form.shown_before
                )
                return rows.saved(request, user, identifier)
        removal = _removal_if_known(request, identifier)
    else:
        removal = services.removal(request.account.id, identifier)
        if not rows.shown_to(removal.line).value:
            return pages.leave_for(request, rows.url(name))
        form = forms.Shown(now=removal.line.value)
    context = {
        "name": name,
        "title": lines.REMOVALS[identifier],
        "form": form,
        "removal": removal,
    }
    return pages.page(request, "identifiers/removal.html", context)


def _removal_if_known(request: AccountRequest, identifier: Identifier) -> services.Removal | None:
    """What stands around a refusal that is told; an outage is no reason to tell nothing."""
    try:
        return services.removal(request.account.id, identifier)
    except errors.Unavailable:
        return None


def _identifier(name: str) -> Identifier:
    if name not in set(Identifier):
        raise Http404
    return Identifier(name)
