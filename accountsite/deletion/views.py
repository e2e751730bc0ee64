"""The page for the end of an account, and the page for keeping it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accountsite import pages
from accountsite.confirmation import proofs
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.deletion import endings, forms, services
from accountsite.elsewhere.services import SignedOut
from accountsite.logto import errors
from accountsite.pages import AccountRequest
from accountsite.refusals import Refusal, told
from accountsite.signin import services as signin
from accountsite.signin.models import EndReason

PURPOSE = "deletion"


@require_http_methods(["GET", "HEAD", "POST"])
def deletion(request: AccountRequest) -> HttpResponse:
    """Delete your account, in sight of what goes and what stays; then, until when you can keep it."""
    if awaited := services.of(request.account.id):
        return pages.page(request, "deletion/scheduled.html", {"deletion": awaited})
    form = forms.Phrase(pages.submitted(request))
    if form.is_valid():
        return _confirmed(request, form)
    return _page(request, form)


@recently_confirmed(purpose=PURPOSE)
def _confirmed(request: AccountRequest, form: forms.Phrase) -> HttpResponse:
    """The proof is for this one act, and used up by it."""
    account = request.account
    with pages.told_in(form):
        try:
            scheduled = services.schedule(account.id, sid=account.sid)
        except services.AlreadyScheduled:
            return pages.leave_for(request, _here())
        proofs.forget(request.session, purpose=PURPOSE)
        if not settings.DELETION_GRACE_DAYS:
            return _farewell(request, scheduled.deletion.pk)
        signin.end_others(request)
        _warn(request, scheduled.signed_out)
        return pages.leave_for(request, _here())
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: AccountRequest) -> HttpResponse:
    """Keep your account after all; a GET, which is what the mail links to, asks first."""
    if request.method == "POST":
        try:
            services.keep(request.account.id, email=request.account.email)
        except Refusal as refusal:
            messages.error(request, told(refusal))
            return pages.leave_for(request, _here())
        messages.success(request, _("Your account is kept."))
        return pages.leave_for(request, reverse("overview:overview"))
    context = {"deletion": services.of(request.account.id)}
    return pages.page(request, "deletion/keep.html", context)


def _page(request: AccountRequest, form: forms.Phrase) -> HttpResponse:
    try:
        outlook = services.outlook(request.account.id)
    except errors.Unavailable:
        if not form.is_bound:
            raise
        outlook = None  # what was written is worth more than what stands around it
    context = {
        "form": form,
        "outlook": outlook,
        "phrase": forms.phrase(),
        "days": settings.DELETION_GRACE_DAYS,
    }
    return pages.page(request, "deletion/deletion.html", context)


def _farewell(request: AccountRequest, deletion_id: int) -> HttpResponse:
    """No days to wait: nobody is signed in any more, and the account goes."""
    signin.end_all(account_id=request.account.id, reason=EndReason.GONE)
    signin.end_this(request, EndReason.GONE)
    endings.carry_out.enqueue(deletion_id)
    return pages.leave_for(request, reverse("signin:signed_out", query={"reason": "deleted"}))


def _warn(request: AccountRequest, done: SignedOut) -> None:
    """Say so if somebody may still be signed in elsewhere."""
    if not done.is_complete:
        messages.warning(
            request,
            _("Not every other device could be signed out. Try that again under “Devices”."),
        )


def _here() -> str:
    return reverse("deletion:deletion")
