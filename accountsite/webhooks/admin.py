"""What arrived, what came of it, and doing it again."""

import json
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accountsite.audit.listing import CappedPaginator
from accountsite.read_only import ReadOnlyAdmin
from accountsite.webhooks import effects, services
from accountsite.webhooks.models import Delivery


class Event(admin.SimpleListFilter):
    """Events by name. The names are known; the table need not be searched for them."""

    title = _("event")
    parameter_name = "event"
    OTHER = "other"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The events that have an effect here, and all others."""
        return [*((name, name) for name in effects.BY_EVENT), (self.OTHER, str(_("others")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """Those of the chosen one."""
        if self.value() == self.OTHER:
            return queryset.exclude(event__in=effects.BY_EVENT)
        return queryset.filter(event=self.value()) if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin[Delivery]):
    """Looking up deliveries, and working them off again."""

    change_form_template = "admin/webhooks/delivery/change_form.html"
    list_display = ("received_at", "event", "account", "state", "effect")
    list_filter: ClassVar = ["state", Event, "was_missed", "received_at"]
    search_fields = ("account_id__exact",)
    search_help_text = _("The exact id of an account.")
    sortable_by = ()
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("process_again",)
    fields = (
        "received_at",
        "event",
        "account",
        "created_at",
        "was_missed",
        "state",
        "effect",
        "attempts",
        "error",
        "next_attempt_at",
        "processed_at",
        "hook_id",
        "correlation",
        "pretty_body",
    )
    readonly_fields = fields

    @admin.display(description=_("account"))
    def account(self, delivery: Delivery) -> SafeString | str:
        """Whom it is about, with the way to everything about them."""
        if not delivery.account_id:
            return self.get_empty_value_display()
        address = reverse("admin:person", args=[delivery.account_id])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, delivery.account_id)

    @admin.display(description=_("effect"))
    def effect(self, delivery: Delivery) -> str:
        """What came of it."""
        return delivery.effect or self.get_empty_value_display()

    @admin.display(description=_("request"))
    def correlation(self, delivery: Delivery) -> SafeString:
        """By which its events stand in the trail."""
        address = reverse("admin:audit_auditevent_changelist", query={"q": delivery.correlation_id})
        return format_html('<a href="{}">{}</a>', address, delivery.correlation_id)

    @admin.display(description=_("body"))
    def pretty_body(self, delivery: Delivery) -> SafeString | str:
        """All of it, to be read."""
        content = delivery.content()
        if content is None:
            return str(_("It was erased with the account, or sealed with a key that is gone."))
        text = json.dumps(content, indent=2, ensure_ascii=False).encode("utf-8", "replace")
        return format_html('<pre class="accountsite-body" dir="ltr">{}</pre>', text.decode())

    def get_urls(self) -> list[URLPattern]:
        """Django's own, and the button of one delivery.

        Django does actions of a single row inside of a database transaction, which could undo what
        stands in the trail.
        """
        again = path(
            "<int:delivery_id>/again/",
            self.admin_site.admin_view(self.again),
            name="webhooks_delivery_again",
        )
        return [again, *super().get_urls()]

    @method_decorator(require_POST)
    def again(self, request: HttpRequest, delivery_id: int) -> HttpResponseRedirect:
        """Work off this one again."""
        if not self.has_process_permission(request):
            raise PermissionDenied
        delivery = get_object_or_404(Delivery, pk=delivery_id)
        self.process_again(request, Delivery.objects.filter(pk=delivery.pk))
        return redirect("admin:webhooks_delivery_change", delivery.pk)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One delivery, with a button for who may use it."""
        may = {"may_process": self.has_process_permission(request)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **may})

    @admin.action(
        description=_("Process again"),
        description_plural=_("Process again"),
        permissions=["process"],
    )
    def process_again(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        """Work off the chosen ones as if they were new. What was told is not told again."""
        chosen = list(deliveries)
        begun = sum(map(services.process_again, chosen))
        text = ngettext("%d delivery is processed.", "%d deliveries are processed.", begun)
        self.message_user(request, text % begun, messages.SUCCESS)
        if left := len(chosen) - begun:
            text = ngettext("%d has no body any more.", "%d have no body any more.", left)
            self.message_user(request, text % left, messages.WARNING)

    def has_process_permission(self, request: HttpRequest) -> bool:
        """Who manages may."""
        return bool(request.user.has_perm("webhooks.change_delivery"))
