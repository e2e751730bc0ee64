"""How requests go out: addresses, headers, and what is told of them."""

import logging

import pytest

from accountsite.logto import client, correlation, errors, identities, reading, status, users
from tests.logto import answers
from tests.logto.conftest import Logto


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("a/b", "/users/u1/identities/a%2Fb"),
        ("a b?c#d", "/users/u1/identities/a%20b%3Fc%23d"),
        ("구글", "/users/u1/identities/%EA%B5%AC%EA%B8%80"),
        ("%2e%2e", "/users/u1/identities/%252e%252e"),
        ("{}", "/users/u1/identities/%7B%7D"),
    ],
)
def test_an_id_stays_within_its_place_in_the_path(logto: Logto, target, path):
    logto.answers("DELETE", path, answers.user())

    identities.delete("u1", target=target)

    assert logto.sent.path == path


@pytest.mark.parametrize("account_id", ["", ".", ".."])
def test_an_id_that_no_path_can_name_is_not_found_and_not_asked_for(logto: Logto, account_id):
    with pytest.raises(errors.NotFound):
        users.get(account_id)

    assert logto.requests == []


def test_requests_carry_our_token_and_ask_for_json(logto: Logto):
    logto.answers("GET", "/users/u1", answers.user())

    users.get("u1")

    sent = logto.requests[0].headers
    assert sent["Authorization"] == "Bearer m2m"
    assert sent["Accept"] == "application/json"
    assert "Cookie" not in sent


def test_requests_carry_the_id_of_the_page_request(logto: Logto):
    logto.answers("GET", "/users/u1", answers.user())

    with correlation.bound("request-1"):
        users.get("u1")
    users.get("u1")

    assert logto.requests[0].headers["X-Request-ID"] == "request-1"
    assert "X-Request-ID" not in logto.requests[1].headers


def test_cookies_of_one_answer_are_not_sent_with_the_next_request(logto: Logto):
    logto.answers("GET", "/users/u1", answers.user(), headers={"Set-Cookie": "who=ada; Path=/"})

    users.get("u1")
    users.get("u1")

    assert "Cookie" not in logto.requests[1].headers


def test_netrc_and_proxies_of_the_environment_are_left_alone(logto: Logto, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine logto.test login someone password else")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    logto.answers("GET", "/users/u1", answers.user())

    users.get("u1")

    assert logto.requests[0].headers["Authorization"] == "Bearer m2m"
    assert not logto.requests[0].req_kwargs.get("proxies")


def test_a_redirect_is_not_followed(logto: Logto):
    elsewhere = "https://elsewhere.test/users/u1"
    logto.answers("GET", "/users/u1", status=302, headers={"Location": elsewhere})

    with pytest.raises(errors.Unavailable):
        users.get("u1")

    assert len(logto.requests) == 1


def test_a_log_line_tells_what_and_how_long_and_not_who(logto: Logto, caplog):
    caplog.set_level(logging.INFO, "accountsite.logto")
    headers = {"logto-core-request-id": "core-1"}
    logto.refuses("GET", "/users/u1", 404, "entity.not_found", headers=headers)

    with pytest.raises(errors.NotFound):
        users.get("u1", with_enterprise=True)

    record = caplog.records[-1]
    assert record.getMessage().startswith("GET /api/users/{} 404 entity.not_found ")
    assert record.getMessage().endswith(" ms core-1")
    assert record.logto_route == "/api/users/{}"
    assert record.logto_status == 404
    assert record.logto_milliseconds >= 0


def test_what_was_read_at_once_is_told_to_the_curious_alone(logto: Logto, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG, "accountsite.logto")
    logto.answers("GET", "/users/u1", answers.user())
    logto.answers("PATCH", "/users/u1", answers.user())

    users.get("u1")
    users.update("u1", name="Ada")
    monkeypatch.setattr("accountsite.logto.transport.SLOW_MILLISECONDS", 0)
    users.get("u1")

    levels = [
        (record.levelname, record.getMessage().split()[0])
        for record in caplog.records
        if getattr(record, "logto_route", "") == "/api/users/{}"
    ]
    assert levels == [("DEBUG", "GET"), ("INFO", "PATCH"), ("INFO", "GET")]


def test_an_outage_is_logged_too(logto: Logto, caplog):
    caplog.set_level(logging.INFO, "accountsite.logto")
    logto.answers("GET", "/users/u1", "down", status=503)

    with pytest.raises(errors.Unavailable):
        users.get("u1")

    assert "GET /api/users/{} 503 Unavailable" in caplog.text


def test_an_answer_without_end_is_cut_off(logto: Logto, monkeypatch):
    monkeypatch.setattr("accountsite.logto.transport.MAX_BYTES", 1000)
    logto.answers("GET", "/users/u1", answers.user(customData={"all": "x" * 2000}))

    with pytest.raises(errors.Unavailable, match="does not end"):
        users.get("u1")


def test_a_page_knows_how_many_there_are(logto: Logto):
    logto.answers("GET", "/roles", [answers.role()], headers={"Total-Number": "21"})

    page = client.page("/roles", read=reading.obj, number=2, size=10)

    assert logto.sent.query == {"page": "2", "page_size": "10"}
    assert (page.total, page.count, page.has_next) == (21, 3, True)


@pytest.mark.parametrize(
    ("asked", "sent"), [((0, 0), ("1", "1")), ((-3, 500), ("1", "100")), ((7, 20), ("7", "20"))]
)
def test_a_page_that_logto_would_refuse_is_not_asked_for(logto: Logto, asked, sent):
    logto.answers("GET", "/roles", [])

    client.page("/roles", read=reading.obj, number=asked[0], size=asked[1])

    assert (logto.sent.query["page"], logto.sent.query["page_size"]) == sent


def test_a_total_that_logto_stopped_counting_is_none(logto: Logto):
    headers = {"Total-Number": "1000", "Total-Number-Is-Capped": "true"}
    logto.answers("GET", "/roles", [answers.role()], headers=headers)

    page = client.page("/roles", read=reading.obj, size=1)

    assert (page.total, page.count, page.has_next) == (None, None, True)


def test_a_whole_list_is_read_page_by_page_to_its_end(logto: Logto):
    url = "https://logto.test/api/roles"
    for size in (100, 100, 1):
        headers = {"Total-Number": "201", "Link": "<http://localhost/roles?page=2>; rel=next"}
        logto.wire.get(url, json=[answers.role()] * size, headers=headers)

    found = client.every("/roles", read=reading.obj)

    assert len(found) == 201
    assert [request.params["page"] for request in logto.requests] == ["1", "2", "3"]


def test_a_list_that_never_ends_is_given_up(logto: Logto, monkeypatch):
    monkeypatch.setattr(client, "MAX_PAGES", 3)
    logto.answers("GET", "/roles", [answers.role()] * 100)

    found = client.every("/roles", read=reading.obj)

    assert len(found) == 300


@pytest.mark.parametrize(("code", "is_up"), [(204, True), (500, False), (404, False)])
def test_logto_is_up_if_its_health_check_says_so(logto: Logto, code, is_up):
    logto.answers("GET", "/status", status=code)

    assert status.is_up() is is_up


@pytest.mark.parametrize(
    ("text", "units"), [("", 0), ("abc", 3), ("한글", 2), ("👩‍🚀", 5), ("\ud83d", 1)]
)
def test_lengths_count_as_javascript_counts_them(text, units):
    assert reading.utf16_units(text) == units
