"""When jobs ran, for admins to see."""

from django.contrib import admin

from accountsite.read_only import ReadOnlyAdmin
from accountsite.schedule.models import Run


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin[Run]):
    """A list to look at."""

    list_display = ("job", "started_at", "ended_at", "due_at", "error")
    list_display_links = None
