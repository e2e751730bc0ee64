"""Which mails went out, and which did not."""

from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accountsite.audit.listing import CappedPaginator
from accountsite.notices import delivery
from accountsite.notices.models import Notice, State
from accountsite.read_only import ReadOnlyAdmin


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin[Notice]):
    """Looking up mails, and sending those again that failed."""

    list_display = ("created_at", "account", "what", "masked_recipient", "state", "attempts")
    list_filter: ClassVar = ["state", "created_at"]
    list_select_related = ("event",)
    search_fields = ("event__account_id__exact",)
    search_help_text = _("The exact id of an account.")
    sortable_by = ()
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("send_again",)
    fields = (
        "created_at",
        "account",
        "what",
        "masked_recipient",
        "language",
        "time_zone",
        "state",
        "attempts",
        "last_error",
        "next_attempt_at",
        "sent_at",
    )
    readonly_fields = fields

    @admin.display(description=_("account"))
    def account(self, notice: Notice) -> SafeString:
        """Whose account was changed, with the way to everything about it."""
        address = reverse("admin:person", args=[notice.event.account_id or "-"])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, notice.event.account_id)

    @admin.display(description=_("what"))
    def what(self, notice: Notice) -> SafeString:
        """What the mail tells, with the way to the event."""
        address = reverse("admin:audit_auditevent_change", args=[notice.event_id])
        return format_html('<a href="{}">{}</a>', address, notice.event.sentence)

    @admin.display(description=_("recipient"))
    def masked_recipient(self, notice: Notice) -> str:
        """The address, masked."""
        return notice.masked_recipient

    @admin.action(description=_("Send the failed ones again"), permissions=["send"])
    def send_again(self, request: HttpRequest, notices: QuerySet[Notice]) -> None:
        """Try the chosen ones again, from the beginning."""
        failed = list(notices.filter(state=State.FAILED))
        for notice in failed:
            delivery.try_again(notice)
        text = ngettext("%d notice is tried again.", "%d notices are tried again.", len(failed))
        self.message_user(request, text % len(failed), messages.SUCCESS)

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Who manages may."""
        return bool(request.user.has_perm("notices.change_notice"))
