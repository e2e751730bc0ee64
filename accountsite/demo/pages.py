"""What the tenant's pages have in common: headers, brand, style."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from accountsite.demo import state

type View = Callable[[HttpRequest], HttpResponse]

STYLE = Path(__file__).parent / "style.css"
PASSKEY_SCRIPT = Path(__file__).parent / "passkey.js"
HEADERS = {
    "Cache-Control": "no-store",
    # No form-action: browsers hold it against redirects too, and a sign-in ends at another origin.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data: https:; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    # Not "no-referrer": browsers then send forms from the origin "null", which CSRF checks refuse.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Headers:
    """The middleware that adds them to every answer which does not say otherwise.

    It also refuses other host names than ours, so that no foreign name can be pointed at us.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.get_host()
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response


def for_programs(view: View) -> View:
    """An address for tests and the launcher: no page of another origin can reach it.

    What it can't read, it answers with 400 and a `message`.
    """

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            return JsonResponse({"message": "Not from another site's page."}, status=403)
        try:
            return view(request)
        except (KeyError, TypeError, ValueError) as error:
            return JsonResponse({"message": str(error)}, status=400)

    return wrapped


def brand(_request: HttpRequest) -> dict[str, Any]:
    """For the templates: how the tenant's sign-in experience looks."""
    with state.tenant.lock:
        experience = state.tenant.sign_in_experience
        return {
            "support_email": experience.get("supportEmail"),
            "privacy_url": experience.get("privacyPolicyUrl"),
            "terms_url": experience.get("termsOfUseUrl"),
        }


@require_safe
def style(_request: HttpRequest) -> HttpResponse:
    """The style sheet, in the tenant's own colours."""
    with state.tenant.lock:
        color = state.tenant.sign_in_experience.get("color", {})
    light = color.get("primaryColor", "#5d34f2")
    dark = color.get("darkPrimaryColor", light)
    tokens = f":root {{ --brand: light-dark({light}, {dark}); }}\n"
    return HttpResponse(tokens + STYLE.read_text(encoding="utf-8"), content_type="text/css")


@require_safe
def passkey_script(_request: HttpRequest) -> HttpResponse:
    """The script that asks the browser for a passkey, on the page that may have one."""
    content = PASSKEY_SCRIPT.read_text(encoding="utf-8")
    return HttpResponse(content, content_type="text/javascript")


def with_script(response: HttpResponse) -> HttpResponse:
    """Let a page run our scripts; the others run none."""
    policy = HEADERS["Content-Security-Policy"]
    response["Content-Security-Policy"] = f"{policy}; script-src 'self'"
    return response
