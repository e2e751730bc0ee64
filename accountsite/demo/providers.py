"""Fake providers of social accounts: a page where the visitor picks who they are there, or refuses.

As at a real provider, the answer goes back to `redirect_uri` with `code` and `state`, or with
`error=access_denied`; that of Apple in a form, but to this tenant's own pages, which read none. The
code is kept in `tenant.provider_codes` and is good once.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from accountsite.demo.state import Json, new_id, tenant

PAGES = {
    "github": "GitHub",
    "google": "Google",
    "apple": "Apple",
    "x": "X",
    "mock-social": "Mock Social",
}
# Apple has the browser send a form, with the answer in it: its `response_mode` is form_post.
BY_FORM = {"apple"}
# Logto's connector for tests asks nobody: it believes what stands in the answer.
TALKATIVE = {"mock-social"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}

# Who a visitor can be there. The first one is whom alice has linked at GitHub.
ACCOUNTS: tuple[Json, ...] = (
    {"id": "1865", "name": "Alice Liddell", "email": "alice@users.example.com"},
    {"id": "2011", "name": "Frank Fishfootman", "email": "frank@users.example.com"},
    {"id": "2012", "name": "Grace Gryphon", "email": "grace@users.example.com"},
    {"id": "2013", "name": "Without an email", "email": None},
)
SOMEBODY_NEW = "new"  # to be picked in place of an id: an account that nobody has linked yet


def authorization_uri(target: str, *, state: str, redirect_uri: str) -> str:
    """Where a browser goes to pick an account at this provider."""
    query = {
        "client_id": f"demo-{target}",
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": "profile email",
        "state": state,
    }
    path = reverse("demo:provider", args=[target])
    return f"{tenant.endpoint}{path}?{urlencode(query)}"


def take(code: str, target: str) -> Json | None:
    """The account that was picked, once. Call it under the tenant's lock."""
    picked: Json | None = tenant.provider_codes.pop(code, None)
    return picked if picked and picked["target"] == target else None


@require_http_methods(["GET", "POST"])
@csrf_protect
def provider(request: HttpRequest, target: str) -> HttpResponse:
    """The provider's page."""
    redirect_uri = request.GET.get("redirect_uri", "")
    if target not in PAGES or not _is_on_this_machine(redirect_uri):
        error = {"error": "invalid_request", "error_description": "Nobody can be sent back there."}
        return render(request, "demo/problem.html", {"error": error}, status=400)
    if request.method == "POST":
        return _answer(request, redirect_uri, target)
    context = {
        "provider": PAGES[target],
        "accounts": ACCOUNTS,
        "host": urlsplit(redirect_uri).netloc,
        "here": request.get_full_path(),
    }
    return render(request, "demo/provider.html", context)


def _picked(account: str | None) -> Json | None:
    if account == SOMEBODY_NEW:
        return {"id": new_id(12), "name": "Hatta Newcomer", "email": None}
    return next((one for one in ACCOUNTS if one["id"] == account), None)


def _is_on_this_machine(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK


def _answer(request: HttpRequest, redirect_uri: str, target: str) -> HttpResponse:
    given_state = request.GET.get("state", "")
    picked = _picked(request.POST.get("account"))
    if picked:
        code = new_id(21)
        with tenant.lock:
            tenant.provider_codes[code] = picked | {"target": target, "avatar": None}
        answer = {"code": code}
        if target in TALKATIVE:
            told = {"userId": picked["id"], "name": picked["name"], "email": picked["email"]}
            answer |= {name: value for name, value in told.items() if value}
    else:
        answer = {
            "error": "access_denied",
            "error_description": "The person did not let the application in.",
        }
    answer["state"] = given_state
    if target in BY_FORM and not redirect_uri.startswith(tenant.endpoint):
        context = {"provider": PAGES[target], "redirect_uri": redirect_uri, "answer": answer}
        return render(request, "demo/provider_answer.html", context)
    parts = urlsplit(redirect_uri)
    query = urlencode([*parse_qsl(parts.query), *answer.items()])
    return HttpResponse(status=303, headers={"Location": parts._replace(query=query).geturl()})
