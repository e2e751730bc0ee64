"""The trail, for admins to read."""

import ipaddress
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accountsite.audit import exporting, pruning, trail
from accountsite.audit.actions import Action
from accountsite.audit.listing import Listing
from accountsite.audit.models import ActorKind, AuditEvent
from accountsite.read_only import ReadOnlyAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin[AuditEvent]):
    """Looking up events; nothing here changes one."""

    change_list_template = "admin/audit/auditevent/change_list.html"
    change_form_template = "admin/audit/auditevent/change_form.html"
    list_display = (
        "started_at",
        "account",
        "what",
        "outcome",
        "actor_kind",
        "address",
    )
    list_filter: ClassVar = ["outcome", "actor_kind", "started_at", "action"]
    date_hierarchy = "started_at"
    list_per_page = 50
    sortable_by = ()  # other orders would have to look at every row
    # What is looked for, and how, is in get_search_results.
    search_fields = ("account_id",)
    search_help_text = _("The exact id of an account, an admin or a request, or an IP address.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    fields = (
        "started_at",
        "completed_at",
        "account",
        "actor_kind",
        "actor_id",
        "what",
        "action",
        "outcome",
        "reason",
        "explanation",
        "changed",
        "address",
        "device",
        "user_agent",
        "request_id",
    )
    readonly_fields = fields

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Listing]:
        """The list that counts nothing."""
        return Listing

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent], search_term: str
    ) -> tuple[QuerySet[AuditEvent], bool]:
        """The events whose account, admin, request or address is exactly this.

        Which of these it is, is found out first, by a look into the index of each: a database that
        is asked for all of them at once may rather read the whole table.
        """
        term = search_term.strip().replace("\0", "")
        if not term:
            return queryset, False
        meanings = [
            Q(account_id=term),
            Q(account_id=pruning.pseudonym(term)),
            Q(actor_kind=ActorKind.ADMIN, actor_id=term),
            ~Q(request_id="") & Q(request_id=term),
        ]
        if (address := _address(term)) is not None:
            meanings.append(Q(address=address))
        found = [meaning for meaning in meanings if AuditEvent.objects.filter(meaning).exists()]
        wanted = Q(pk__in=[])
        for meaning in found:
            wanted |= meaning
        return queryset.filter(wanted), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, and the kinds of files that it can become."""
        formats = {"csv": _("Export as CSV"), "jsonl": _("Export as JSON lines")}
        return super().changelist_view(
            request, {**(extra_context or {}), "export_formats": formats.items()}
        )

    def get_urls(self) -> list[URLPattern]:
        """Django's own, and the files."""
        export = path(
            "export/<str:name>/",
            self.admin_site.admin_view(self.export),
            name="audit_auditevent_export",
        )
        return [export, *super().get_urls()]

    @method_decorator(require_POST)
    def export(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """The events of the filtered list as a file, which is noted in the trail itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if name not in exporting.FORMATS:
            raise Http404
        form = exporting.FORMATS[name]
        chosen = self.get_changelist_instance(request).queryset
        admin_id = trail.admin_of(request.user)
        trail.record(Action.AUDIT_EXPORTED, admin_id.id, actor=admin_id)
        return StreamingHttpResponse(
            exporting.stream(chosen, form),
            content_type=form.content_type,
            headers={
                "Content-Disposition": (
                    f'attachment; filename="audit-{timezone.localdate()}.{form.ending}"'
                )
            },
        )

    @admin.display(description=_("account"))
    def account(self, event: AuditEvent) -> SafeString:
        """Whose account, with the way to everything about it."""
        address = reverse("admin:person", args=[event.account_id or "-"])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, event.account_id or "–")

    @admin.display(description=_("what"))
    def what(self, event: AuditEvent) -> str:
        """The sentence that the person reads."""
        return event.sentence

    @admin.display(description=_("device"))
    def device(self, event: AuditEvent) -> str:
        """The browser in words."""
        return event.device or self.get_empty_value_display()

    @admin.display(description=_("changes"))
    def changed(self, event: AuditEvent) -> str:
        """Each field with its masked values."""
        rows = (
            f"{field.title}: {field.before or '–'} → {field.after or '–'}"
            for field in event.changed_fields()
        )
        return ", ".join(rows) or self.get_empty_value_display()


def _address(term: str) -> str | None:
    try:
        return str(ipaddress.ip_address(term))
    except ValueError:
        return None
