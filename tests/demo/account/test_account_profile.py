"""What people write into their own account, and their password."""

import pytest

from tests.demo.account.owner import Owner, signed_in
from tests.demo.management import Api
from tests.demo.oidc.visitor import Application, Browser
from tests.demo.test_api_hooks import until
from tests.demo_process import Tenant

ACCOUNT = {
    "id",
    "username",
    "primaryEmail",
    "primaryPhone",
    "name",
    "avatar",
    "customData",
    "identities",
    "lastSignInAt",
    "createdAt",
    "updatedAt",
    "profile",
    "applicationId",
    "cimdClientId",
    "isSuspended",
    "hasPassword",
    "hasSecurityVerificationMethod",
}


def test_the_account_is_shown_whole(alice: Owner):
    account = alice.get("/my-account")

    assert set(account) == ACCOUNT
    assert account["profile"]["address"]["locality"] == "Hull"


def test_a_change_is_answered_with_the_account(alice: Owner):
    account = alice.patch("/my-account", {"name": "Alice P. Liddell"})

    assert set(account) == ACCOUNT
    assert alice.tenant.user("alice")["name"] == account["name"] == "Alice P. Liddell"


def test_custom_data_is_replaced_whole(alice: Owner):
    assert alice.patch("/my-account", {"customData": {"a": 1}})["customData"] == {"a": 1}


def test_the_profile_is_merged(alice: Owner):
    profile = alice.patch("/my-account/profile", {"nickname": "Ally", "address": {"country": "GB"}})

    assert (profile["nickname"], profile["givenName"]) == ("Ally", "Alice")
    assert profile["address"] == {"country": "GB"}


def test_an_avatar_must_be_a_url(alice: Owner):
    answer = alice.patch("/my-account", {"avatar": "nope"}, 400)

    assert answer["code"] == "guard.invalid_input"
    [issue] = answer["data"]["issues"]
    assert (issue["validation"], issue["path"]) == ("url", ["avatar"])


def test_a_username_is_changed(sure: Owner):
    assert sure.patch("/my-account", {"username": "alice_l"})["username"] == "alice_l"


def test_a_taken_username_is_refused(sure: Owner):
    refused = sure.refused("PATCH", "/my-account", {"username": "bob"}, status=422)

    assert refused == "user.username_already_in_use"


@pytest.mark.parametrize(
    ("username", "code"),
    [("Ali", "uppercase_not_allowed"), ("al", "too_short"), ("ali1", "numbers_not_allowed")],
)
def test_a_username_keeps_the_tenants_policy(sure: Owner, username: str, code: str):
    policy = {
        "caseSensitive": True,
        "minLength": 3,
        "maxLength": 9,
        "allowedChars": {
            "lowercase": True,
            "uppercase": False,
            "numbers": False,
            "underscore": False,
        },
    }
    sure.tenant.management("PATCH", "/sign-in-exp", json={"usernamePolicy": policy})

    refused = sure.refused("PATCH", "/my-account", {"username": username}, status=422)

    assert refused == f"user.username_{code}"


def test_the_last_identifier_stays(sure: Owner):
    sure.delete("/my-account/identities/github")
    sure.delete("/my-account/primary-email")
    sure.delete("/my-account/primary-phone")

    refused = sure.refused("PATCH", "/my-account", {"username": None}, status=400)

    assert refused == "user.last_sign_in_method_required"


def test_the_last_account_elsewhere_stays_too(sure: Owner):
    path = f"/users/{sure.tenant.user('alice')['id']}"
    bare = {"username": None, "primaryEmail": None, "primaryPhone": None}
    assert sure.tenant.management("PATCH", path, json=bare).ok

    refused = sure.refused("DELETE", "/my-account/identities/github", status=400)

    assert refused == "user.last_sign_in_method_required"


def test_a_change_is_told_to_webhooks_but_not_by_which_call(sure: Owner):
    api = Api(sure.tenant)
    hook = {"name": "Test", "events": ["User.Data.Updated"]}
    config = {"config": {"url": "http://127.0.0.1:1/"}}
    path = f"/hooks/{api.post('/hooks', hook | config, 201)['id']}/recent-logs"

    sure.patch("/my-account", {"name": "Al"})

    [row] = until(lambda: api.get(path))
    body = row["payload"]["hookRequest"]["body"]
    assert set(body) == {"event", "createdAt", "userAgent", "ip", "data", "hookId"}
    assert body["data"]["name"] == "Al"


def test_a_new_password_signs_in_and_the_old_one_does_not(sure: Owner, application: Application):
    sure.post("/my-account/password", {"password": "Wobbly-Kettle-77"})

    browser = Browser(sure.tenant)
    browser.open(application.address())
    old = browser.submit("Sign in", identifier="alice", password="Teacup-Orbit-27")
    new = browser.submit("Sign in", identifier="alice", password="Wobbly-Kettle-77")
    assert (old.status, new.status) == (422, 303)


def test_a_password_that_the_policy_refuses_comes_with_every_issue(sure: Owner):
    answer = sure.post("/my-account/password", {"password": "abcdefghijk"}, 422)

    assert answer["code"] == "password.rejected"
    assert answer["data"] == [
        {"code": "password_rejected.character_types", "interpolation": {"min": 2}},
        {"code": "password_rejected.restricted.sequence"},
    ]


def test_the_same_password_is_refused(sure: Owner):
    body = {"password": "Teacup-Orbit-27"}

    assert sure.refused("POST", "/my-account/password", body, status=422) == "user.same_password"


def test_a_wrong_password_proves_nothing_however_often_it_is_tried(alice: Owner):
    for _ in range(15):
        refused = alice.refused(
            "POST", "/verifications/password", {"password": "wrong"}, status=422
        )
        assert refused == "session.invalid_credentials"

    alice.prove("Teacup-Orbit-27")


def test_a_picture_is_kept_by_its_content(alice: Owner):
    png = b"\x89PNG\r\n\x1a\n rest"
    path = "/my-account/user-assets/avatar"

    url = alice.call("POST", path, status=200, files={"file": ("a.svg", png, "text/html")})["url"]

    kept = alice.tenant.http.get(url)
    assert (kept.content, kept.headers["Content-Type"]) == (png, "image/png")


def test_a_drawing_that_could_hold_a_script_is_no_picture(alice: Owner):
    files = {"file": ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png")}

    answer = alice.call("POST", "/my-account/user-assets/avatar", status=400, files=files)

    assert answer["code"] == "guard.mime_type_not_allowed"


def test_sessions_tell_which_one_is_this(tenant: Tenant, application: Application):
    other = signed_in(tenant, application, "alice")
    alice = signed_in(tenant, application, "alice")
    alice.prove(tenant.password_of("alice"))

    sessions = alice.get("/my-account/sessions")["sessions"]

    assert [session["isCurrent"] for session in sessions] == [False, True]
    alice.delete(f"/my-account/sessions/{sessions[0]['payload']['uid']}?revokeGrantsTarget=all")
    assert other.refused("GET", "/my-account", status=401) == "auth.unauthorized"
    alice.get("/my-account")


def test_a_session_that_is_not_there_is_400(sure: Owner):
    answer = sure.delete("/my-account/sessions/nosuch", 400)

    assert (answer["code"], answer["data"]) == ("oidc.session_not_found", {"status": 404})


def test_a_grant_is_shown_and_revoked(sure: Owner, application: Application):
    [grant] = sure.get("/my-account/grants")["grants"]
    assert grant["application"] == {"id": application.id, "name": "Berths"}

    sure.delete(f"/my-account/grants/{grant['id']}")

    assert sure.refused("GET", "/my-account", status=401) == "auth.unauthorized"


def test_a_grant_of_somebody_else_is_404(sure: Owner):
    assert sure.refused("DELETE", "/my-account/grants/nosuch", status=404) == "oidc.invalid_grant"
