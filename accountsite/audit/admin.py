"""The trail, for admins to read."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accountsite.audit.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin[AuditEvent]):
    """Looking up events; nothing here changes one."""

    list_display = (
        "started_at",
        "account_id",
        "what",
        "outcome",
        "actor_kind",
        "address",
        "device",
    )
    list_filter: ClassVar = ["outcome", "actor_kind", "action"]
    search_fields = ("account_id__exact", "request_id__exact", "actor_id__exact")
    search_help_text = _("The exact id of an account, an admin or a request.")
    show_full_result_count = False
    fields = (
        "started_at",
        "completed_at",
        "account_id",
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody may."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        """Nobody may."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        """Nobody may."""
        return False
