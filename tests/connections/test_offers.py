"""What an operator is told of each connector."""

import pytest

from accountsite.connections import keys, offers
from accountsite.connections.offers import Missing, Way
from accountsite.logto import connectors
from tests.connections.logto import Logto, connector
from tests.logto import answers


def found() -> dict[str, offers.Report]:
    return {report.connector.target: report for report in offers.report()}


def test_each_has_a_callback_that_its_provider_must_allow(logto: Logto) -> None:
    assert {target: report.callback_url for target, report in found().items()} == {
        "github": "http://localhost:8000/connections/callback/github/",
        "google": "http://localhost:8000/connections/callback/google/",
        "apple": "http://localhost:8000/connections/callback/apple/",
    }


def test_it_says_which_way_each_is_connected(logto: Logto) -> None:
    assert {target: report.way for target, report in found().items()} == {
        "github": Way.MANAGEMENT,
        "google": Way.MANAGEMENT,
        "apple": Way.ACCOUNT,
    }
    assert all(report.todo == "" for report in found().values())


def test_without_the_account_center_it_says_what_to_switch_on(logto: Logto) -> None:
    logto.center = answers.account_center(enabled=False)

    apple, github = found()["apple"], found()["github"]

    assert (apple.way, github.way) == (None, Way.MANAGEMENT)
    assert "switch the account center on" in apple.todo
    assert github.todo == ""


def test_where_people_may_not_edit_it_says_so(logto: Logto) -> None:
    logto.lets(social="ReadOnly")

    assert all("`Edit`" in report.todo for report in found().values())


def test_connectors_that_browsers_can_not_use_are_left_out(logto: Logto) -> None:
    logto.connectors = [connector("a", platform="Native"), connector("b", type="Email")]

    assert found() == {}


@pytest.mark.parametrize("missing", list(Missing))
def test_each_thing_that_can_be_missing_has_its_words(missing: Missing) -> None:
    assert offers.for_person(missing)
    assert "{" not in offers.for_operator(missing)


def test_no_factory_is_said_to_do_both() -> None:
    assert not connectors.SESSION_KEEPING & connectors.SESSIONLESS


@pytest.mark.parametrize("target", ["github", "mock-social", "wechat_web", "A1"])
def test_a_plain_target_is_its_own_key(target: str) -> None:
    assert keys.of(target) == target


@pytest.mark.parametrize("target", ["", "a/b", "..", "-x", "é", "x" * 65, "a b", "\ud800"])
def test_any_other_gets_one_that_fits_into_an_address(target: str) -> None:
    assert keys.PLAIN.fullmatch(keys.of(target))
    assert keys.of(target) != keys.of(f"{target}.")
