"""The gate: who is signed in, and that everyone is."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from accountsite import pages
from accountsite.pages import SiteRequest
from accountsite.signin import drafts, services
from accountsite.signin.guards import AccountEnded
from accountsite.signin.models import EndReason
from accountsite.signin.session_store import SessionStore

MOST_OF_A_USER_AGENT = 300


class CurrentAccount(MiddlewareMixin):
    """`request.account`, and the end of a session whose account ended in Logto."""

    def process_request(self, request: HttpRequest) -> None:
        """Say who is signed in, and note that they are still there."""
        given = cast("SiteRequest", request)
        presented = request.session.session_key
        given.account = services.account_of(request)
        # A key that opened nothing is let go of: then a former session may tell why it ended.
        was_refused = presented is not None and request.session.session_key is None
        given.past_key = presented if was_refused else None  # type: ignore[attr-defined]
        if given.account is not None:
            cast("SessionStore", request.session).seen(
                address=given.client_address or None,
                user_agent=request.headers.get("User-Agent", "")[:MOST_OF_A_USER_AGENT],
            )

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Sign out who is suspended or gone, with the reason."""
        if not isinstance(error, AccountEnded):
            return None
        services.end_this(request, error.reason)
        return pages.leave_for(request, _farewell(error.reason))


class SignInRequired(LoginRequiredMiddleware):
    """Everyone must be signed in, but where a view wears `@login_not_required`."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Let through who may pass; send the others to sign in."""
        if getattr(view_func, "login_required", True) is False:
            return None
        if cast("SiteRequest", request).account is not None:
            return None
        match = request.resolver_match
        if match is not None and match.app_name == "admin":
            return None  # Django admin asks for staff itself, who need not have come by Logto
        return self.handle_no_permission(request, view_func)

    def handle_no_permission(  # type: ignore[override] # htmx is not sent a redirect
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        """Ask for a sign-in, tell why the last one ended, and keep what was typed."""
        past = SessionStore.past(key) if (key := _past_key(request)) else None
        if request.method == "POST" and past is not None and past.account_id:
            drafts.keep(request, account_id=past.account_id)
        told = {EndReason.ENDED_ELSEWHERE, EndReason.SUSPENDED, EndReason.GONE}
        if past is not None and past.end_reason in told:
            return pages.leave_for(request, _farewell(EndReason(past.end_reason), _target(request)))
        return pages.leave_for(request, reverse("signin:start", query={"next": _target(request)}))


def _past_key(request: HttpRequest) -> str | None:
    return getattr(request, "past_key", None)


def _target(request: HttpRequest) -> str:
    """Where to go on after sign-in: the form that was sent, or the page the person is on."""
    htmx = cast("SiteRequest", request).htmx
    if htmx and request.method == "GET" and htmx.current_url_abs_path:
        return str(htmx.current_url_abs_path)
    return request.get_full_path() if request.method == "GET" else request.path


def _farewell(reason: EndReason, target: str = "") -> str:
    query = {"reason": reason.value} | ({"next": target} if target else {})
    return reverse("signin:signed_out", query=query)
