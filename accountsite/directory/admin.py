"""The users of Django's admin: its change list and its pages, over Logto's API."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.options import Action
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.appearance.templatetags import appearance
from accountsite.directory import access, actions, bulk, deeds, person
from accountsite.directory import page as pages
from accountsite.directory.access import door
from accountsite.directory.listing import PER_PAGE, People
from accountsite.directory.models import JobKind, User
from accountsite.directory.outages import answers_for_logto
from accountsite.logto import errors
from accountsite.signin.staff import Level


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """People: a list to search and page through, a page for each, and what can be done to them."""

    list_display = (
        "email_column",
        "name_column",
        "phone_column",
        "id",
        "joined_column",
        "last_sign_in_column",
        "is_active",
    )
    list_display_links = ("email_column", "name_column")
    list_per_page = PER_PAGE
    search_fields = ("email",)  # that there is a search; Logto does it
    search_help_text = gettext_lazy("Email, name, username, phone or id.")
    sortable_by = ()  # Logto gives the newest first, and nothing else
    show_full_result_count = False
    change_list_template = "admin/directory/user/change_list.html"

    @admin.display(description=gettext_lazy("email"), empty_value="–")
    def email_column(self, user: User) -> str:
        """An address, or what else there is to click at."""
        return user.email

    @admin.display(description=gettext_lazy("name"), empty_value="–")
    def name_column(self, user: User) -> str:
        """The name, else the username."""
        return user.name or user.username or (user.id if not user.email else "")

    @admin.display(description=gettext_lazy("phone"), empty_value="–")
    def phone_column(self, user: User) -> str:
        """In groups, to be read."""
        return appearance.phone(user.phone) if user.phone else ""

    @admin.display(description=gettext_lazy("joined"))
    def joined_column(self, user: User) -> str:
        """The day; the page of the person has the time."""
        return day(user.joined_at)

    @admin.display(description=gettext_lazy("last sign-in"), empty_value="–")
    def last_sign_in_column(self, user: User) -> str:
        """The day they were last here, if ever."""
        return day(user.last_sign_in_at) if user.last_sign_in_at else ""

    # Who may: one level stands for each of Django's questions

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the entry is on the first page."""
        return access.may(request.user, Level.VIEW)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whether they may look."""
        return access.may(request.user, Level.VIEW)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether they may create."""
        return access.may(request.user, Level.MANAGE)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whether they may change."""
        return access.may(request.user, Level.MANAGE)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whether they may delete: by `deeds`, one at a time."""
        return False

    # Pages

    def get_urls(self) -> list[URLPattern]:
        """The list, one person, and every action; none of Django's own forms."""
        return [
            path("", self._page(self.changelist_view), name="directory_user_changelist"),
            path("add/", self._page(self.add_view), name="directory_user_add"),
            path(
                "<str:object_id>/change/",
                self._page(self.change_view),
                name="directory_user_change",
            ),
            path(
                "<str:object_id>/history/",
                self._page(self.history_view),
                name="directory_user_history",
            ),
            *(
                path(
                    f"<str:object_id>/{deed.slug}/",
                    self._page(functools.partial(actions.view, self, deed)),
                    name=f"directory_user_{deed.slug}",
                )
                for deed in deeds.DEEDS
            ),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[People]:
        """Ours, which asks Logto."""
        return People

    @door(Level.VIEW)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """People, newest first, as Logto finds them."""
        offered = {"may_manage": access.may(request.user, Level.MANAGE)}
        return super().changelist_view(request, {**(extra_context or {}), **offered})

    @door(Level.MANAGE)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Create an account."""
        return actions.add(self, request)

    @door(Level.VIEW)
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Everything about one person."""
        account_id = unquote(object_id)
        try:
            found = person.read(account_id)
        except errors.NotFound:
            return self.gone(request, account_id)
        page = pages.Page(
            person=found,
            may=functools.partial(access.may, request.user),
            every=request.GET.get("all", ""),
            events=person.events(account_id),
        )
        context = self.context(request, User.of(found.user)) | {
            "page": page,
            "user_shown": found.user,
        }
        return TemplateResponse(request, "admin/directory/user/change_form.html", context)

    @door(Level.VIEW)
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """What happened to the account, which the audit trail tells."""
        address = reverse("admin:audit_auditevent_changelist", query={"q": unquote(object_id)})
        return HttpResponseRedirect(address)

    def context(self, request: HttpRequest, original: User | None = None) -> dict[str, Any]:
        """What every page of these has."""
        title = str(original) if original else str(self.opts.verbose_name_plural).capitalize()
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": original,
            "may_manage": access.may(request.user, Level.MANAGE),
        }

    def gone(self, request: HttpRequest, account_id: str) -> HttpResponse:
        """Back to the list, as Django's admin does it, from an account that is not there."""
        text = _("There is no user with the id “%(id)s”. Perhaps the account was deleted.")
        messages.warning(request, text % {"id": account_id})
        return HttpResponseRedirect(reverse("admin:directory_user_changelist"))

    def get_actions(
        self, request: HttpRequest, action_location: Any = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        """What can be done to many; nothing of Django's, which would delete from a table."""
        if not access.may(request.user, Level.MANAGE):
            return {}
        offered = (
            (JobKind.SUSPEND, _("Suspend the selected users")),
            (JobKind.EXPORT, _("Export the selected users")),
        )
        return {
            name: Action(bulk.from_list(kind), name, title, title, [ActionLocation.CHANGE_LIST])
            for kind, title in offered
            for name in [f"{kind}_selected"]
        }

    def _page(self, view: Callable[..., HttpResponse]) -> Any:
        """The view behind the admin's own gate, with a page for when Logto does not answer."""
        return self.admin_site.admin_view(answers_for_logto(self, view))


def day(moment: datetime) -> str:
    """A day that takes little room in a column."""
    return formats.date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")
