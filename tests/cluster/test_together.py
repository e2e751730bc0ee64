"""What one process knows, the other knows at once: two of them are one site."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import redis as client
import requests

from tests.cluster import beginnings, circumstances, deliveries, rounds
from tests.cluster.people import Someone
from tests.cluster.visitor import Page, Sending, Visitor, sending
from tests.stack.stack import Stack

pytestmark = pytest.mark.demo

TOKENS = ("POST", "/oidc/token")
OK, USED, REFUSED, TOO_MANY = 200, 400, 422, 429
OWN_PAGE = "/sign-out/"  # which asks Logto for nothing


@pytest.fixture
def person(cluster: Stack, admin: Visitor) -> Iterator[Someone]:
    """Somebody new, signed in, who has proved that it's them."""
    for site in cluster.sites:
        site.wait()
    cluster.tenant.faults.reset()
    someone = rounds.new(cluster, admin)
    someone.sign_in()
    someone.open_confirmed("/tokens/new/")
    yield someone
    cluster.tenant.faults.reset()


@pytest.fixture
def counted(cluster: Stack) -> Callable[..., Callable[[], int]]:
    """Counts the calls of a kind that the tenant gets from now on."""

    def counted(method: str, path: str) -> Callable[[], int]:
        cluster.tenant.faults.reset()
        cluster.tenant.faults.add(method=method, path=path)
        return lambda: cluster.tenant.faults.hits()[0]

    return counted


def forget_caches(cluster: Stack) -> None:
    with client.from_url(cluster.environment["REDIS_URL"]) as connection:
        connection.flushdb()


def at_the_same_moment(*acts: Callable[[], Page]) -> list[Page]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(act) for act in acts]]


def sends(someone: Visitor, sending: Sending, number: int) -> Callable[[], Page]:
    """A form, sent to one of the sites from a tab of its own."""
    tab = someone.in_another_tab().at(number)
    return lambda: tab.send(sending)


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.open(OWN_PAGE).path == OWN_PAGE


def outcomes(cluster: Stack, someone: Someone, action: str) -> list[str]:
    with psycopg.connect(cluster.environment["DATABASE_URL"]) as connection:
        query = "SELECT outcome FROM audit_auditevent WHERE account_id = %s AND action = %s"
        return sorted(row[0] for row in connection.execute(query, [someone.id, action]))


# Sessions


def test_a_sign_in_that_began_at_one_ends_at_the_other(cluster: Stack, admin: Visitor) -> None:
    someone = rounds.new(cluster, admin)
    page = someone.at(0).open("/")
    filled = {"identifier": someone.username, "password": someone.password}

    page = someone.at(1).send(sending(page, page.form("/sign-in"), filled))

    assert page.url == f"{cluster.origin}/"
    assert is_signed_in(someone.at(0))


def test_who_proved_it_at_one_is_not_asked_at_the_other(person: Someone) -> None:
    assert person.at(0).open("/tokens/new/").path == "/tokens/new/"
    assert person.at(1).open("/tokens/new/").path == "/tokens/new/"


def test_who_signed_out_at_one_is_signed_out_at_the_other(person: Someone) -> None:
    other = person.in_another_tab().at(1)
    assert is_signed_in(other)

    page = person.at(0).open(OWN_PAGE)
    person.send(sending(page, page.form()))

    assert not is_signed_in(other)


def test_a_back_channel_logout_at_one_ends_the_session_at_the_other_at_once(
    cluster: Stack, person: Someone
) -> None:
    with deliveries.kept(cluster) as kept:
        page = person.open(f"{cluster.tenant.endpoint}/oidc/session/end")
        if form := page.html.find("form"):
            person.send(sending(page, form))
        logout = kept.next("/sign-out/backchannel/")
    assert is_signed_in(person.at(1)), "nobody has told the site yet"

    assert logout.hand_to(cluster.sites[0]) == OK

    assert not is_signed_in(person.at(1))
    assert logout.hand_to(cluster.sites[1]) == USED, "each token is good once"


@pytest.mark.parametrize("what", ["suspended", "deleted"])
def test_a_webhook_at_one_ends_the_session_at_the_other_at_once(
    cluster: Stack, person: Someone, what: str
) -> None:
    with deliveries.kept(cluster) as kept:
        if what == "suspended":
            person.ask("PATCH", "is-suspended", {"isSuspended": True})
        else:
            person.ask("DELETE", "")
        event = kept.next("/webhooks/logto/")
    assert is_signed_in(person.at(1)), "nobody has told the site yet"

    assert event.hand_to(cluster.sites[0]) == requests.codes.no_content

    assert not is_signed_in(person.at(1))


# What Logto was asked for


def test_one_token_for_the_management_api_serves_both(
    cluster: Stack, person: Someone, counted: Any
) -> None:
    forget_caches(cluster)
    fetched = counted(*TOKENS)

    for number in (0, 1, 0, 1):
        assert person.at(number).open("/profile/").status == OK

    assert fetched() == 1


def test_one_look_at_the_tenants_settings_serves_both(
    cluster: Stack, person: Someone, counted: Any
) -> None:
    forget_caches(cluster)
    looks = counted("GET", "/api/sign-in-exp")

    for number in (0, 1, 0, 1):
        assert person.at(number).open("/profile/").status == OK

    assert looks() == 1


def test_a_token_that_was_revoked_is_replaced_without_a_storm(
    cluster: Stack, person: Someone, counted: Any
) -> None:
    person.open("/profile/")
    tabs = [person.in_another_tab().at(number % 2) for number in range(16)]
    fetched = counted(*TOKENS)

    cluster.tenant.revoke_tokens()
    pages = at_the_same_moment(*[lambda tab=tab: tab.open("/profile/") for tab in tabs])

    assert [page.status for page in pages] == [OK] * len(tabs)
    assert 1 <= fetched() <= len(cluster.sites), "each process asked once at most"
    assert all(tab.open("/profile/").status == OK for tab in tabs)
    assert fetched() <= len(cluster.sites)


# Counting, and turns


def test_attempts_are_counted_together(person: Someone) -> None:
    page = person.open_confirmed("/security/authenticator/")
    wrong = sending(page, page.form(), {"code": "000000"})

    pages = at_the_same_moment(*[sends(person, wrong, number % 2) for number in range(14)])

    told = ["Too many attempts" in page.text for page in pages]
    assert (told.count(False), told.count(True)) == (10, 4)
    assert {page.status for page in pages} == {REFUSED, TOO_MANY}


def test_a_code_that_comes_to_both_at_the_same_moment_is_used_once(
    cluster: Stack, person: Someone
) -> None:
    right = beginnings.scan(person)

    pages = at_the_same_moment(*[sends(person, right, number % 2) for number in range(6)])

    assert sorted(page.status for page in pages) == [OK, *[REFUSED] * 5]
    assert outcomes(cluster, person, "authenticator.added").count("done") == 1
    assert len(person.ask("GET", "mfa-verifications")) == 1


def test_an_answer_of_a_provider_that_comes_to_both_is_used_once(
    cluster: Stack, person: Someone
) -> None:
    circumstances.will_be("2013")(person)  # whom nobody else is
    answer = beginnings.come_back(person)

    at_the_same_moment(*[sends(person, answer, number % 2) for number in range(6)])

    done = outcomes(cluster, person, "connection.added")
    assert (done.count("done"), done.count("refused")) == (1, 5)


def test_a_page_of_the_admin_that_comes_to_both_does_its_work_once(
    cluster: Stack, person: Someone, admin: Visitor
) -> None:
    invitation = beginnings.help_with("invite")(person)

    at_the_same_moment(*[sends(admin, invitation, number % 2) for number in range(4)])

    assert outcomes(cluster, person, "account.invited") == ["done"]


def test_who_is_at_it_at_one_keeps_the_other_from_it(cluster: Stack, person: Someone) -> None:
    page = person.open_confirmed("/privacy/custom-data/")
    first, second = (
        sending(page, page.form(), {"text": json.dumps({"berth": berth})}) for berth in "ab"
    )
    path = f"/api/users/{person.id}"
    cluster.tenant.faults.add(method="PATCH", path=path, times=1, delay_ms=1500)

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(sends(person, first, 0))
        while not cluster.tenant.faults.hits()[0]:
            assert not slow.done(), slow.result().text
        refused = sends(person, second, 1)()

    assert refused.status == REFUSED
    assert "Another page or device is changing this at the moment" in refused.text
    assert slow.result().status == OK
    assert person.ask("GET", "custom-data") == {"berth": "a"}


def test_what_was_changed_at_one_is_not_overwritten_at_the_other(person: Someone) -> None:
    page = person.open_confirmed("/privacy/custom-data/")
    first, second = (
        sending(page, page.form(), {"text": json.dumps({"berth": berth})}) for berth in "ab"
    )

    pages = [sends(person, first, 0)(), sends(person, second, 1)()]

    assert [page.status for page in pages] == [OK, REFUSED]
    assert person.ask("GET", "custom-data") == {"berth": "a"}
