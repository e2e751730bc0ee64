"""The pages of the activity."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accountsite import pages
from accountsite.activity import forms, services
from accountsite.activity.timeline import Entry
from accountsite.audit.models import ActorKind, AuditEvent
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.elsewhere import services as elsewhere
from accountsite.elsewhere.services import SignedOut
from accountsite.pages import AccountRequest
from accountsite.signin import services as signin

LONGEST_KEY = 18  # digits; what a database can hold


@require_safe
def activity(request: AccountRequest) -> HttpResponse:
    """What happened to your account, newest first."""
    before = request.GET.get("before", "")
    key = int(before) if before.isdecimal() and len(before) <= LONGEST_KEY else None
    context = {
        "timeline": services.timeline(request.account.id, before=key),
        "is_first": key is None,
    }
    return pages.page(request, "activity/activity.html", context)


@require_safe
def event(request: AccountRequest, key: int) -> HttpResponse:
    """One thing that happened, and where to go if it wasn't you."""
    found = _event(request, key)
    context = {
        "entry": Entry.of(found),
        "changes": [(f"change-{n}", field) for n, field in enumerate(found.changed_fields(), 1)],
        "is_by_admin": found.actor_kind == ActorKind.ADMIN,
        "reference": found.request_id,
    }
    return pages.page(request, "activity/event.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: AccountRequest, key: int) -> HttpResponse:
    """What to do about something that you did not do, and the first part of it done."""
    found = _event(request, key)
    if request.method == "POST":
        return _sign_out_elsewhere(request, found)
    return _checklist(request, found, forms.NotMe())


@recently_confirmed()
def _sign_out_elsewhere(request: AccountRequest, found: AuditEvent) -> HttpResponse:
    """Whoever it was is out; next comes a password that they don't know."""
    form = forms.NotMe(request.POST)
    with pages.told_in(form):
        done = elsewhere.sign_out_and_tell(request.account.id, sid=request.account.sid)
        signin.end_others(request)
        if done.is_complete:
            return _next_step(request, done)
        # With a 5xx the browser would not get the new key of this session, and be signed out.
        form.add_error(None, _left(done))
    return _checklist(request, found, form)


def _next_step(request: AccountRequest, done: SignedOut) -> HttpResponse:
    """On to the password, or to what else there is to sign in with."""
    messages.success(request, _("You are signed out everywhere else."))
    if not done.is_this_known:
        messages.info(request, _("You may be asked to sign in here again, too."))
    to_password = services.is_password_changeable()
    return pages.leave_for(
        request, reverse("security:password" if to_password else "identifiers:identifiers")
    )


def _checklist(request: AccountRequest, found: AuditEvent, form: forms.NotMe) -> HttpResponse:
    context = {
        "entry": Entry.of(found),
        "form": form,
        "ways_out": services.ways_out(request.account.id, sid=request.account.sid),
    }
    return pages.page(request, "activity/not_me.html", context)


def _left(done: SignedOut) -> str:
    left = done.total - done.ended
    told = ngettext(
        "%(left)d other sign-in could not be ended. Try again in a moment.",
        "%(left)d other sign-ins could not be ended. Try again in a moment.",
        left,
    )
    return told % {"left": left}


def _event(request: AccountRequest, key: int) -> AuditEvent:
    """What the address names, if it is this person's."""
    found = services.event(request.account.id, key)
    if found is None:
        raise Http404
    return found
