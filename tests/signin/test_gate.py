"""Everyone must be signed in, and nothing is lost on the way."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User as Staff
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accountsite.signin import oidc, services
from accountsite.signin.models import EndReason, Session
from tests.conftest import ALICE, API, HTMX, inspected
from tests.signin.conftest import user
from tests.signin.issuer import ISSUER

pytestmark = pytest.mark.django_db

OPEN = {"signin:start", "signin:callback", "signin:signed_out", "signin:backchannel"}
OPEN |= {"webhooks:logto", "doctor:echo"}  # look at a signature instead
# What a provider answers arrives from its own site, maybe without our cookies: it does nothing then.
OPEN |= {"connections:callback", "connections:callback_of_none"}
OPEN |= {"directory:invitation"}  # who is invited has no session yet, and gets none there
# Only leads on to the password page, which asks.
OPEN |= {"profile:avatar_file", "security:change_password"}


def patterns(resolver=None, prefix="", names=()):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            space = (*names, entry.namespace) if entry.namespace else names
            yield from patterns(entry, prefix + str(entry.pattern), space)
        elif isinstance(entry, URLPattern):
            yield ":".join((*names, entry.name or "")), entry


def test_every_view_asks_for_a_sign_in_but_those_that_say_otherwise():
    unguarded = {
        name
        for name, pattern in patterns()
        if not name.startswith("admin:")
        and getattr(pattern.callback, "login_required", True) is False
    }

    assert unguarded <= OPEN, "a new open door wants a decision"


def test_a_stranger_is_sent_to_sign_in_and_remembered(client):
    response = client.get("/profile/?tab=1")

    assert response["Location"] == "/sign-in/?next=%2Fprofile%2F%3Ftab%3D1"


def test_a_stranger_with_htmx_is_told_to_go_there_and_returns_to_the_page_they_were_on(client):
    response = client.get(
        "/profile/name/", headers={**HTMX, "HX-Current-URL": "http://testserver/profile/"}
    )

    assert response.status_code == 200
    assert response["HX-Redirect"] == "/sign-in/?next=%2Fprofile%2F"


def test_htmx_on_another_site_does_not_choose_where_to_return(client):
    response = client.get("/profile/", headers={**HTMX, "HX-Current-URL": "https://evil.test/trap"})

    assert response["HX-Redirect"] == "/sign-in/?next=%2Fprofile%2F"


def test_a_form_sent_after_the_session_expired_comes_back_filled_after_sign_in(
    alice, issuer, logto, clock
):
    logto.get(f"{API}/sign-in-exp", json={}, status=503)
    clock.shift(timedelta(seconds=site.SESSION_IDLE_SECONDS + 1))
    refused = alice.post(
        "/profile/name/",
        {"name": "Half typed", "postalCode": "1", "new_password": "no", "code": "no"},
    )
    assert refused.status_code == 303
    target = parse_qs(urlsplit(refused["Location"]).query)["next"][0]
    sent = issuer.begin(alice, next=target)

    landed = alice.get("/sign-in/callback/", {"code": "c", "state": sent["state"], "iss": ISSUER})

    assert landed["Location"] == "/profile/name/"
    kept = alice.session["draft"]
    assert kept["fields"] == "name=Half+typed&postalCode=1"


def test_the_form_of_one_person_is_not_shown_to_the_next(alice, issuer, logto, clock):
    clock.shift(timedelta(seconds=site.SESSION_IDLE_SECONDS + 1))
    alice.post("/profile/name/", {"name": "Half typed"})
    issuer.claims = {"sub": "bob000000001"}
    logto.get(f"{API}/users/bob000000001", json=user(id="bob000000001"))
    logto.get(f"{API}/users/bob000000001/roles", json=[])

    issuer.call_back(alice)

    assert alice.session["account"]["id"] == "bob000000001"
    assert "draft" not in alice.session


def test_a_form_without_a_past_session_is_not_kept(client):
    client.post("/profile/name/", {"name": "Whose?"})

    assert "draft" not in client.session


def test_a_person_who_was_signed_out_elsewhere_is_told_so(alice, client, browse):
    services.end_all(account_id=ALICE, reason=EndReason.ENDED_ELSEWHERE)

    response = alice.get("/profile/")

    assert response["Location"] == "/signed-out/?reason=ended_elsewhere&next=%2Fprofile%2F"
    page = browse(client, response["Location"])
    assert page.find("a", href="/sign-in/?next=/profile/")


def test_a_person_suspended_in_logto_is_signed_out_with_the_reason(alice, wire):
    wire.get(f"{API}/users/{ALICE}", json=user(isSuspended=True))
    wire.get(f"{API}/account-center", status=503)
    wire.get(f"{API}/sign-in-exp", status=503)
    wire.get(f"{API}/custom-profile-fields", status=503)

    response = alice.get("/profile/")

    assert response["Location"] == "/signed-out/?reason=suspended"
    assert Session.objects.get(account_id=ALICE).end_reason == "suspended"


def test_a_person_deleted_in_logto_is_signed_out_with_the_reason(alice, wire):
    wire.get(f"{API}/users/{ALICE}", status=404, json={"code": "entity.not_found", "message": "-"})
    wire.get(f"{API}/account-center", status=503)
    wire.get(f"{API}/sign-in-exp", status=503)
    wire.get(f"{API}/custom-profile-fields", status=503)

    response = alice.get("/profile/", headers=HTMX)

    assert response["HX-Redirect"] == "/signed-out/?reason=gone"


def test_staff_may_enter_admin_by_password_when_logto_is_out(client):
    Staff.objects.create_superuser("breakglass", password="long enough for a test")

    client.login(username="breakglass", password="long enough for a test")

    assert client.get("/admin/").status_code == 200
    assert client.get("/profile/").status_code == 302, "but is no person here"


def test_a_person_without_the_role_does_not_enter_admin(alice):
    response = alice.get("/admin/")

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_asks_for_nothing(client, path):
    response = client.get(path, headers={"Host": "10.0.0.7"})

    assert response.status_code == 200


# Signing out


def test_signing_out_asks_first(alice, browse):
    page = browse(alice, "/sign-out/")

    assert page.find("form", action="/sign-out/", method="post")


def test_signing_out_ends_the_session_here_and_then_at_logto(alice, issuer):
    response = alice.post("/sign-out/")

    parts = urlsplit(response["Location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{ISSUER}/session/end"
    query = parse_qs(parts.query)
    assert query["id_token_hint"] == ["an-id-token"]
    assert query["post_logout_redirect_uri"] == ["http://localhost:8000/signed-out/"]
    assert not Session.objects.live().filter(account_id=ALICE).exists()


def test_signing_out_needs_a_csrf_token(sign_in):
    client = sign_in(Client(enforce_csrf_checks=True))

    response = client.post("/sign-out/")

    assert response.status_code == 403
    inspected(response.content.decode())
    assert Session.objects.live().filter(account_id=ALICE).exists()


def test_signing_out_works_while_logto_is_down(alice, wire):
    oidc._client.cache_clear()
    wire.get(f"{ISSUER}/.well-known/openid-configuration", status=503)

    response = alice.post("/sign-out/")

    assert response["Location"] == "/signed-out/?reason=only_here"
    assert not Session.objects.live().filter(account_id=ALICE).exists()


@pytest.mark.parametrize(
    "reason", ["signed_out", "expired", "ended_elsewhere", "suspended", "gone", "only_here", "<b>"]
)
def test_the_page_after_signing_out_offers_the_way_back(client, browse, reason):
    page = browse(client, f"/signed-out/?reason={reason}")

    assert page.find("a", href="/sign-in/?next=/")
    assert "<b>" not in str(page.h1)


# Headers


def test_pages_are_kept_by_no_cache_and_differ_for_htmx(alice):
    response = alice.get("/sign-out/")

    assert response["Cache-Control"] == "no-store"
    assert {"HX-Request", "HX-Request-Type", "Cookie"} <= set(response["Vary"].split(", "))


def test_the_content_security_policy_allows_nothing_inline(alice):
    policy = alice.get("/sign-out/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy


def test_every_answer_carries_its_request_id(client):
    assert client.get("/signed-out/")["X-Request-ID"]


def test_the_language_of_the_browser_is_spoken(client):
    response = client.get("/signed-out/", headers={"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.8"})

    assert response["Content-Language"] == "ko"
