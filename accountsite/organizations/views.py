"""The pages of organizations. Each change ends on the first of them, which it changes all over."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accountsite import pages
from accountsite.appearance.isolation import isolated
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.organizations import invitations, services
from accountsite.pages import AccountRequest
from accountsite.signin import services as signin

ON_A_PAGE = 20
INVITATIONS_SHOWN = 20  # the others come up once these are answered
ROLES_SHOWN = 10  # the others can be unfolded


@require_safe
def organizations(request: AccountRequest) -> HttpResponse:
    """What you belong to, what you may do there, and who invites you. `at` is to be on the page."""
    known = services.belonging(request.account.id, request.account.email)
    signin.refresh(request, known.person)
    waiting, roles = known.waiting or (), known.roles or ()
    shown = Paginator(known.memberships, ON_A_PAGE)
    context = {
        "known": known,
        "page": shown.get_page(request.GET.get("page") or _page_of(known, request.GET.get("at"))),
        "waiting": waiting[:INVITATIONS_SHOWN],
        "more_waiting": len(waiting[INVITATIONS_SHOWN:]),
        "roles": roles[:ROLES_SHOWN],
        "more_roles": roles[ROLES_SHOWN:],
    }
    return pages.page(request, "organizations/organizations.html", context)


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: AccountRequest, organization_id: str) -> HttpResponse:
    """Leave an organization; a GET tells what that means, or why it can't be."""
    form = Form(pages.submitted(request))
    context = {
        "form": form,
        "id": f"row-organization-{organization_id}",
        "organization_id": organization_id,
        "back": reverse("organizations:organizations", query={"at": organization_id}),
    }
    if form.is_valid():
        with pages.told_in(form):
            name = services.leave(request.account.id, organization_id=organization_id)
            return _done(request, _("You left %(name)s.") % {"name": isolated(name)})
    else:
        leaving = services.leaving(request.account.id, organization_id=organization_id)
        if leaving is None:
            raise Http404
        context["leaving"] = leaving
    return pages.page(request, "organizations/leave.html", context)


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: AccountRequest, invitation_id: str) -> HttpResponse:
    """Join an organization; a GET tells what comes with it."""
    return _answer(
        request,
        invitation_id,
        template="organizations/accept.html",
        answer=invitations.accept,
        told=_("You joined %(name)s."),
    )


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: AccountRequest, invitation_id: str) -> HttpResponse:
    """Decline an invitation; a GET asks first."""
    return _answer(
        request,
        invitation_id,
        template="organizations/decline.html",
        answer=invitations.decline,
        told=_("You declined the invitation of %(name)s."),
    )


def _answer(
    request: AccountRequest,
    invitation_id: str,
    *,
    template: str,
    answer: Callable[..., str],
    told: str,
) -> HttpResponse:
    account, form = request.account, Form(pages.submitted(request))
    context = {
        "form": form,
        "id": f"row-invitation-{invitation_id}",
        "invitation_id": invitation_id,
        "back": reverse("organizations:organizations"),
    }
    if form.is_valid():
        with pages.told_in(form):
            name = answer(account.id, account.email, invitation_id=invitation_id)
            return _done(request, told % {"name": isolated(name)})
    else:
        context["asked"] = invitations.invited(account.id, account.email).find(invitation_id)
        if context["asked"] is None:
            raise Http404
    return pages.page(request, template, context)


def _done(request: AccountRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return pages.leave_for(request, reverse("organizations:organizations"))


def _page_of(known: services.Belonging, organization_id: str | None) -> int:
    """The number of the page on which this one stands; the first one for any other."""
    ids = [each.organization.id for each in known.memberships]
    return ids.index(organization_id) // ON_A_PAGE + 1 if organization_id in ids else 1
