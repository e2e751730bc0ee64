"""The pages of the second steps.

What changes there changes the whole card of the overview, so a change ends on that page, anew.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accountsite import pages
from accountsite.confirmation import proofs
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.factors import protection
from accountsite.factors import services as factors
from accountsite.factors.protection import Protection
from accountsite.logto import errors
from accountsite.logto.account_center import Access
from accountsite.logto.sign_in_experience import Factor
from accountsite.pages import AccountRequest, Context
from accountsite.security import authenticators, forms, pending, switch, views
from accountsite.security import backup_codes as codes
from accountsite.security.authenticators import OwnAccess
from accountsite.security.pending import Pending
from accountsite.signin import tokens


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def two_step(request: AccountRequest) -> HttpResponse:
    """Choose whether you are asked for a second step."""
    form = forms.Switch(pages.submitted(request))
    if form.is_valid():
        is_on = form.cleaned_data["is_on"]
        with _told_in(form):
            switch.turn(request.account.id, on=is_on)
            return _done(
                request,
                _("Two-step verification is on.") if is_on else _("Two-step verification is off."),
            )
    if not form.is_bound:
        known = _changeable(request, lambda known: known.has_switch)
        form.initial["is_on"] = known.is_on
    return pages.page(request, "security/two_step.html", {"form": form})


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def authenticator(request: AccountRequest) -> HttpResponse:
    """Set an authenticator app up, or another one in the place of yours."""
    data, now = pages.submitted(request), ""
    if data is None:
        known = _changeable(request, lambda known: known.offers(Factor.TOTP))
        now = known.authenticator.id if known.authenticator else ""
    waiting = pending.begun(request.session)
    form = forms.Authenticator(
        data, is_proved=waiting.is_proved, now=now, initial={"secret": waiting.id}
    )
    if form.is_valid() and form.cleaned_data["secret"] != waiting.id:
        form.begin_anew(waiting.id)
    elif form.is_valid():
        waiting = _proved(request, form, waiting)
        if waiting.is_proved:
            with _told_in(form):
                return _bound(request, form, waiting)
    return _authenticator_page(request, form, waiting)


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def authenticator_removal(request: AccountRequest) -> HttpResponse:
    """Go without an authenticator app; a GET asks first."""
    return _removal(
        request,
        "security/authenticator_removal.html",
        kind=Factor.TOTP,
        told=_("Authenticator app removed."),
    )


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def backup_codes(request: AccountRequest) -> HttpResponse:
    """Make backup codes; a GET tells what that means. They are in this answer and nowhere else."""
    form, left = forms.Shown(pages.submitted(request)), None
    if form.is_valid():
        with _told_in(form):
            with _in_sight_of_changes(form):
                made = codes.generate(request.account.id, shown=form.shown_before)
            return _codes_page(request, made)
    if not form.is_bound:
        known = _changeable(
            request, lambda known: bool(known.made()) and known.offers(Factor.BACKUP_CODE)
        )
        if bound := known.backup_codes:
            form, left = forms.Shown(now=bound.id), bound.remaining_codes
    context = {"form": form, "is_first": not form["shown"].value(), "left": left}
    return pages.page(request, "security/backup_codes.html", context)


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def backup_codes_removal(request: AccountRequest) -> HttpResponse:
    """Go without backup codes; a GET asks first."""
    return _removal(
        request,
        "security/backup_codes_removal.html",
        kind=Factor.BACKUP_CODE,
        told=_("Backup codes removed."),
    )


@contextmanager
def _told_in(form: Form, *, field: str | None = None) -> Iterator[None]:
    """As `pages.told_in`, and how things stand after a change that was half made."""
    try:
        with pages.told_in(form, field=field):
            yield
    except factors.LeftWithout as failure:
        form.is_outage = True  # type: ignore[attr-defined]
        form.add_error(None, str(failure))


@contextmanager
def _in_sight_of_changes(form: forms.Shown) -> Iterator[None]:
    """What was changed elsewhere is told once; the next attempt is made in sight of it."""
    try:
        yield
    except factors.ChangedElsewhere as refusal:
        form.show_again(refusal.now)
        raise


def _changeable(request: AccountRequest, can: Callable[[Protection], bool]) -> Protection:
    """How the account is protected, if there is something to change about it; else no such page."""
    known = protection.read(request.account.id)
    if known.access is not Access.EDIT or not can(known):
        raise Http404
    return known


def _done(request: AccountRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return pages.leave_for(request, reverse("security:security"))


def _removal(request: AccountRequest, template: str, *, kind: Factor, told: str) -> HttpResponse:
    """Remove what the page told of, if it is of this kind; of these kinds there is one each."""
    form = forms.Shown(pages.submitted(request))
    if form.is_valid():
        with _told_in(form):
            factors.remove(request.account.id, factor_id=form.shown_before, only=kind)
            return _done(request, told)
    context: Context = {"form": form}
    if not form.is_bound:
        known = _changeable(request, lambda known: bool(known.of(kind)))
        (bound, *_others) = known.of(kind)
        context = {
            "form": forms.Shown(now=bound.id),
            "takes_codes": factors.codes_that_go_with(known, bound) is not None,
            "objection": factors.objection(known, bound),
        }
    return pages.page(request, template, context)


def _proved(request: AccountRequest, form: forms.Authenticator, waiting: Pending) -> Pending:
    """The secret after a look at the code, which is asked for until one was right."""
    if not waiting.is_proved:
        with _told_in(form, field="code"):
            authenticators.prove(request.account.id, waiting.secret, form.cleaned_data["code"])
            waiting = pending.proved(request.session, waiting)
            form.go_without_code()
    return waiting


def _bound(request: AccountRequest, form: forms.Authenticator, waiting: Pending) -> HttpResponse:
    try:
        with _in_sight_of_changes(form):
            is_other = authenticators.bind(
                request.account.id, waiting, shown=form.shown_before, own=_own_access(request)
            )
    except (errors.LogtoError, factors.LeftWithout):
        pending.sent(request.session, waiting)
        raise
    pending.forget(request.session)
    return _done(
        request, _("Authenticator app replaced.") if is_other else _("Authenticator app added.")
    )


def _own_access(request: AccountRequest) -> OwnAccess | None:
    """What the Account API would want, if this session has it at hand."""
    record = proofs.record(request.session)
    if not record:
        return None
    try:
        return OwnAccess(token=tokens.of_person(request), record=record)
    except (tokens.SignInNeeded, errors.Unavailable):
        return None


def _authenticator_page(
    request: AccountRequest, form: forms.Authenticator, waiting: Pending
) -> HttpResponse:
    address = authenticators.address(
        waiting.secret, issuer=_site(), account=views.username(request)
    )
    width, path = authenticators.drawn(address)
    context = {
        "form": form,
        "is_other": bool(form["shown"].value()),
        "is_proved": waiting.is_proved,
        "width": width,
        "path": path,
        "address": address,
        "secret": authenticators.grouped(waiting.secret),
    }
    return pages.page(request, "security/authenticator.html", context)


def _codes_page(request: AccountRequest, made: tuple[str, ...]) -> HttpResponse:
    words = {"account": views.username(request), "site": _site()}
    text = codes.as_text(made, title=_("Backup codes of %(account)s at %(site)s") % words)
    context = {"codes": made, "file": f"data:text/plain;charset=utf-8,{quote(text)}", **words}
    return pages.page(request, "security/codes.html", context)


def _site() -> str:
    """What the person knows this service by: its name, else where they are."""
    return settings.ACCOUNTSITE_NAME or urlsplit(settings.SITE_URL).hostname or ""
