"""The first page, as the person's browser sees it."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accountsite import pages
from accountsite.overview import services
from accountsite.pages import AccountRequest


@require_safe
def overview(request: AccountRequest) -> HttpResponse:
    """Say who you are, how your account stands, and what could be done next."""
    context = {"overview": services.overview(request.account.id)}
    return pages.page(request, "overview/overview.html", context)
