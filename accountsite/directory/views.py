"""Where the link of an invitation leads."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accountsite.pages import SiteRequest
from accountsite.signin import one_time

LONGEST = 256


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: SiteRequest) -> HttpResponse:
    """Ask before the link is used up; then sign in with it at Logto."""
    given = request.POST if request.method == "POST" else request.GET
    token, email = given.get("token", "")[:LONGEST], given.get("email", "")[:LONGEST]
    context = {"token": token, "email": email, "is_complete": bool(token and email)}
    if request.method == "POST" and context["is_complete"]:
        return one_time.begin(request, token=token, email=email)
    status = 200 if context["is_complete"] else 400
    return render(request, "admin/directory/invitation.html", context, status=status)
