"""Identities of the demo tenant: the whole way through a fake provider, and what Logto leaves out."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup

from tests.demo.management import Api

CALLBACK = "http://localhost:8000/connections/callback/"


def connector(api: Api, target: str) -> str:
    [found] = api.get("/connectors", target=target)
    return found["id"]


def pick(api: Api, target: str, account: str) -> dict[str, str]:
    """Visit the provider, pick an account (or refuse), and give what arrives at the callback."""
    address = api.post(
        f"/connectors/{connector(api, target)}/authorization-uri",
        {"state": "a b&c", "redirectUri": CALLBACK},
    )["redirectTo"]
    with requests.Session() as browser:
        form = BeautifulSoup(browser.get(address).text, "html.parser").form
        csrf = form.find("input", {"name": "csrfmiddlewaretoken"})["value"]
        answer = browser.post(
            address,
            data={"csrfmiddlewaretoken": csrf, "account": account},
            allow_redirects=False,
        )
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


@pytest.mark.parametrize("target", ["github", "google"])
def test_linking_takes_the_code_that_the_provider_gave_once(api: Api, target: str):
    path = api.new_user()
    callback = pick(api, target, "2011")
    body = {"connectorId": connector(api, target)}
    body["connectorData"] = callback | {"redirectUri": CALLBACK}

    identities = api.post(f"{path}/identities", body)
    again = api.post(f"{path}/identities", body, 400)

    assert callback["state"] == "a b&c"
    assert identities[target]["userId"] == "2011"
    assert identities[target]["details"]["name"] == "Frank Fishfootman"
    assert again["code"] == "connector.social_auth_code_invalid"


def test_a_code_of_another_provider_is_refused(api: Api):
    callback = pick(api, "google", "2011")
    body = {"connectorId": connector(api, "github"), "connectorData": callback}

    refusal = api.post(f"{api.new_user()}/identities", body, 400)

    assert refusal["code"] == "connector.social_auth_code_invalid"


def test_google_wants_the_redirect_uri_beside_the_code(api: Api):
    body = {"connectorId": connector(api, "google"), "connectorData": pick(api, "google", "2011")}

    assert api.post(f"{api.new_user()}/identities", body, 400)["code"] == "connector.general"


def test_a_denial_is_told_as_the_connector_s_failure(api: Api):
    callback = pick(api, "github", "")
    body = {"connectorId": connector(api, "github"), "connectorData": callback}

    refusal = api.post(f"{api.new_user()}/identities", body, 400)

    assert callback["error"] == "access_denied"
    assert refusal["code"] == "connector.general"
    assert "access_denied" in refusal["data"]["message"]


def test_an_account_of_somebody_else_is_refused(api: Api):
    alices = api.person("alice")["identities"]["github"]["userId"]
    body = {"connectorId": connector(api, "github"), "connectorData": pick(api, "github", alices)}

    refusal = api.post(f"{api.new_user()}/identities", body, 422)

    assert refusal["code"] == "user.identity_already_in_use"


@pytest.mark.parametrize("target", ["apple", "x"])
def test_a_connector_that_needs_a_session_works_neither_way(api: Api, target: str):
    ours = connector(api, target)

    start = {"state": "s", "redirectUri": CALLBACK}
    refusal = api.post(f"/connectors/{ours}/authorization-uri", start, 501)
    body = {"connectorId": ours, "connectorData": {"code": "c"}}
    api.post(f"{api.new_user()}/identities", body, 501)

    assert refusal["code"] == "connector.not_implemented"


def test_the_last_way_in_can_be_unlinked(api: Api):
    path = f"/users/{api.post('/users', {})['id']}"
    api.put(f"{path}/identities/github", {"userId": "77"}, 201)

    assert api.delete(f"{path}/identities/github", 200)["identities"] == {}


def test_a_stored_token_set_is_shown_on_request_and_goes_by_its_id(api: Api):
    path = f"/users/{api.person('alice')['id']}"

    stored = api.get(f"{path}/identities/github", includeTokenSecret="true")["tokenSecret"]
    api.delete(f"/secrets/{stored['id']}")

    assert stored["metadata"]["scope"] == "read:user user:email"
    assert "tokenSecret" not in api.get(f"{path}/identities/github", includeTokenSecret="true")
    api.delete(f"/secrets/{stored['id']}", 404)


def test_enterprise_identities_are_read_only(api: Api):
    path = f"/users/{api.person('dave')['id']}"

    [listed] = api.get(f"{path}/all-identities")["ssoIdentities"]
    shown = api.get(f"{path}/sso-identities/{listed['ssoConnectorId']}")
    [beside] = api.get(path, includeSsoIdentities="true")["ssoIdentities"]

    assert shown == {"ssoIdentity": listed["ssoIdentity"]}
    assert beside == listed["ssoIdentity"]
    assert api.get(f"/sso-connectors/{listed['ssoConnectorId']}")["domains"]


def test_apple_answers_by_a_form(api: Api):
    address = api.post(
        f"/connectors/{connector(api, 'google')}/authorization-uri",
        {"state": "st", "redirectUri": CALLBACK},
    )["redirectTo"].replace("google", "apple")
    with requests.Session() as browser:
        form = BeautifulSoup(browser.get(address).text, "html.parser").form
        csrf = form.find("input", {"name": "csrfmiddlewaretoken"})["value"]
        answer = browser.post(address, data={"csrfmiddlewaretoken": csrf, "account": "2011"})

    sent = BeautifulSoup(answer.text, "html.parser").form
    assert (sent["action"], sent["method"]) == (CALLBACK, "post")
    assert sent.find("input", {"name": "state"})["value"] == "st"
    assert sent.find("input", {"name": "csrfmiddlewaretoken"}) is None


def test_the_connector_for_tests_believes_what_its_page_answers(api: Api):
    path = api.new_user()
    callback = pick(api, "mock-social", "2012")

    body = {"connectorId": connector(api, "mock-social"), "connectorData": callback}
    bound = api.post(f"{path}/identities", body)

    assert bound["mock-social"]["userId"] == "2012"
    assert bound["mock-social"]["details"]["name"] == "Grace Gryphon"
