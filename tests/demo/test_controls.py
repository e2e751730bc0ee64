"""Faults on request, and the other things that only a demo tenant does."""

import contextlib
import time
from typing import Any

import pytest
import requests

from tests.demo_process import Tenant


def test_a_status_strikes_as_often_as_asked(fresh_tenant: Tenant) -> None:
    fresh_tenant.faults.add(path="/api/status", status=503, body={"message": "no"}, times=2)

    answers = [fresh_tenant.http.get(f"{fresh_tenant.endpoint}/api/status") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 204]
    assert answers[0].json() == {"message": "no"}
    assert fresh_tenant.faults.hits() == [2]


def test_a_fault_is_for_its_method_and_path_only(fresh_tenant: Tenant) -> None:
    fresh_tenant.faults.add(path="/api/users", method="PATCH", status=500)

    assert fresh_tenant.management("GET", "/users").ok
    assert fresh_tenant.management("PATCH", "/users/nobody", json={}).status_code == 500


def test_a_dropped_connection_gives_no_answer(fresh_tenant: Tenant) -> None:
    fresh_tenant.faults.add(path="/api/status", drop=True, times=1)

    with pytest.raises(requests.ConnectionError):
        fresh_tenant.http.get(f"{fresh_tenant.endpoint}/api/status")
    assert fresh_tenant.http.get(f"{fresh_tenant.endpoint}/api/status").ok


def test_a_tenant_that_is_down_answers_nothing_until_it_is_reset(fresh_tenant: Tenant) -> None:
    fresh_tenant.faults.everywhere(down=True)
    with pytest.raises(requests.ConnectionError):
        fresh_tenant.http.get(f"{fresh_tenant.endpoint}/oidc/jwks")
    assert fresh_tenant.faults.turned_away() == 1

    fresh_tenant.faults.reset()

    assert fresh_tenant.http.get(f"{fresh_tenant.endpoint}/oidc/jwks").ok


@pytest.mark.parametrize("everywhere", [True, False])
def test_a_delay_is_kept(fresh_tenant: Tenant, everywhere: bool) -> None:  # noqa: FBT001
    if everywhere:
        fresh_tenant.faults.everywhere(delay_ms=200)
    else:
        fresh_tenant.faults.add(path="/api/status", delay_ms=200)
    started = time.monotonic()

    assert fresh_tenant.http.get(f"{fresh_tenant.endpoint}/api/status").ok

    assert time.monotonic() - started >= 0.2


def test_a_chance_strikes_the_same_requests_for_the_same_seed(fresh_tenant: Tenant) -> None:
    def answers() -> list[int]:
        fresh_tenant.faults.reset()
        fresh_tenant.faults.add(path="/api/status", status=500, chance=0.5, seed=7)
        address = f"{fresh_tenant.endpoint}/api/status"
        return [fresh_tenant.http.get(address).status_code for _ in range(20)]

    first = answers()

    assert {*first} == {204, 500}
    assert answers() == first


@pytest.mark.parametrize("loss", [{"status": 502}, {"drop": True}])
def test_a_fault_can_lose_the_answer_to_what_took_effect(
    fresh_tenant: Tenant, loss: dict[str, Any]
) -> None:
    bob = fresh_tenant.user("bob")["id"]
    fresh_tenant.faults.add(method="PATCH", after=True, **loss)

    with contextlib.suppress(requests.ConnectionError):
        answer = fresh_tenant.management("PATCH", f"/users/{bob}", json={"name": "Robert"})
        assert answer.status_code == 502

    fresh_tenant.faults.reset()
    assert fresh_tenant.user("bob")["name"] == "Robert"


def test_a_busy_tenant_says_how_long_to_wait(fresh_tenant: Tenant) -> None:
    fresh_tenant.faults.add(path="/api/status", status=429, retry_after=3)

    answer = fresh_tenant.http.get(f"{fresh_tenant.endpoint}/api/status")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")


def test_faults_end_by_their_name(fresh_tenant: Tenant) -> None:
    fresh_tenant.faults.add(name="errors", path="/api/status", status=500)
    fresh_tenant.faults.add(name="slow", path="/api/nowhere", delay_ms=1)

    assert fresh_tenant.faults.hits("slow") == [0]

    fresh_tenant.faults.remove("errors")

    assert fresh_tenant.http.get(f"{fresh_tenant.endpoint}/api/status").ok
    assert len(fresh_tenant.faults.hits()) == 1


def test_revoked_tokens_are_refused_and_new_ones_are_not(fresh_tenant: Tenant) -> None:
    answer = fresh_tenant.management("GET", "/users")
    headers = {"Authorization": answer.request.headers["Authorization"]}
    address = f"{fresh_tenant.endpoint}/api/users"
    assert fresh_tenant.http.get(address, headers=headers).ok

    fresh_tenant.revoke_tokens()

    refused = fresh_tenant.http.get(address, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "auth.unauthorized")
    assert fresh_tenant.management("GET", "/users").ok
    assert fresh_tenant.refused_tokens() == 1


def test_the_clock_can_be_wrong(fresh_tenant: Tenant) -> None:
    fresh_tenant.set_clock(ahead=-3600)

    made = fresh_tenant.management("POST", "/users", json={"username": "humpty"}).json()

    assert made["createdAt"] / 1000 == pytest.approx(time.time() - 3600, abs=30)
    fresh_tenant.reset()
    made = fresh_tenant.management("POST", "/users", json={"username": "humpty"}).json()
    assert made["createdAt"] / 1000 == pytest.approx(time.time(), abs=30)


def test_what_took_effect_is_written_down_with_the_request_that_asked(
    fresh_tenant: Tenant,
) -> None:
    bob = fresh_tenant.user("bob")["id"]
    before = fresh_tenant.writes()
    fresh_tenant.faults.add(method="PATCH", after=True, status=502, times=1)

    for body in ({"name": "Robert"}, {"name": 1}):
        headers = {"X-Request-ID": "page-1"}
        fresh_tenant.management("PATCH", f"/users/{bob}", json=body, headers=headers)

    assert before == []
    [write] = fresh_tenant.writes()
    assert (write["method"], write["path"]) == ("PATCH", f"/api/users/{bob}")
    assert (write["status"], write["request_id"]) == (200, "page-1")
    assert fresh_tenant.writes(after=write["number"]) == []


def test_a_fault_without_harm_counts_what_comes_by(fresh_tenant: Tenant) -> None:
    fresh_tenant.faults.add(name="seen", path="/oidc/jwks")

    assert fresh_tenant.http.get(f"{fresh_tenant.endpoint}/oidc/jwks").ok
    assert fresh_tenant.faults.hits("seen") == [1]


def test_a_fault_that_is_none_is_explained(fresh_tenant: Tenant) -> None:
    answer = fresh_tenant.http.post(f"{fresh_tenant.endpoint}/demo/faults", json={"stauts": 503})

    assert answer.status_code == 400
    assert "stauts" in answer.json()["message"]


def test_a_page_of_another_site_can_not_reach_the_controls(fresh_tenant: Tenant) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}

    for path in ("faults", "reset", "site", "keys/rotate", "tokens/revoke"):
        answer = fresh_tenant.http.post(f"{fresh_tenant.endpoint}/demo/{path}", headers=headers)
        assert answer.status_code == 403


def test_another_host_name_is_refused(fresh_tenant: Tenant) -> None:
    answer = fresh_tenant.http.get(
        f"{fresh_tenant.endpoint}/demo/inbox", headers={"Host": "evil.example"}
    )

    assert answer.status_code == 400


def test_a_reset_forgets_what_happened(fresh_tenant: Tenant) -> None:
    made = fresh_tenant.management("POST", "/users", json={"username": "humpty"}).json()

    fresh_tenant.reset()

    assert fresh_tenant.management("GET", f"/users/{made['id']}").status_code == 404


def test_the_inbox_shows_the_newest_message_first(fresh_tenant: Tenant) -> None:
    for _ in range(2):
        body = {"email": "frank@example.com"}
        fresh_tenant.management("POST", "/verification-codes", json=body)

    query = {"address": "frank@example.com"}
    messages = fresh_tenant.http.get(
        f"{fresh_tenant.endpoint}/demo/inbox.json", params=query
    ).json()["messages"]
    page = fresh_tenant.http.get(f"{fresh_tenant.endpoint}/demo/inbox", params=query).text

    assert fresh_tenant.newest_code("frank@example.com") == messages[0]["code"]
    assert messages[0]["sent_at"] >= messages[1]["sent_at"]
    assert page.index(messages[0]["code"]) < page.index(messages[1]["code"])


def test_the_site_can_be_at_another_origin(fresh_tenant: Tenant) -> None:
    fresh_tenant.register_site("http://localhost:8123")

    record = fresh_tenant.management("GET", f"/applications/{fresh_tenant.client_id}").json()

    metadata = record["oidcClientMetadata"]
    assert "http://localhost:8123/sign-in/callback/" in metadata["redirectUris"]
    assert metadata["backchannelLogoutUri"] == "http://localhost:8123/sign-out/backchannel/"


def test_mails_of_the_site_land_in_the_inbox(fresh_tenant: Tenant) -> None:
    mail = {
        "to": ["alice@example.com", "bob@example.com"],
        "subject": "Password changed",
        "text": "Was it you?\nSee https://account.example.com/",
    }

    assert (
        fresh_tenant.http.post(f"{fresh_tenant.endpoint}/demo/inbox", json=mail).status_code == 204
    )

    page = fresh_tenant.http.get(f"{fresh_tenant.endpoint}/demo/inbox").text
    assert page.count("Password changed") == 2
    assert 'href="https://account.example.com/"' in page
    assert fresh_tenant.newest_code("alice@example.com") is None
