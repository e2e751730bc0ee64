"""The site, with pages that want a proof."""

from typing import Any

from django.http import HttpResponse
from django.urls import include, path

from accountsite.confirmation import proofs
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.pages import AccountRequest

handler400 = "accountsite.errors.bad_request"


@recently_confirmed()
def protected(request: AccountRequest, thing: str) -> HttpResponse:
    files = [upload.name for upload in request.FILES.values()]
    said: dict[str, Any] = {"post": dict(request.POST), "get": dict(request.GET), "files": files}
    return HttpResponse(f"{request.method} {thing} {request.get_full_path()} {said}")


@recently_confirmed(purpose="deletion")
def deletion(request: AccountRequest) -> HttpResponse:
    return HttpResponse("gone")


@recently_confirmed(with_record=True)
def recorded(request: AccountRequest) -> HttpResponse:
    return HttpResponse(proofs.record(request.session) or "none to be had")


urlpatterns = [
    path("protected/<str:thing>/", protected),
    path("deletion/", deletion),
    path("recorded/", recorded),
    path("", include("accountsite.urls")),
]
