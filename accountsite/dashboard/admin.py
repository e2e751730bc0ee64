"""Sessions of this site, which an admin may end, and tasks, of which the failed ones matter."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from accountsite import user_agents
from accountsite.audit import trail
from accountsite.audit.listing import CappedPaginator
from accountsite.dashboard import endings, forms
from accountsite.read_only import ReadOnlyAdmin
from accountsite.signin.models import Session

MAY_HELP = "directory.help_user"
MAY_LOOK_AT_TASKS = "schedule.view_run"


class Liveness(admin.SimpleListFilter):
    """Whether a session still opens a page."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Two choices."""
        return [("live", _("Signed in")), ("ended", _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> QuerySet[Session]:
        """Those of the chosen one."""
        live = Session.objects.live().values("pk")
        if self.value() == "live":
            return queryset.filter(pk__in=live)
        return queryset.exclude(pk__in=live) if self.value() == "ended" else queryset


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin[Session]):
    """Who is signed in to this site. What a session holds is sealed, and not shown."""

    change_form_template = "admin/signin/session/change_form.html"
    list_display = ("last_seen_at", "account", "device", "address", "state", "created_at")
    list_filter: ClassVar = [Liveness, "end_reason"]
    search_fields = ("account_id__exact", "logto_sid__exact")
    search_help_text = gettext_lazy("The exact id of an account, or of a session at Logto.")
    sortable_by = ()
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    fields = (
        "account",
        "state",
        "created_at",
        "last_seen_at",
        "ended_at",
        "device",
        "address",
        "user_agent",
        "logto_sid",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        """Those of people; browsers that only looked at the sign-in page have some too."""
        return super().get_queryset(request).exclude(account_id="").defer("payload")

    @admin.display(description=gettext_lazy("account"))
    def account(self, session: Session) -> SafeString:
        """Whose, with the way to everything about them."""
        address = reverse("admin:person", args=[session.account_id])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, session.account_id)

    @admin.display(description=gettext_lazy("device"))
    def device(self, session: Session) -> str:
        """The browser in words."""
        if not session.user_agent:
            return self.get_empty_value_display()
        return user_agents.describe(session.user_agent)

    @admin.display(description=gettext_lazy("state"))
    def state(self, session: Session) -> str:
        """Whether it is live, and else why it ended."""
        if session.is_live:
            return _("Signed in")
        return session.get_end_reason_display() or _("Expired")

    def get_urls(self) -> list[URLPattern]:
        """Django's own, and the end of a session."""
        end = path(
            "<str:key_hash>/end/", self.admin_site.admin_view(self.end), name="signin_session_end"
        )
        return [end, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One session, with the way to end it for who may."""
        may = {"may_end": request.user.has_perm(MAY_HELP)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **may})

    def end(self, request: HttpRequest, key_hash: str) -> HttpResponse:
        """Ask why, and end the session at once."""
        if not request.user.has_perm(MAY_HELP):
            raise PermissionDenied
        session = get_object_or_404(self.get_queryset(request), pk=key_hash)
        form = forms.Reason(request.POST if request.method == "POST" else None)
        if form.is_valid():
            endings.end_session(
                session, by=trail.admin_of(request.user), explanation=form.cleaned_data["reason"]
            )
            self.message_user(request, _("The session is ended."), messages.SUCCESS)
            return redirect("admin:signin_session_change", session.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("End a session"),
            "opts": self.opts,
            "session": session,
            "device": self.device(session),
            "form": form,
        }
        refused = 422 if form.errors else 200
        template = "admin/signin/session/end.html"
        return TemplateResponse(request, template, context, status=refused)


admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class TaskAdmin(DBTaskResultAdmin):
    """Work that left a request. Whoever may look at the schedule may look at it."""

    sortable_by = ()
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """When, what, how it stands, and why it failed."""
        return ("enqueued_at", "task_name", "status", "started_at", "finished_at", "error")

    def get_list_filter(self, request: HttpRequest) -> tuple[str, ...]:
        """How it stands, and when."""
        return ("status", "enqueued_at")

    @admin.display(description=gettext_lazy("error"))
    def error(self, result: DBTaskResult[Any, Any]) -> str:
        """What it failed with, in one word."""
        return result.exception_class_path.rpartition(".")[2] or self.get_empty_value_display()

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As for the schedule."""
        return bool(request.user.has_perm(MAY_LOOK_AT_TASKS))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """As for the schedule."""
        return bool(request.user.has_perm(MAY_LOOK_AT_TASKS))
