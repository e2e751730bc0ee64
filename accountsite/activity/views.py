"""The pages of what happened."""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accountsite import pages
from accountsite.activity import downloads, forms, reclaim_views, services, timeline, words
from accountsite.activity.entries import Entry
from accountsite.activity.places import Place
from accountsite.activity.timeline import Timeline
from accountsite.audit.models import ActorKind, AuditEvent
from accountsite.limits import attempts
from accountsite.logto import errors
from accountsite.pages import AccountRequest

LONGEST_KEY = 64  # characters; Logto's are shorter


@require_safe
def activity(request: AccountRequest) -> HttpResponse:
    """What happened to your account, newest first."""
    form = forms.Filter(request.GET)
    place = Place.read(request.GET.get("before", ""))
    found = (
        timeline.read(request.account.id, form.chosen, before=place) if form.is_valid() else None
    )
    return _listed(request, form, found, is_first=place is None)


@require_safe
def download(request: AccountRequest) -> HttpResponseBase:
    """The list as it is filtered, as a table for other programs."""
    form, status = forms.Filter(request.GET), None
    if form.is_valid():
        try:
            table = downloads.begin(request.account.id, form.chosen)
        except attempts.TooMany as refusal:
            pages.refuse(form, refusal)
        except downloads.UnableToDownload as refusal:
            pages.refuse(form, refusal)
            status = HTTPStatus.SERVICE_UNAVAILABLE
        else:
            return _file(table)
    return _listed(request, form, None, is_first=True, status=status)


@require_safe
def event(request: AccountRequest, key: int) -> HttpResponse:
    """One thing that happened, and where to go if it wasn't you."""
    found = _event(request, key)
    context = {
        "entry": Entry.of_event(found),
        "changes": [(f"change-{n}", field) for n, field in enumerate(found.changed_fields(), 1)],
        "is_by_admin": found.actor_kind == ActorKind.ADMIN,
        "reference": found.request_id,
    }
    return pages.page(request, "activity/event.html", context)


@require_safe
def logged(request: AccountRequest, key: str) -> HttpResponse:
    """One thing that the sign-in service tells of, and where to go if it wasn't you."""
    found = services.logged(request.account.id, key) if len(key) <= LONGEST_KEY else None
    if found is None:
        raise Http404
    log, entry = found
    context = {
        "entry": entry,
        "ways": words.ways(log),
        "error_code": log.error_code,
        "reference": log.id,
    }
    return pages.page(request, "activity/event.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: AccountRequest, key: int) -> HttpResponse:
    """What to do about something that you did not do, all of it done at once."""
    return reclaim_views.page(request, Entry.of_event(_event(request, key)))


@require_http_methods(["GET", "HEAD", "POST"])
def logged_not_me(request: AccountRequest, key: str) -> HttpResponse:
    """The same for what the sign-in service tells of, even while it tells nothing."""
    try:
        found = services.logged(request.account.id, key) if len(key) <= LONGEST_KEY else None
    except errors.LogtoError:
        return reclaim_views.page(request, None)
    if found is None:
        raise Http404
    return reclaim_views.page(request, found[1])


@require_http_methods(["GET", "HEAD", "POST"])
def anything_not_me(request: AccountRequest) -> HttpResponse:
    """The same for whoever fears that somebody else is in their account."""
    return reclaim_views.page(request, None)


def _file(table: Iterator[str]) -> StreamingHttpResponse:
    name = f"activity-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(table, content_type="text/csv; charset=utf-8", headers=headers)


def _listed(
    request: AccountRequest,
    form: forms.Filter,
    found: Timeline | None,
    *,
    is_first: bool,
    status: int | None = None,
) -> HttpResponse:
    """The list, or only the form where nothing can be looked for."""
    asked = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "form": form,
        "timeline": found,
        "is_first": is_first,
        "is_filtered": bool(asked),
        "filter": urlencode(asked),
        "older": urlencode({**asked, "before": found.older}) if found and found.older else "",
        "most_rows": downloads.most_rows(),
    }
    return pages.page(request, "activity/activity.html", context, status=status)


def _event(request: AccountRequest, key: int) -> AuditEvent:
    """What the address names, if it is this person's."""
    found = services.event(request.account.id, key)
    if found is None:
        raise Http404
    return found
