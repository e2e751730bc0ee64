"""Django's admin site, with our first page and a page for everything about one person."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from accountsite.dashboard import figures, people
from accountsite.doctor import views as doctor

MAY_LOOK = "audit.view_auditevent"


class Site(AdminSite):
    """The admin of this site."""

    site_header = _("Account administration")
    index_title = _("Overview")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's own, the page of a person, and those of the doctor."""
        ours = [
            path("person/<path:account_id>/", self.admin_view(self.person), name="person"),
            path("doctor/", self.admin_view(doctor.page), name="doctor"),
            path("doctor/<slug:slug>/", self.admin_view(doctor.group), name="doctor_group"),
        ]
        return [*ours, *super().get_urls()]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """How things are, for who may look at the trail; the list of what there is for everybody."""
        told = figures.overview() if request.user.has_perm(MAY_LOOK) else None
        return super().index(request, {**(extra_context or {}), "overview": told})

    def person(self, request: HttpRequest, account_id: str) -> HttpResponse:
        """Everything that is known here about one person, as far as the viewer may see it."""
        context = {
            **self.each_context(request),
            "title": _("Everything about a person"),
            "account_id": account_id,
            "directory_url": people.directory_url(account_id),
            "parts": people.parts(account_id, may=request.user.has_perm),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/dashboard/person.html", context)
