"""Bulk jobs in Django's admin: from a file or a selection to a draft, to the work, to its outcome."""

import secrets
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accountsite import encryption
from accountsite.directory import access, drafts, forms, listing, tables, work
from accountsite.directory.access import door
from accountsite.directory.actions import drawn
from accountsite.directory.models import Job, JobKind, JobState, Row, RowState
from accountsite.directory.outages import answers_for_logto, status_of, told_in
from accountsite.logto import users
from accountsite.signin.staff import Level

PROBLEMS = 100  # shown on the page; the outcome has them all
REFRESH_SECONDS = 2
OPEN = [RowState.WAITING, RowState.STARTED]
OVER = [state for state in RowState if state not in OPEN]
COLUMNS = {
    JobKind.CREATE: ("email", "phone", "username", "name"),
    JobKind.SUSPEND: ("id", "email", "username", "phone"),
    JobKind.EXPORT: (
        *("id", "email", "phone", "username", "name", "joined", "last_sign_in", "suspended"),
    ),
}
UPLOADS = {
    JobKind.CREATE: (drafts.create, drafts.CREATED_BY),
    JobKind.SUSPEND: (drafts.suspend, drafts.FOUND_BY),
}


@admin.register(Job)
class JobAdmin(admin.ModelAdmin[Job]):
    """What is done to many accounts, for those who manage people."""

    list_display = ("created_at", "kind", "state", "progress_column", "actor_id", "explanation")
    list_display_links = ("created_at", "kind")
    list_filter: ClassVar = ["kind", "state"]
    show_full_result_count = False
    change_list_template = "admin/directory/job/change_list.html"

    @admin.display(description=gettext_lazy("rows"))
    def progress_column(self, job: Job) -> str:
        """How many of how many are through."""
        return f"{job.through} / {job.total}"  # type: ignore[attr-defined]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        """With the number of rows, all and those that are through."""
        left = Q(rows__state__in=OPEN)
        return (
            super()
            .get_queryset(request)
            .annotate(total=Count("rows"), through=Count("rows", filter=~left))
        )

    # Who may

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Who manages people."""
        return access.may(request.user, Level.MANAGE)

    def has_view_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Who manages people."""
        return access.may(request.user, Level.MANAGE)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody by Django's own form."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Nobody by Django's own form."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Nobody: they are forgotten by themselves."""
        return False

    # Pages

    def get_urls(self) -> list[URLPattern]:
        """The list, the files, and one job."""
        return [
            self._path("", self.changelist_view, "changelist"),
            self._path("create/", self.create_view, "create"),
            self._path("suspend/", self.suspend_view, "suspend"),
            self._path("<int:object_id>/change/", self.job_view, "change"),
            self._path("<int:object_id>/start/", self.start_view, "start"),
            self._path("<int:object_id>/stop/", self.stop_view, "stop"),
            self._path("<int:object_id>/outcome/", self.outcome_view, "outcome"),
        ]

    @door(Level.MANAGE)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All jobs, newest first."""
        return super().changelist_view(request, extra_context)

    @door(Level.MANAGE)
    def create_view(self, request: HttpRequest) -> HttpResponse:
        """Send a file of people; what it would do is shown before it is done."""
        return self._upload(request, JobKind.CREATE)

    @door(Level.MANAGE)
    def suspend_view(self, request: HttpRequest) -> HttpResponse:
        """Send a file of accounts to suspend."""
        return self._upload(request, JobKind.SUSPEND)

    @door(Level.MANAGE)
    def job_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """One job: what it would do, how far it is, or how it went."""
        job = get_object_or_404(Job, pk=object_id)
        return self._show(request, job, _begin_form(job, None))

    @door(Level.MANAGE)
    def start_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Begin with it, once a reason is given; or go on with one whose process is gone."""
        return require_POST(self._start)(request, object_id)

    @door(Level.MANAGE)
    def stop_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """End it before the next row."""
        return require_POST(self._stop)(request, object_id)

    @door(Level.MANAGE)
    def outcome_view(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """What became of each row, as a CSV file."""
        return require_GET(self._outcome)(request, object_id)

    def _upload(self, request: HttpRequest, kind: JobKind) -> HttpResponse:
        form = forms.Upload(
            request.POST if request.method == "POST" else None,
            request.FILES if request.method == "POST" else None,
        )
        if request.method == "POST" and form.is_valid():
            draft, columns = UPLOADS[kind]
            with told_in(form):
                lines = tables.read(form.cleaned_data["table"].read(), columns)
                return _to(draft(access.actor(request.user), lines))
        context = self._context(request, kind.label) | {
            "form": form,
            "adminform": helpers.AdminForm(form, form.fieldsets, {}),  # type: ignore[arg-type]
            "columns": UPLOADS[kind][1],
            "is_create": kind is JobKind.CREATE,
            "most": tables.MOST_ROWS,
        }
        return TemplateResponse(
            request, "admin/directory/job/upload.html", context, status=status_of(form)
        )

    def _start(self, request: HttpRequest, object_id: int) -> HttpResponse:
        job = get_object_or_404(Job, pk=object_id)
        if Job.objects.stalled().filter(pk=job.pk).exists():
            work.run.enqueue(job.pk)
            return _to(job)
        form = _begin_form(job, request.POST)
        if not form.is_valid():
            return self._show(request, job, form)
        options = {"invites": bool(form.cleaned_data.get("invites"))}
        if not work.start(job, form.why, options):
            messages.warning(request, _("It was begun or stopped already."))
        return _to(job)

    def _stop(self, request: HttpRequest, object_id: int) -> HttpResponse:
        job = get_object_or_404(Job, pk=object_id)
        work.stop(job)
        return _to(job)

    def _outcome(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        job = get_object_or_404(Job, pk=object_id)
        columns = COLUMNS[JobKind(job.kind)]
        heading = ["row", *columns, "account", "outcome", "problem"]
        if job.kind == JobKind.EXPORT:
            heading = [*columns]
        answer = StreamingHttpResponse(
            tables.written(heading, _outcomes(job, columns)),
            content_type="text/csv; charset=utf-8",
        )
        name = f"{job.kind}-{timezone.localdate()}-{job.pk}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def _show(self, request: HttpRequest, job: Job, form: forms.Reasoned) -> HttpResponse:
        counts = dict(job.rows.order_by().values_list("state").annotate(Count("pk")))
        total = max(sum(counts.values()), job.options.get("total", 0))
        through = sum(counts.get(state, 0) for state in OVER)
        problems = job.rows.exclude(problem="")
        context = self._context(request, str(JobKind(job.kind).label)) | {
            "job": job,
            "form": form,
            "adminform": drawn(form),
            "total": total,
            "through": through,
            "waiting": total - through,
            "counts": [(state.label, counts[state]) for state in RowState if counts.get(state)],
            "problems": [_told(row) for row in problems[:PROBLEMS]],
            "more_problems": max(0, problems.count() - PROBLEMS),
            "is_draft": job.state == JobState.DRAFT,
            "is_running": job.state == JobState.RUNNING,
            "is_stalled": Job.objects.stalled().filter(pk=job.pk).exists(),
            "is_over": job.state in {JobState.DONE, JobState.STOPPED},
            "once": secrets.token_urlsafe(8),
        }
        response = TemplateResponse(
            request, "admin/directory/job/change_form.html", context, status=status_of(form)
        )
        if context["is_running"] and not context["is_stalled"]:
            response["Refresh"] = str(REFRESH_SECONDS)  # works without scripts
        return response

    def _context(self, request: HttpRequest, title: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": str(title), "opts": self.opts}

    def _path(self, route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
        page = self.admin_site.admin_view(answers_for_logto(self, view))
        return path(route, page, name=f"directory_job_{name}")


def from_list(kind: JobKind) -> Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse]:
    """An action of the list of people: a draft about those who were selected, or all found."""

    def act(site: Any, request: HttpRequest, _none: QuerySet[Any]) -> HttpResponse:
        actor = access.actor(request.user)
        if not access.may(request.user, Level.MANAGE):
            raise PermissionDenied
        if request.POST.get("select_across") == "1":
            asked = listing.query(request.GET.get("q", ""), request.GET.dict())
            total = users.search(**asked, page_size=1).total or 0
            return _to(drafts.of_search(kind, actor, asked, total=total))
        selected = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)[: tables.MOST_ROWS]
        return _to(drafts.of_selection(kind, actor, selected))

    return act


def _begin_form(job: Job, sent: Any) -> forms.Reasoned:
    """The reason; and where people are told of it, whether they are."""
    if job.kind == JobKind.CREATE:
        return forms.BeginCreating(sent)
    return forms.Begin(sent, has_address=job.kind == JobKind.SUSPEND)


def _outcomes(job: Job, columns: tuple[str, ...]) -> Iterator[list[Any]]:
    is_export = job.kind == JobKind.EXPORT
    rows = job.rows.filter(state=RowState.DONE) if is_export else job.rows.all()
    for row in rows.order_by("number").iterator(chunk_size=500):
        values = _values(row)
        cells = [values.get(name) or "" for name in columns]
        if is_export:
            yield cells
        else:
            yield [row.number, *cells, row.account_id, row.state, row.problem]


def _told(row: Row) -> dict[str, Any]:
    values = _values(row)
    named = (values.get(name) for name in ("email", "username", "phone", "name", "id"))
    return {
        "number": row.number,
        "who": next(filter(None, named), "–"),
        "state": row.get_state_display(),
        "problem": row.problem,
    }


def _values(row: Row) -> dict[str, Any]:
    try:
        return row.values
    except encryption.Unreadable:
        return {}


def _to(job: Job) -> HttpResponse:
    response = HttpResponseRedirect(reverse("admin:directory_job_change", args=[job.pk]))
    response.status_code = 303
    return response
