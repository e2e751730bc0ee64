"""The pages of devices. Signing one out changes the list, where each of them ends."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accountsite import pages
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.devices import services
from accountsite.devices import trusted as trusted_devices
from accountsite.devices.services import Found, Here
from accountsite.elsewhere.services import SignedOut
from accountsite.logto.account_center import Access
from accountsite.pages import AccountRequest, Context
from accountsite.signin import services as signin
from accountsite.signin.models import EndReason

PAGE = 20


@require_safe
def devices(request: AccountRequest) -> HttpResponse:
    """Where you are signed in."""
    found = _found(request)
    context = {
        "found": found,
        "access": found.access.value,
        "page": Paginator(found.devices, PAGE).get_page(request.GET.get("page")),
    }
    return pages.page(request, "devices/devices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def device(request: AccountRequest, device_id: str) -> HttpResponse:
    """One device, and how to sign it out."""
    if request.method == "POST":
        return _sign_out(request, device_id)
    return _device(request, device_id, Form())


@require_http_methods(["GET", "HEAD", "POST"])
def others(request: AccountRequest) -> HttpResponse:
    """Sign out everywhere else; a GET asks first."""
    if request.method == "POST":
        return _sign_out_others(request)
    return _others(request, Form())


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def trusted(request: AccountRequest, device_id: str) -> HttpResponse:
    """Trust a device no more; a GET asks first."""
    form = Form(pages.submitted(request))
    context: Context = {"form": form, "device_id": device_id}
    if form.is_valid():
        with pages.told_in(form):
            trusted_devices.forget(request.account.id, device_id)
            return _done(request, _("That device is not trusted any more."))
    else:
        context["device"] = trusted_devices.find(request.account.id, device_id)
        if context["device"] is None:
            raise Http404
    return pages.page(request, "devices/trusted.html", context)


@recently_confirmed()
def _sign_out(request: AccountRequest, device_id: str) -> HttpResponse:
    form = Form(request.POST)
    with pages.told_in(form):
        try:
            ended = services.sign_out(request.account.id, device_id, _here(request))
        except services.SignedOutAlready as nothing:
            messages.info(request, str(nothing))
            return pages.leave_for(request, reverse("devices:devices"))
        if ended.is_this:
            return _leave(request, ended.sid)
        return _done(request, _("%(device)s is signed out.") % {"device": ended.name})
    return _device(request, device_id, form)


def _leave(request: AccountRequest, sid: str | None) -> HttpResponse:
    """This browser was signed out: here too, and what else belonged to its session."""
    account_id = request.account.id
    signin.end_this(request, EndReason.SIGNED_OUT)
    if sid:
        signin.end_all(account_id=account_id, logto_sid=sid, reason=EndReason.ENDED_ELSEWHERE)
    return pages.leave_for(request, reverse("signin:signed_out"))


@recently_confirmed()
def _sign_out_others(request: AccountRequest) -> HttpResponse:
    form = Form(request.POST)
    with pages.told_in(form):
        done = services.sign_out_others(request.account.id, _here(request))
        signin.end_others(request)
        if not done.is_this_known:
            messages.info(request, _("You may be asked to sign in here again, too."))
        if done.is_complete:
            return _done(request, _("You are signed out everywhere else."))
        # Told on the next page: with a 5xx, which this one can become, the browser would not get
        # the new key of this session, and be signed out.
        messages.warning(request, _left(done))
        return pages.leave_for(request, reverse("devices:devices"))
    return _others(request, form)


def _device(request: AccountRequest, device_id: str, form: Form) -> HttpResponse:
    found = _found(request)
    shown = found.find(device_id)
    if shown is None:
        raise Http404
    context = {"device": shown, "form": form, "access": found.access.value}
    return pages.page(request, "devices/device.html", context)


def _others(request: AccountRequest, form: Form) -> HttpResponse:
    found = _found(request)
    if found.access is not Access.EDIT:
        raise Http404
    context = {"others": len(found.others), "is_this_known": found.is_this_known, "form": form}
    return pages.page(request, "devices/others.html", context)


def _found(request: AccountRequest) -> Found:
    """Where they are signed in, if the tenant lets people see it; else no such page."""
    found = services.of_user(request.account.id, _here(request))
    if found.access is Access.OFF:
        raise Http404
    signin.refresh(request, found.user)
    return found


def _here(request: AccountRequest) -> Here:
    return Here(sid=request.account.sid, session_key=request.session.session_key or "")


def _done(request: AccountRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return pages.leave_for(request, reverse("devices:devices"))


def _left(done: SignedOut) -> str:
    left = done.total - done.ended
    told = ngettext(
        "%(left)d other sign-in could not be ended. Try again in a moment.",
        "%(left)d other sign-ins could not be ended. Try again in a moment.",
        left,
    )
    return told % {"left": left}
