"""The username."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accountsite import pages
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.identifiers import forms, lines, services
from accountsite.identifiers.lines import USERNAME
from accountsite.identifiers.views import rows
from accountsite.limits.attempts import TooMany
from accountsite.logto import errors
from accountsite.logto.sign_in_experience import UsernamePolicy
from accountsite.pages import AccountRequest
from accountsite.refusals import told


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def username(request: AccountRequest) -> HttpResponse:
    """Choose the name that you sign in with."""
    if request.method == "POST":
        form = forms.Username(request.POST, policy=_policy(), now=None)
        if form.is_valid():
            with pages.told_in(form, field="username"), rows.in_sight_of_a_change(form):
                user = services.change_username(
                    request.account.id,
                    form.cleaned_data["username"],
                    shown_before=form.shown_before,
                )
                return rows.saved(request, user, USERNAME)
    else:
        person = lines.person(request.account.id)
        line = rows.shown_to(person.line(USERNAME))
        if not line.is_editable:
            return pages.page(request, "identifiers/read_only.html", {"line": line})
        initial = pages.kept(request, {"username": line.value})
        form = forms.Username(policy=person.username_policy, now=line.value, initial=initial)
    context = {"form": form, "has_one": bool(request.account.username)}
    return pages.page(request, "identifiers/username.html", context)


@require_POST
def availability(request: AccountRequest) -> HttpResponse:
    """Say whether a username is free: for htmx, below the field."""
    form = forms.Username(request.POST, policy=_policy(), now=None)
    context: dict[str, Any] = {"objections": [], "is_free": False}
    status = 200
    if not form.is_valid():
        context["objections"] = form.errors.get("username", [])
    elif form.cleaned_data["username"] != request.account.username:
        try:
            context["is_free"] = services.is_free(request.account.id, form.cleaned_data["username"])
        except TooMany as refusal:
            context["objections"], status = [told(refusal)], 429
        except errors.Unavailable:
            pass  # it is told on saving
        else:
            context["objections"] = [] if context["is_free"] else [services.taken(form.policy)]
    return render(request, "identifiers/availability.html", context, status=status)


def _policy() -> UsernamePolicy | None:
    """The tenant's rules; None while nobody can tell them."""
    try:
        return services.username_policy()
    except errors.Unavailable:
        return None
