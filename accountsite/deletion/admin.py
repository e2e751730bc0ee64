"""Which accounts are about to go, and what keeps one."""

from django.contrib import admin

from accountsite.deletion.models import Deletion
from accountsite.read_only import ReadOnlyAdmin


@admin.register(Deletion)
class DeletionAdmin(ReadOnlyAdmin[Deletion]):
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
