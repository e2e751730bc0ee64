"""The profile: what apps and other people see of you, and how you like this site."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.conftest import HTMX
from tests.profile.conftest import Logto

pytestmark = pytest.mark.django_db

FULL_NAME = {
    "config": {
        "parts": [
            {"enabled": True, "name": "givenName", "type": "Text", "required": True},
            {"enabled": False, "name": "middleName", "type": "Text", "required": False},
            {"enabled": True, "name": "familyName", "type": "Text", "required": False},
        ]
    }
}


def labels(page: BeautifulSoup) -> list[str]:
    """The rows about the person, as they stand."""
    card = page.find("section", {"aria-labelledby": "about"})
    return [tag.get_text(strip=True) for tag in card.find_all(class_="row__label")]


def value(page: BeautifulSoup, name: str) -> str:
    row = page.find(id=f"row-{name}")
    return row.find(class_="row__value").get_text("\n", strip=True)


def action(page: BeautifulSoup, name: str) -> str | None:
    link = page.find(id=f"row-{name}").find("a", class_="row__action")
    return link and link["href"]


def test_without_the_tenants_word_it_has_every_standard_field(
    alice: Client, logto: Logto, browse
) -> None:
    assert labels(browse(alice, "/profile/")) == [
        "Picture",
        "Name",
        "Given name",
        "Middle name",
        "Family name",
        "Nickname",
        "Preferred username",
        "Gender",
        "Date of birth",
        "Website",
        "Profile page",
        "Address",
    ]


def test_and_every_custom_field_each_thing_once(alice: Client, logto: Logto, browse) -> None:
    logto.asks("legalName", "Fullname", **FULL_NAME)
    logto.asks("nickname", "Text")
    logto.asks("company", "Text")
    logto.asks("locale", "Text")

    shown = labels(browse(alice, "/profile/"))

    assert shown[:5] == ["Picture", "Name", "The legalName", "The nickname", "Preferred username"]
    assert shown[-1] == "The company"
    assert "Given name" not in shown
    assert "The locale" not in shown, "that is the language, among the preferences"


def test_the_account_center_decides_which_fields_and_in_what_order(
    alice: Client, logto: Logto, browse
) -> None:
    logto.asks("company", "Text")
    logto.asks("boat", "Text")
    logto.lets("boat", "gone", "birthdate", "name", "fullname", "boat")

    shown = labels(browse(alice, "/profile/"))

    assert shown == ["Picture", "Name", "The boat", "Date of birth", "Full name"]


def test_an_account_center_that_lists_nothing_hides_nothing(
    alice: Client, logto: Logto, browse
) -> None:
    logto.lets()

    assert len(labels(browse(alice, "/profile/"))) == 12


@pytest.mark.parametrize(
    ("area", "row"),
    [
        ("name", "name"),
        ("avatar", "avatar"),
        ("profile", "nickname"),
        ("profile", "address"),
        ("customData", "company"),
    ],
)
def test_each_area_has_a_switch_of_its_own(
    alice: Client, logto: Logto, browse, area: str, row: str
) -> None:
    logto.asks("company", "Text")
    names = {"name", "avatar", "nickname", "address", "company"}

    logto.lets("nickname", "address", "company", **{area: "ReadOnly"})
    page = browse(alice, "/profile/")
    assert "Read only" in page.find(id=f"row-{row}").get_text()
    assert action(page, row) is None
    assert any(action(page, other) for other in names - {row})


@pytest.mark.parametrize("area", ["name", "avatar", "profile", "customData"])
def test_what_is_off_is_not_there(alice: Client, logto: Logto, browse, area: str) -> None:
    logto.asks("company", "Text")
    logto.lets("nickname", "company", **{area: "Off"})
    row = {"profile": "nickname", "customData": "company"}.get(area, area)

    page = browse(alice, "/profile/")

    assert page.find(id=f"row-{row}") is None
    assert alice.get(f"/profile/{row}/").status_code == 404


def test_values_read_as_the_person_would_write_them(alice: Client, logto: Logto, browse) -> None:
    logto.asks("boatLength", "Number")
    logto.asks("newsletter", "Checkbox", config={"defaultValue": "true"})
    logto.asks("since", "Date", config={"format": "custom", "customFormat": "dd.MM.yyyy"})
    logto.asks("time", "Select", config={"options": [{"value": "am", "label": "In the morning"}]})
    logto.person["profile"] = {
        "gender": "prefer_not_to_say",
        "birthdate": "1992-05-04",
        "address": {"streetAddress": "12 Quay Street", "locality": "Seoul", "country": "KR"},
    }
    logto.person["customData"] = {
        "boatLength": 7.5,
        "newsletter": False,
        "since": "17.03.2024",
        "time": "am",
    }

    page = browse(alice, "/profile/")

    assert value(page, "gender") == "Prefer not to say"
    assert value(page, "birthdate") == "May 4, 1992"
    assert value(page, "address") == "12 Quay Street\nSeoul\nSouth Korea"
    assert value(page, "boatLength") == "7.5"
    assert value(page, "newsletter") == "No"
    assert value(page, "since") == "March 17, 2024"
    assert value(page, "time") == "In the morning"


def test_and_in_their_language(alice: Client, logto: Logto, browse) -> None:
    logto.person["profile"] = {"birthdate": "1992-05-04", "address": {"country": "KR"}}

    page = browse(alice, "/profile/", headers={"Accept-Language": "ko"})

    assert value(page, "birthdate") == "1992년 5월 4일"
    assert value(page, "address") == "대한민국"


def test_what_was_stored_in_another_way_is_shown_as_it_is(
    alice: Client, logto: Logto, browse
) -> None:
    logto.asks("size", "Number")
    logto.asks("agreed", "Checkbox")
    logto.person["profile"] = {
        "birthdate": "around 1990",
        "gender": "agender",
        "address": {"formatted": "12 Quay Street\nHull"},
    }
    logto.person["customData"] = {"size": "large", "agreed": "true"}

    page = browse(alice, "/profile/")

    assert value(page, "birthdate") == "around 1990"
    assert value(page, "gender") == "agender"
    assert value(page, "address") == "12 Quay Street\nHull"
    assert value(page, "size") == "large"
    assert value(page, "agreed") == "Yes"


@pytest.mark.parametrize("kept", [{"vat": "1"}, ["a", "b"]])
def test_what_another_app_keeps_there_is_left_alone(
    alice: Client, logto: Logto, browse, kept: object
) -> None:
    logto.asks("company", "Text")
    logto.person["customData"] = {"company": kept}

    page = browse(alice, "/profile/")

    assert "Another app keeps something here" in page.find(id="row-company").get_text()
    assert action(page, "company") is None


def test_a_web_address_is_a_link_only_if_it_is_safe_to_follow(
    alice: Client, logto: Logto, browse
) -> None:
    logto.person["profile"] = {"website": "https://a.example", "profile": "javascript:alert(1)"}

    page = browse(alice, "/profile/")

    assert page.find(id="row-website").find("a", href="https://a.example")
    assert value(page, "profile") == "javascript:alert(1)"
    assert not page.find("a", href=lambda href: href and href.startswith("javascript"))


def test_markup_in_values_and_labels_is_only_text(alice: Client, logto: Logto, browse) -> None:
    logto.asks("company", "Text", label="<b>Company</b>", description="<i>help</i>")
    logto.person["customData"] = {"company": "<script>alert(1)</script>"}

    page = browse(alice, "/profile/")

    assert value(page, "company") == "<script>alert(1)</script>"
    assert "<b>Company</b>" in labels(page)


def test_initials_stand_where_there_is_no_picture(alice: Client, logto: Logto, browse) -> None:
    page = browse(alice, "/profile/")

    assert page.find(id="row-avatar").find(class_="avatar").get_text() == "AK"


def test_a_picture_is_shown(alice: Client, logto: Logto, browse) -> None:
    logto.person["avatar"] = "https://cdn.example.com/a.webp"

    page = browse(alice, "/profile/")

    row = page.find(id="row-avatar")
    assert row.find("img")["src"] == "https://cdn.example.com/a.webp"
    assert "A picture of your own" in row.get_text()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:image/svg+xml,<svg/>", "//x", "x"])
def test_an_address_that_is_no_web_address_is_never_a_picture(
    alice: Client, logto: Logto, browse, url: str
) -> None:
    logto.person["avatar"] = url

    page = browse(alice, "/profile/")

    assert not page.find_all("img", src=url)
    assert page.find(id="row-avatar").find(class_="avatar").get_text() == "AK"


def test_the_navigation_follows_what_changed_elsewhere(alice: Client, logto: Logto, browse) -> None:
    logto.person |= {"name": "Alice Liddell", "avatar": "https://cdn.example.com/a.webp"}

    page = browse(alice, "/profile/")

    who = page.find(class_="who")
    assert "Alice Liddell" in who.get_text()
    assert who.find("img")["src"] == "https://cdn.example.com/a.webp"


def test_a_cancelled_form_gets_its_row_back_from_here(alice: Client, logto: Logto) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "full"}

    assert b'id="row-nickname"' in alice.get("/profile/", headers=headers).content


def test_one_question_to_logto_shows_it(alice: Client, logto: Logto, browse) -> None:
    browse(alice, "/profile/")
    before = len(logto.wire.calls)

    browse(alice, "/profile/")

    assert len(logto.wire.calls) == before + 1


def test_an_outage_of_logto_is_a_page_that_says_so(alice: Client, logto: Logto, browse) -> None:
    browse(alice, "/profile/")
    logto.reads_fail = True

    browse(alice, "/profile/", status=503)


def test_a_person_who_was_suspended_is_signed_out(alice: Client, logto: Logto) -> None:
    logto.person["isSuspended"] = True

    response = alice.get("/profile/")

    assert response.status_code == 302
    assert "suspended" in response["Location"]


@pytest.mark.parametrize("path", ["/profile/", "/profile/name/", "/profile/avatar/"])
def test_strangers_sign_in_first(client: Client, logto: Logto, db: None, path: str) -> None:
    response = client.get(path, headers=HTMX)

    assert response["HX-Redirect"].startswith("/sign-in/")
