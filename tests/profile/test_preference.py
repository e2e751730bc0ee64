"""How you like this site: language, time zone, theme."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.conftest import HTMX
from tests.profile.conftest import Logto, Row, html, says

pytestmark = pytest.mark.django_db

LANGUAGE = "/profile/preferences/language/"
TIME_ZONE = "/profile/preferences/time-zone/"
THEME = "/profile/preferences/theme/"


def value(page: BeautifulSoup, name: str) -> str:
    return page.find(id=f"row-preference-{name}").find(class_="row__value").get_text()


def chosen(row: Row) -> str:
    return row.form.find("input", checked=True)["value"]


def test_nothing_is_chosen_at_first(alice: Client, logto: Logto, browse) -> None:
    page = browse(alice, "/profile/")

    assert value(page, "language") == "As my browser asks"
    assert value(page, "time-zone") == "Universal time (UTC)"
    assert value(page, "theme") == "As my device is set"


def test_the_language_changes_the_site_and_the_profile(alice: Client, logto: Logto, browse) -> None:
    row = Row(alice, LANGUAGE)
    assert chosen(row) == ""

    response = row.send(value="ko")

    assert (response.status_code, response["Location"]) == (
        303,
        "/profile/#row-preference-language",
    )
    assert logto.writes == [("profile", {"profile": {"locale": "ko"}})]
    page = browse(alice, "/profile/")
    assert page.html["lang"] == "ko"
    assert value(page, "language") == "한국어"
    assert chosen(Row(alice, LANGUAGE)) == "ko"


def test_each_language_is_called_by_its_own_name(alice: Client, logto: Logto) -> None:
    text = Row(alice, LANGUAGE).form.get_text(" ", strip=True)

    assert "English" in text
    assert "한국어" in text


def test_a_locale_that_says_the_same_stays(alice: Client, logto: Logto) -> None:
    logto.person["profile"] = {"locale": "ko-KR"}

    Row(alice, LANGUAGE).send(value="ko")

    assert logto.writes == []


def test_following_the_browser_again_clears_the_locale(alice: Client, logto: Logto, browse) -> None:
    Row(alice, LANGUAGE).send(value="ko")

    Row(alice, LANGUAGE).send(value="")

    assert logto.writes[-1] == ("profile", {"profile": {"locale": ""}})
    assert browse(alice, "/profile/", headers={"Accept-Language": "en"}).html["lang"] == "en"


def test_but_not_one_that_this_site_cannot_follow(alice: Client, logto: Logto) -> None:
    logto.person["profile"] = {"locale": "fr-FR"}

    Row(alice, LANGUAGE).send(value="")

    assert logto.writes == []


def test_the_time_zone_changes_the_site_and_the_profile(
    alice: Client, logto: Logto, browse
) -> None:
    response = Row(alice, TIME_ZONE).send(value="Asia/Seoul")

    assert response.status_code == 303
    assert logto.writes == [("profile", {"profile": {"zoneinfo": "Asia/Seoul"}})]
    assert value(browse(alice, "/profile/"), "time-zone") == "Seoul (UTC+09:00)"


def test_time_zones_are_grouped_and_the_present_one_is_chosen(alice: Client, logto: Logto) -> None:
    Row(alice, TIME_ZONE).send(value="Asia/Seoul")

    form = Row(alice, TIME_ZONE).form

    option = form.find("option", selected=True)
    assert option["value"] == "Asia/Seoul"
    assert option.find_parent("optgroup")["label"] == "Asia"
    assert form.find("select").find("option")["value"] == "", "the site's own comes first"


@pytest.mark.parametrize("path", [LANGUAGE, TIME_ZONE, THEME])
@pytest.mark.parametrize("wrong", ["fr", "Mars/Olympus", "../etc/passwd", "neon"])
def test_only_what_is_offered_can_be_chosen(
    alice: Client, logto: Logto, path: str, wrong: str
) -> None:
    response = Row(alice, path).send(value=wrong)

    assert response.status_code == 422
    assert logto.writes == []


def test_the_theme_belongs_to_the_browser_and_outlives_the_session(
    alice: Client, logto: Logto, browse
) -> None:
    response = Row(alice, THEME).send(value="dark")

    assert response.status_code == 303
    assert logto.writes == []
    assert response.cookies["theme"].value == "dark"
    assert browse(alice, "/profile/").html["data-theme"] == "dark"
    alice.cookies.pop("session")
    assert 'data-theme="dark"' in alice.get("/signed-out/").content.decode()


def test_no_theme_at_all_leaves_it_to_the_device(alice: Client, logto: Logto, browse) -> None:
    Row(alice, THEME).send(value="dark")

    response = Row(alice, THEME).send()

    assert response.status_code == 303
    assert value(browse(alice, "/profile/"), "theme") == "As my device is set"


def test_it_can_be_chosen_while_logto_is_away(alice: Client, logto: Logto) -> None:
    logto.reads_fail = logto.writes_fail = True

    assert Row(alice, THEME).send(value="light").status_code == 303


@pytest.mark.parametrize("when", ["reading", "writing"])
@pytest.mark.parametrize(("path", "choice"), [(LANGUAGE, "ko"), (TIME_ZONE, "Asia/Seoul")])
def test_an_outage_of_logto_is_told_in_the_form(
    alice: Client, logto: Logto, when: str, path: str, choice: str
) -> None:
    row = Row(alice, path)
    logto.reads_fail, logto.writes_fail = when == "reading", True

    response = row.send(value=choice)

    assert response.status_code == 503
    assert "could not be reached" in says(response)
    marked = html(response).find(attrs={"value": choice, "checked": True}) or html(response).find(
        "option", value=choice, selected=True
    )
    assert marked


@pytest.mark.parametrize("access", ["Off", "ReadOnly"])
def test_where_the_profile_is_frozen_the_choice_is_for_this_session(
    alice: Client, logto: Logto, browse, access: str
) -> None:
    logto.lets(profile=access)

    response = Row(alice, LANGUAGE).send(value="ko")

    assert response.status_code == 303
    assert logto.writes == []
    assert browse(alice, "/profile/").html["lang"] == "ko"


def test_its_form_opens_in_place_and_changes_the_whole_page(alice: Client, logto: Logto) -> None:
    form = html(alice.get(LANGUAGE, headers=HTMX)).find("form", id="row-preference-language")

    assert form["action"] == LANGUAGE
    assert not form.get("hx-post")


def test_anything_else_is_not_found(alice: Client, logto: Logto) -> None:
    assert alice.get("/profile/preferences/colour/").status_code == 404
