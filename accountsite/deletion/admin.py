"""Which accounts are about to go, and what keeps one."""

from django.contrib import admin
from django.http import HttpRequest

from accountsite.deletion.models import Deletion


@admin.register(Deletion)
class DeletionAdmin(admin.ModelAdmin[Deletion]):
    """A list to look at."""

    list_display = (
        "account_id",
        "state",
        "held",
        "requested_at",
        "due_at",
        "attempts",
        "last_error",
    )
    list_display_links = None
    list_filter = ("state", "held")
    search_fields = ("account_id__exact",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody may."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Deletion | None = None) -> bool:
        """Nobody may."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Deletion | None = None) -> bool:
        """Nobody may."""
        return False
