"""What tests and the launcher may do with the tenant that no real one offers. Loopback only."""

import dataclasses
import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountsite.demo import faults, inbox, pages, seed, state, webhooks, writes
from accountsite.demo.oidc import bearer, keys, past, store
from accountsite.demo.state import Message

SITE_PATHS = {
    "redirectUris": "/sign-in/callback/",
    "postLogoutRedirectUris": "/signed-out/",
}

_planted: list[seed.Options] = []


def plant(options: seed.Options) -> None:
    """Forget everything that happened, and seed. Signing keys stay."""
    _planted[:] = [options]
    with state.tenant.lock:
        seed.fill(state.tenant, options)
        store.clear()
        past.add()
    faults.clear()
    writes.clear()
    state.clock.ahead = 0


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who lives here, and where the inbox is."""
    context = {"people": seed.PEOPLE, "site": _planted[0].site}
    return render(request, "demo/home.html", context)


@pages.for_programs
@require_http_methods(["GET", "HEAD", "POST"])
def inbox_page(request: HttpRequest) -> HttpResponse:
    """The newest messages, of one address if `address` is given; a POST adds the site's mails.

    `{"to": ["alice@example.com"], "subject": "…", "text": "…"}` is a message for each recipient.
    """
    if request.method == "POST":
        mail = json.loads(request.body)
        with state.tenant.lock:
            for address in mail["to"]:
                state.tenant.send(address, subject=mail["subject"], text=mail["text"])
        return HttpResponse(status=204)
    address = request.GET.get("address", "").strip().removeprefix("+")
    context = {"messages": _messages(address), "address": address}
    return render(request, "demo/inbox.html", context)


@require_safe
def inbox_json(request: HttpRequest) -> JsonResponse:
    """The same for programs: `{"messages": […]}`, newest first, times in milliseconds."""
    found = _messages(request.GET.get("address", "").strip().removeprefix("+"))
    return JsonResponse({"messages": [dataclasses.asdict(message) for message in found]})


@pages.for_programs
@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """Forget everything and seed again, without faults. Keys and faults of before are gone.

    Webhooks on their way arrive first: nobody hears later of what is forgotten.
    """
    faults.clear()
    webhooks.settle()
    plant(_planted[0])
    return HttpResponse(status=204)


@pages.for_programs
@require_POST
def rotate_keys(request: HttpRequest) -> JsonResponse:
    """Sign with a new key from now on; the old one stays in the key set if `keep_old` is true."""
    keep_old = bool(json.loads(request.body or b"{}").get("keep_old", True))
    key_id = keys.rotate(keep_old=keep_old)
    bearer.forget()
    return JsonResponse({"kid": key_id})


@pages.for_programs
@require_http_methods(["GET", "POST"])
def revoke_tokens(request: HttpRequest) -> JsonResponse:
    """Refuse, by 401, all access tokens that applications got for the API so far.

    A GET revokes nothing; both answer how many calls came with a revoked one since the last POST.
    Logto itself can only do so by changing its keys; `rotate_keys` without the old ones does that,
    and makes ID tokens worthless too.
    """
    if request.method == "POST":
        bearer.revoke()
    return JsonResponse({"refused": bearer.refused()})


@pages.for_programs
@require_http_methods(["PUT"])
def set_clock(request: HttpRequest) -> JsonResponse:
    """Set the tenant's clock wrong: `{"ahead": -90}`, in seconds, behind where it is negative."""
    state.clock.ahead = int(float(json.loads(request.body)["ahead"]) * 1000)
    return JsonResponse({"ahead": state.clock.ahead / 1000, "now": state.now()})


@pages.for_programs
@require_POST
def register_site(request: HttpRequest) -> HttpResponse:
    """Let the site be at this origin too: `{"origin": "http://localhost:8123"}`.

    Its addresses are added to those of the site's application, and it may register passkeys;
    back-channel logouts and webhooks go to the origin that was registered last.
    """
    origin = str(json.loads(request.body)["origin"]).rstrip("/")
    with state.tenant.lock:
        application = state.tenant.applications[_planted[0].client_id]
        metadata = application["oidcClientMetadata"]
        for name, path in SITE_PATHS.items():
            metadata[name] = list(dict.fromkeys([*metadata[name], origin + path]))
        metadata["backchannelLogoutUri"] = f"{origin}/sign-out/backchannel/"
        related = state.tenant.account_center["webauthnRelatedOrigins"]
        if origin not in related:
            related.append(origin)
        state.tenant.hooks[seed.SITE_HOOK]["config"]["url"] = f"{origin}{seed.WEBHOOK_PATH}"
    return HttpResponse(status=204)


def _messages(address: str) -> list[Message]:
    with state.tenant.lock:
        found = [one for one in state.tenant.messages if address in ("", one.to)]
    return found[: -inbox.SHOWN - 1 : -1]
