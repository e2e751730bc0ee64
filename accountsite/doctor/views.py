"""The admin's pages of the doctor, and the open door for its own question."""

from dataclasses import asdict, dataclass, replace
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accountsite import pages
from accountsite.directory import access
from accountsite.doctor import catalogue, examination, forms
from accountsite.doctor import echo as echoes
from accountsite.doctor.catalogue import Check, Group
from accountsite.doctor.examination import Outcome
from accountsite.doctor.findings import Level
from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from accountsite.signin import staff
from accountsite.signin.account import Account

PATIENCE = 25.0  # seconds for a group, below what proxies usually wait for a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A group of checks on the page; `outcomes` is None while nobody has looked.

    `has_test` says whether there is an event that may be sent for a test, and `mail` is the form for a
    mail, where one may be.
    """

    group: Group
    outcomes: tuple[Outcome, ...] | None
    has_test: bool
    mail: forms.Recipient | None

    @property
    def bad(self) -> int:
        """How many findings want something done."""
        found = [one for outcome in self.outcomes or () for one in outcome.found]
        return sum(one.level in {Level.WARNING, Level.ERROR} for one in found)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All groups: htmx brings each when it is looked at; `?all` waits for all of them."""
    _check_permission(request, staff.Level.VIEW)
    is_whole = "all" in request.GET
    outcomes = examination.examine(_harmless(catalogue.CHECKS)) if is_whole else ()
    parts = [_part(request, group, outcomes if is_whole else None) for group in Group]
    return _render(request, {"parts": parts, "is_whole": is_whole})


@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """One group. What leaves traces, an event or a mail that is sent for a test, wants a POST."""
    is_test = request.method == "POST"
    _check_permission(request, staff.Level.MANAGE if is_test else staff.Level.VIEW)
    if slug not in Group.values:
        raise Http404
    checks = catalogue.named([slug])
    form = forms.Recipient(request.POST) if is_test and slug == Group.MACHINE else None
    outcomes = examination.examine(
        checks if is_test else _harmless(checks),
        mail_to=_recipient(request, form) if form else "",
        seconds=PATIENCE,
    )
    part = _part(request, Group(slug), outcomes)
    if form and form.errors:
        form.fields["to"].widget.attrs["autofocus"] = True
        part = replace(part, mail=form)
    context = {"form": form, "part": part, "parts": [part], "is_whole": True, "is_test": is_test}
    return _render(request, context)


@login_not_required
@never_cache
@require_safe
def echo(request: pages.SiteRequest) -> HttpResponse:
    """How this request arrived, for a doctor with our key. To everybody else there is no such page."""
    if not echoes.is_question(request.GET.get("q", "")):
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    said = echoes.heard(
        forwarded=request.headers.get("X-Forwarded-For", ""),
        address=request.client_address,
    )
    return JsonResponse(asdict(said))


def _recipient(request: HttpRequest, form: forms.Recipient) -> str:
    """Where a mail is to go. Nowhere, with the reason in the form, if that is no address or too often."""
    if not form.is_valid():
        return ""
    to: str = form.cleaned_data["to"]
    try:
        attempts.count(Kind.TEST_MAIL, account=access.actor(request.user).id, target=to)
    except attempts.TooMany as refusal:
        pages.refuse(form, refusal, field="to")
        return ""
    return to


def _part(request: HttpRequest, of: Group, outcomes: tuple[Outcome, ...] | None) -> Part:
    mine = [outcome for outcome in outcomes or () if outcome.check.group == of]
    tests = [check for check in catalogue.named([of.value]) if check.leaves_traces]
    may_test = access.may(request.user, staff.Level.MANAGE)
    has_mail = may_test and of == Group.MACHINE and bool(settings.MAILERS)
    return Part(
        group=of,
        outcomes=None if outcomes is None else tuple(mine),
        has_test=bool(tests) and may_test,
        mail=forms.Recipient(initial={"to": _own_address(request)}) if has_mail else None,
    )


def _own_address(request: HttpRequest) -> str:
    """Of whoever is signed in, as far as it is known here."""
    account: Account | None = getattr(request, "account", None)
    known = account.email if account else getattr(request.user, "email", "")
    return known or ""


def _harmless(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    return tuple(check for check in checks if not check.leaves_traces)


def _check_permission(request: HttpRequest, level: staff.Level) -> None:
    if not access.may(request.user, level):
        raise PermissionDenied


def _render(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    every = {**admin.site.each_context(request), "title": catalogue.TITLE, **context}
    return pages.page(request, "admin/doctor/page.html", every)
