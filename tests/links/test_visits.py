"""An app's language and look, for the visit that it began."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from accountsite.signin import preferences
from tests.signin.conftest import issuer

__all__ = ["issuer"]  # a fixture

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "/sign-out/"


def language(page):
    return page.html["lang"]


def theme(page):
    return page.html["data-theme"]


def test_the_site_speaks_the_language_of_the_app(alice, browse):
    assert language(browse(alice, f"{HERE}?ui_locales=ko")) == "ko"


def test_it_goes_on_doing_so(alice, browse):
    alice.get(f"{HERE}?ui_locales=ko&theme=dark")

    page = browse(alice, HERE)

    assert (language(page), theme(page)) == ("ko", "dark")


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("ko-KR", "ko"),
        ("ko_KR", "ko"),
        ("fr ko en", "ko"),
        ("fr%20en%20ko", "en"),
        ("fr", "en"),
        ("", "en"),
        ("k%00o", "en"),
        ("<script>", "en"),
    ],
)
def test_the_first_language_that_it_knows_counts(alice, browse, asked, spoken):
    page = browse(alice, f"{HERE}?ui_locales={asked}", headers={"Accept-Language": "en"})

    assert language(page) == spoken


def test_a_theme_that_there_is_not_is_ignored(alice, browse):
    alice.get(f"{HERE}?theme=light")

    assert theme(browse(alice, f"{HERE}?theme=pink")) == "light"


def test_it_goes_before_what_the_person_chose_and_does_not_touch_it(alice, browse):
    choose(alice, theme="light", language="en")

    page = browse(alice, f"{HERE}?ui_locales=ko&theme=dark")

    assert (language(page), theme(page)) == ("ko", "dark")
    assert alice.session[preferences.KEY]["theme"] == "light"
    assert alice.session[preferences.KEY]["language"] == "en"
    assert preferences.THEME_COOKIE not in alice.cookies


def test_a_choice_on_this_site_ends_it(alice, browse):
    alice.get(f"{HERE}?ui_locales=ko&theme=dark")

    alice.post("/profile/preferences/theme/", {"value": "light"})

    page = browse(alice, HERE)
    assert (language(page), theme(page)) == ("ko", "light")
    assert alice.cookies[preferences.THEME_COOKIE].value == "light"
    assert alice.cookies[settings.LANGUAGE_COOKIE_NAME].value == ""


def test_the_page_of_preferences_shows_the_persons_own_choice(alice, browse):
    choose(alice, theme="light")

    page = browse(alice, "/profile/preferences/theme/?theme=dark")

    assert page.find("input", {"name": "value", "checked": True})["value"] == "light"


def test_another_browser_is_not_concerned(alice, sign_in, browse):
    alice.get(f"{HERE}?ui_locales=ko")

    assert language(browse(sign_in(Client()), HERE)) == "en"


# Before the sign-in


def test_who_is_signed_out_takes_it_along(client):
    answer = client.get(f"{HERE}?ui_locales=ko&theme=dark")

    assert quote("?ui_locales=ko&theme=dark", safe="") in answer.headers["Location"]


@pytest.mark.parametrize("locales", ["ko", "fr-CA fr ko"])
def test_logto_is_asked_for_the_same_languages(client, issuer, locales):
    """All of them: it may know one that this site does not."""
    target = quote(f"/profile/?ui_locales={quote(locales)}", safe="")

    answer = client.get(f"/sign-in/?next={target}")

    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked["ui_locales"] == [locales]


def test_without_a_wish_logto_is_asked_for_the_language_of_the_browser(client, issuer):
    answer = client.get("/sign-in/", headers={"Accept-Language": "ko"})

    assert parse_qs(urlsplit(answer.headers["Location"]).query)["ui_locales"] == ["ko"]


def test_a_sign_in_that_fails_tells_so_in_that_language(client, issuer, browse):
    client.get(f"/sign-in/?next={quote('/profile/?ui_locales=ko', safe='')}")

    page = browse(client, "/sign-in/callback/?state=none", status=400)

    assert language(page) == "ko"


def test_signing_in_once_more_is_in_that_language_too(alice, issuer):
    alice.get(f"{HERE}?ui_locales=ko")

    answer = alice.get("/sign-in/again/")

    assert parse_qs(urlsplit(answer.headers["Location"]).query)["ui_locales"] == ["ko"]


def test_pages_without_anybody_follow_for_as_long_as_it_stands_in_their_address(client, browse):
    assert language(browse(client, "/signed-out/?ui_locales=ko")) == "ko"
    assert language(browse(client, "/signed-out/")) == "en"
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def choose(client: Client, **liked: str) -> None:
    session = client.session
    session[preferences.KEY] = liked
    session.save()
