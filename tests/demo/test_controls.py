"""Faults on request, and the other things that only a demo tenant does."""

import time

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


def test_a_fault_that_is_none_is_explained(fresh_tenant: Tenant) -> None:
    answer = fresh_tenant.http.post(f"{fresh_tenant.endpoint}/demo/faults", json={"stauts": 503})

    assert answer.status_code == 400
    assert "stauts" in answer.json()["message"]


def test_a_page_of_another_site_can_not_reach_the_controls(fresh_tenant: Tenant) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}

    for path in ("faults", "reset", "site", "keys/rotate"):
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
