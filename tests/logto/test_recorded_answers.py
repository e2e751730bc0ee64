"""Answers recorded from a real Logto, each read by the function that would have asked for it.

Name the folder that holds them with ACCOUNTSITE_RECORDINGS. It has a folder `recordings` for the
Management API and one `recordings-account-api`; a file holds one request and its answer.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import responses
from django.conf import settings

from accountsite.logto import (
    account_api,
    account_center,
    connectors,
    credentials,
    errors,
    grants,
    hooks,
    identities,
    logs,
    mfa,
    organizations,
    passwords,
    profile_fields,
    roles,
    sessions,
    sign_in_experience,
    status,
    tokens,
    transport,
    users,
    verification_codes,
)

FOLDER = os.environ.get("ACCOUNTSITE_RECORDINGS")

U, A = "/api/users/[^/]+", "/api/my-account"
# What reads the answer to a method and path. The last row that fits is used.
BY_REQUEST: list[tuple[str, str, Callable[[], Any]]] = [
    ("GET", "/api/users", users.search),
    ("POST", "/api/users", lambda: users.create(username="ada")),
    ("GET", U, lambda: users.get("u1", with_enterprise=True)),
    ("PATCH", U, lambda: users.update("u1", name="Ada")),
    ("DELETE", U, lambda: users.delete("u1")),
    ("PATCH", f"{U}/profile", lambda: users.update_profile("u1", {})),
    ("GET", f"{U}/custom-data", lambda: users.custom_data("u1")),
    ("PATCH", f"{U}/custom-data", lambda: users.update_custom_data("u1", {})),
    ("PATCH", f"{U}/is-suspended", lambda: users.suspend("u1")),
    ("PATCH", f"{U}/password", lambda: passwords.change("u1", "new")),
    ("PATCH", f"{U}/password/expiration", lambda: passwords.set_expired("u1", is_expired=True)),
    ("POST", f"{U}/password/verify", lambda: passwords.verify("u1", "old")),
    ("GET", f"{U}/has-password", lambda: passwords.is_set("u1")),
    ("POST", "/api/sign-in-exp/default/check-password", lambda: passwords.check("new")),
    ("GET", f"{U}/all-identities", lambda: identities.of_user("u1")),
    ("GET", f"{U}/identities/[^/]+", lambda: identities.get("u1", target="t")),
    ("PUT", f"{U}/identities/[^/]+", lambda: identities.put("u1", target="t", subject="s")),
    ("DELETE", f"{U}/identities/[^/]+", lambda: identities.delete("u1", target="t")),
    ("POST", f"{U}/identities", lambda: identities.link("u1", connector_id="c", data={})),
    (
        "GET",
        f"{U}/sso-identities/[^/]+",
        lambda: identities.get_enterprise("u1", connector_id="c"),
    ),
    ("GET", "/api/connectors", connectors.every),
    ("GET", "/api/connectors/[^/]+", lambda: connectors.get("c")),
    (
        "POST",
        "/api/connectors/[^/]+/authorization-uri",
        lambda: connectors.authorization_uri("c", state="s", redirect_uri="r"),
    ),
    ("GET", f"{U}/mfa-verifications", lambda: mfa.of_user("u1")),
    ("POST", f"{U}/mfa-verifications", lambda: mfa.add_totp("u1", secret="S")),
    ("DELETE", f"{U}/mfa-verifications/[^/]+", lambda: mfa.delete("u1", factor_id="f")),
    ("GET", f"{U}/logto-configs", lambda: mfa.settings("u1")),
    ("PATCH", f"{U}/logto-configs", lambda: mfa.update_settings("u1", is_enabled=True)),
    ("GET", f"{U}/personal-access-tokens", lambda: tokens.of_user("u1")),
    ("POST", f"{U}/personal-access-tokens", lambda: tokens.create("u1", name="n")),
    ("PATCH", f"{U}/personal-access-tokens", lambda: tokens.rename("u1", name="n", new_name="m")),
    ("POST", f"{U}/personal-access-tokens/delete", lambda: tokens.delete("u1", name="n")),
    ("GET", f"{U}/sessions", lambda: sessions.of_user("u1")),
    ("GET", f"{U}/sessions/[^/]+", lambda: sessions.get("u1", session_id="s")),
    ("DELETE", f"{U}/sessions/[^/]+", lambda: sessions.end("u1", session_id="s")),
    ("GET", f"{U}/trusted-devices", lambda: sessions.trusted_devices("u1")),
    ("GET", f"{U}/grants", lambda: grants.of_user("u1")),
    ("DELETE", f"{U}/grants/[^/]+", lambda: grants.revoke("u1", grant_id="g")),
    ("GET", f"{U}/organizations", lambda: organizations.of_user("u1")),
    ("GET", f"{U}/roles", lambda: roles.of_user("u1")),
    ("POST", f"{U}/roles", lambda: roles.assign("u1", role_ids=["r"])),
    ("PUT", f"{U}/roles", lambda: roles.replace("u1", role_ids=[])),
    ("DELETE", f"{U}/roles/[^/]+", lambda: roles.remove("u1", role_id="r")),
    ("POST", "/api/verification-codes", lambda: verification_codes.send_email("a@b.c")),
    (
        "POST",
        "/api/verification-codes/verify",
        lambda: verification_codes.verify_email("a@b.c", "123456"),
    ),
    ("GET", "/api/logs", logs.search),
    ("GET", "/api/logs/[^/]+", lambda: logs.get("l")),
    ("GET", "/api/hooks", hooks.every),
    ("GET", "/api/sign-in-exp", sign_in_experience.get),
    ("GET", "/api/account-center", account_center.get),
    ("GET", "/api/custom-profile-fields", profile_fields.every),
    ("GET", "/api/status", status.is_up),
    ("POST", "/oidc/token", credentials.fetch),
    ("GET", A, lambda: account_api.me("t")),
    ("GET", f"{A}/mfa-verifications", lambda: account_api.factors("t")),
    (
        "POST",
        f"{A}/mfa-verifications",
        lambda: account_api.add_totp("t", secret="S", code="1", proof="p"),
    ),
    (
        "DELETE",
        f"{A}/mfa-verifications/[^/]+",
        lambda: account_api.delete_factor("t", factor_id="f", proof="p"),
    ),
    (
        "GET",
        f"{A}/mfa-verifications/backup-codes",
        lambda: account_api.backup_codes("t", proof="p"),
    ),
    ("GET", f"{A}/mfa-settings", lambda: account_api.skips_mfa_at_sign_in("t", proof="p")),
    (
        "PATCH",
        f"{A}/mfa-settings",
        lambda: account_api.set_skips_mfa_at_sign_in("t", skips=True, proof="p"),
    ),
    (
        "POST",
        f"{A}/identities",
        lambda: account_api.link_identity("t", verification_id="v", proof="p"),
    ),
    (
        "DELETE",
        f"{A}/identities/[^/]+",
        lambda: account_api.unlink_identity("t", target="t", proof="p"),
    ),
    ("GET", f"{A}/sessions", lambda: account_api.own_sessions("t", proof="p")),
    ("POST", "/api/verifications/password", lambda: account_api.verify_password("t", "old")),
    (
        "POST",
        "/api/verifications/verification-code",
        lambda: account_api.send_code("t", email="a@b.c"),
    ),
    (
        "POST",
        "/api/verifications/verification-code/verify",
        lambda: account_api.verify_code("t", verification_id="v", code="1", email="a@b.c"),
    ),
    (
        "POST",
        "/api/verifications/social",
        lambda: account_api.start_social("t", connector_id="c", state="s", redirect_uri="r"),
    ),
    (
        "POST",
        "/api/verifications/social/verify",
        lambda: account_api.finish_social("t", verification_id="v", data={}),
    ),
    (
        "POST",
        "/api/verifications/web-authn/registration",
        lambda: account_api.start_passkey("t"),
    ),
]

# What a refusal may be whose code has no class of its own.
BY_STATUS = {
    401: (errors.Unauthorized, errors.PersonTokenRefused, errors.ProofNeeded),
    403: (errors.Forbidden,),
    404: (errors.NotFound, errors.NotOffered),
    405: (errors.NotOffered,),
    422: (errors.Conflict, errors.Invalid),
    429: (errors.TooManyRequests,),
    500: (errors.Unavailable,),
}


def recordings() -> list[Path]:
    folders = ("recordings", "recordings-account-api", "recordings-dev-features")
    return sorted(
        path
        for folder in folders
        for path in Path(FOLDER or "").glob(f"{folder}/*.json")
        if FOLDER and not path.name.startswith("_")
    )


def asker(method: str, path: str) -> Callable[[], Any]:
    """The function for it; where the site has none, a plain call, whose refusal must be right."""
    for wanted, pattern, function in reversed(BY_REQUEST):
        if wanted == method and re.fullmatch(pattern, path):
            return function
    if path.startswith("/api/my-account"):
        return lambda: account_api._change(method, path.removeprefix("/api"), token="t")
    return lambda: transport.send(method, path)


@pytest.mark.skipif(not FOLDER, reason="ACCOUNTSITE_RECORDINGS names no folder")
@pytest.mark.parametrize("path", recordings(), ids=lambda path: path.stem)
def test_a_recorded_answer_is_understood(path: Path):
    recorded = json.loads(path.read_text())
    request = recorded["request"]
    ask = asker(request["method"], request["path"])
    with responses.RequestsMock(assert_all_requests_are_fired=False) as wire:
        answer_to_all(wire, recorded)
        if recorded["status"] < 400:
            ask()
            return
        if ask is status.is_up or is_verdict(recorded["body"]):
            assert not ask() or ask is not status.is_up
            return
        with pytest.raises(errors.LogtoError) as caught:
            ask()

    assert_right(recorded, caught.value)


def answer_to_all(wire: responses.RequestsMock, recorded: dict[str, Any]) -> None:
    """Give the recorded answer to whatever is asked, and a token where that is not the question."""
    body = recorded["body"]
    is_text = body is None or isinstance(body, str)
    content = {"body": body or ""} if is_text else {"json": body}
    headers = {
        key: value for key, value in recorded["headers"].items() if key.lower() != "content-type"
    }
    kind = recorded["headers"].get("content-type", "text/plain")
    token_url = f"{settings.LOGTO_ENDPOINT}/oidc/token"
    if recorded["request"]["path"] != "/oidc/token":
        token = {"access_token": "t", "expires_in": 3600, "scope": "all"}
        wire.post(token_url, json=token)
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        wire.add(
            method,
            re.compile(".*"),
            status=recorded["status"],
            headers=headers,
            content_type=kind,
            **content,
        )


def is_verdict(body: Any) -> bool:
    return isinstance(body, dict) and "result" in body


def assert_right(recorded: dict[str, Any], error: errors.LogtoError) -> None:
    body = recorded["body"]
    code = body.get("code", "") if isinstance(body, dict) else ""
    if isinstance(error, errors.Rejected):
        assert (error.status, error.code) == (recorded["status"], code)
    if recorded["request"]["path"] == "/oidc/token":
        assert isinstance(error, errors.Unauthorized)
    elif errors.is_known(code):
        assert code in type(error).codes
    else:
        allowed = BY_STATUS.get(recorded["status"], (errors.Invalid,))
        assert isinstance(error, allowed)
