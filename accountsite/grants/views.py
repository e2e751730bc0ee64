"""The pages of apps with access. Revoking it changes the list, where each of them ends."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accountsite import pages
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.grants import services
from accountsite.grants.services import Found
from accountsite.logto.account_center import Access
from accountsite.pages import AccountRequest
from accountsite.signin import services as signin

PAGE = 20


@require_safe
def grants(request: AccountRequest) -> HttpResponse:
    """The apps that you let in."""
    found = _found(request)
    context = {
        "has_third_parties": bool(found.third_parties),
        "access": found.access.value,
        "page": Paginator(found.holders, PAGE).get_page(request.GET.get("page")),
    }
    return pages.page(request, "grants/grants.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def app(request: AccountRequest, key: str) -> HttpResponse:
    """What one app may do, and how to end it."""
    if request.method == "POST":
        return _revoke(request, key)
    return _app(request, key, Form())


@require_http_methods(["GET", "HEAD", "POST"])
def third_parties(request: AccountRequest) -> HttpResponse:
    """End the access of all third-party apps; a GET asks first."""
    if request.method == "POST":
        return _revoke_third_parties(request)
    return _third_parties(request, Form())


@recently_confirmed()
def _revoke(request: AccountRequest, key: str) -> HttpResponse:
    form = Form(request.POST)
    with pages.told_in(form):
        try:
            revoked, done = services.revoke(request.account.id, key)
        except services.RevokedAlready as nothing:
            return _nothing(request, nothing)
        if done.is_complete:
            return _done(request, _("%(app)s has no access any more.") % {"app": revoked.name})
        _tell_what_is_left(form)
    return _app(request, key, form)


@recently_confirmed()
def _revoke_third_parties(request: AccountRequest) -> HttpResponse:
    form = Form(request.POST)
    with pages.told_in(form):
        try:
            done = services.revoke_third_parties(request.account.id)
        except services.RevokedAlready as nothing:
            return _nothing(request, nothing)
        if done.is_complete:
            return _done(request, _("No third-party app has access any more."))
        _tell_what_is_left(form)
    return _third_parties(request, form)


def _app(request: AccountRequest, key: str, form: Form) -> HttpResponse:
    found = _found(request)
    holder = found.find(key)
    if holder is None:
        raise Http404
    context = {"holder": holder, "app": holder.app, "access": found.access.value, "form": form}
    return pages.page(request, "grants/app.html", context)


def _third_parties(request: AccountRequest, form: Form) -> HttpResponse:
    found = _found(request)
    if not found.third_parties or found.access is not Access.EDIT:
        raise Http404
    context = {"holders": found.third_parties, "form": form}
    return pages.page(request, "grants/third_parties.html", context)


def _found(request: AccountRequest) -> Found:
    """Their apps, if the tenant lets people see them; else no such page."""
    found = services.of_user(request.account.id)
    if found.access is Access.OFF:
        raise Http404
    signin.refresh(request, found.user)
    return found


def _tell_what_is_left(form: Form) -> None:
    form.is_outage = True  # type: ignore[attr-defined]
    form.add_error(None, _("Not all of the access could be revoked. Try again in a moment."))


def _nothing(request: AccountRequest, nothing: services.RevokedAlready) -> HttpResponse:
    messages.info(request, str(nothing))
    return pages.leave_for(request, reverse("grants:grants"))


def _done(request: AccountRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return pages.leave_for(request, reverse("grants:grants"))
