"""The pages of personal access tokens. Where the operator offers none, there are no such pages."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accountsite import pages
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.logto.tokens import PersonalAccessToken
from accountsite.pages import AccountRequest, Context
from accountsite.signin import services as signin
from accountsite.tokens import forms, services, states, usage

ON_A_PAGE = 20


def offered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the view run where there is such a section at all."""

    @functools.wraps(view)
    def if_offered(request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.TOKENS:
            raise Http404
        return view(request, *args, **kwargs)

    return if_offered


@offered
@require_safe
def tokens(request: AccountRequest) -> HttpResponse:
    """What you have, what it is for, and until when it works. `at` names one to be on the page."""
    held = services.held(request.account.id)
    signin.refresh(request, held.person)
    shown = Paginator([states.of(token) for token in held.tokens], ON_A_PAGE)
    context = {
        "page": shown.get_page(request.GET.get("page") or _page_of(held, request.GET.get("at"))),
        "total": len(held.tokens),
        "has_room": held.has_room,
        "most": settings.TOKENS_MOST,
        "usage": usage.current(),
    }
    return pages.page(request, "tokens/tokens.html", context)


@offered
@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: AccountRequest) -> HttpResponse:
    """Create a token. Its value is in the answer to that, and nowhere else."""
    form = forms.New(pages.submitted(request), initial=pages.kept(request, {}))
    if form.is_valid():
        given = form.cleaned_data
        with pages.told_in(form):
            try:
                created = services.create(
                    request.account.id, name=given["name"], expires_at=given["expires_at"]
                )
            except services.NameTaken as refusal:
                pages.refuse(form, refusal, field="name")
            else:
                context = {"created": created, "usage": usage.current()}
                return pages.page(request, "tokens/created.html", context)
    return pages.page(request, "tokens/new.html", {"form": form})


@offered
@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: AccountRequest, token_id: str) -> HttpResponse:
    """Call a token something else."""
    form = forms.Name(pages.submitted(request))
    if form.is_valid():
        with pages.told_in(form, field="name"):
            token = services.rename(
                request.account.id, token_id=token_id, name=form.cleaned_data["name"]
            )
            messages.success(request, _("Token renamed."))
            context = {"row": states.of(token)}
            return pages.saved(request, "tokens/rename.html", context, to=_row(token.id))
    if not form.is_bound:
        form.initial = pages.kept(request, {"name": _theirs(request, token_id).name})
    return pages.page(request, "tokens/rename.html", _in_row(token_id) | {"form": form})


@offered
@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: AccountRequest, token_id: str) -> HttpResponse:
    """End a token; a GET asks first."""
    form = Form(pages.submitted(request))
    context = _in_row(token_id) | {"form": form}
    if form.is_valid():
        with pages.told_in(form):
            services.remove(request.account.id, token_id=token_id)
            messages.success(request, _("Token removed."))
            return pages.leave_for(request, reverse("tokens:tokens"))
    else:
        context["row"] = states.of(_theirs(request, token_id))
    return pages.page(request, "tokens/removal.html", context)


def _theirs(request: AccountRequest, token_id: str) -> PersonalAccessToken:
    """The token of the address, if it is the person's own."""
    token = services.held(request.account.id).find(token_id)
    if token is None:
        raise Http404
    return token


def _in_row(token_id: str) -> Context:
    """Where the token stands in the list, and the address of that part of it."""
    return {
        "id": f"row-token-{token_id}",
        "token_id": token_id,
        "back": reverse("tokens:tokens", query={"at": token_id}),
    }


def _row(token_id: str) -> str:
    return f"{_in_row(token_id)['back']}#row-token-{token_id}"


def _page_of(held: services.Held, token_id: str | None) -> int:
    """The number of the page on which this token stands; the first one for any other."""
    places = [place for place, token in enumerate(held.tokens) if token.id == token_id]
    return places[0] // ON_A_PAGE + 1 if places else 1
