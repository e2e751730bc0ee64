"""When jobs ran, for admins to see."""

from django.contrib import admin
from django.http import HttpRequest

from accountsite.schedule.models import Run


@admin.register(Run)
class RunAdmin(admin.ModelAdmin[Run]):
    """A list to look at."""

    list_display = ("job", "started_at", "ended_at", "due_at", "error")
    list_display_links = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody may."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Run | None = None) -> bool:
        """Nobody may."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Run | None = None) -> bool:
        """Nobody may."""
        return False
