"""What was let in before the tenant started, and its end."""

from typing import Any

from accountsite.demo import people
from tests.demo_process import Tenant

BOB = f"/users/{people.id_of('bob')}"


def held(tenant: Tenant, what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tenant.management("GET", f"{BOB}/{what}").json()[what]
    return found


def test_bob_let_an_app_in_on_his_phone(fresh_tenant: Tenant) -> None:
    [session] = held(fresh_tenant, "sessions")
    [grant] = held(fresh_tenant, "grants")

    assert grant["application"]["name"] == "Photo Prints"
    assert session["payload"]["authorizations"]["demo-photo-prints"]["grantId"] == grant["id"]
    assert session["lastSubmission"]["signInContext"]["city"] == "Hull"


def test_a_grant_that_is_revoked_is_gone_from_its_session_too(fresh_tenant: Tenant) -> None:
    [grant] = held(fresh_tenant, "grants")

    answer = fresh_tenant.management("DELETE", f"{BOB}/grants/{grant['id']}")

    assert answer.status_code == 204
    [session] = held(fresh_tenant, "sessions")
    assert session["payload"]["authorizations"] == {}


def test_a_session_takes_its_grants_along(fresh_tenant: Tenant) -> None:
    [session] = held(fresh_tenant, "sessions")
    path = f"{BOB}/sessions/{session['payload']['uid']}"

    fresh_tenant.management("DELETE", path, params={"revokeGrantsTarget": "all"})

    assert (held(fresh_tenant, "sessions"), held(fresh_tenant, "grants")) == ([], [])
