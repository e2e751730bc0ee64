"""What every page has around it."""

import pytest
from django.contrib.messages import constants
from django.template.loader import render_to_string

from accountsite import sections
from tests.conftest import ALICE, API
from tests.logto import answers


@pytest.fixture(autouse=True)
def account(wire):
    """Logto, with alice in it."""
    wire.get(f"{API}/users/{ALICE}", json=answers.user(id=ALICE, name="Alice Kim"))
    wire.get(f"{API}/sign-in-exp", json=answers.sign_in_experience())
    wire.get(f"{API}/account-center", json=answers.account_center(enabled=False))
    wire.get(f"{API}/custom-profile-fields", json=[])


def test_the_navigation_leads_to_every_section_and_says_which_this_is(alice, browse):
    links = browse(alice, "/").nav.find_all("a")

    assert [link["href"] for link in links] == [section.url for section in sections.SECTIONS]
    assert [link.get("aria-current") for link in links] == ["page", *[None] * (len(links) - 1)]


def test_the_navigation_leaves_out_what_the_tenant_hides(alice, browse, wire):
    hidden = answers.account_center(enabled=True, fields={"session": "Off"})
    wire.replace("GET", f"{API}/account-center", json=hidden)

    links = {link["href"] for link in browse(alice, "/").nav.find_all("a")}

    assert links.isdisjoint({"/devices/", "/apps/"})
    assert "/security/" in links


def test_every_icon_is_in_the_sprite(settings):
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text()

    for section in sections.SECTIONS:
        assert f'<symbol id="{section.icon}"' in sprite


def test_it_shows_who_is_signed_in_with_the_way_out_beside(alice, browse):
    who = browse(alice, "/").find(class_="who")

    assert who.find(class_="who__label").text == "Alice Kim"
    assert (who.form["method"], who.form["action"]) == ("post", "/sign-out/")


def test_strangers_see_neither_navigation_nor_a_way_out(client, browse):
    page = browse(client, "/signed-out/")

    assert page.nav is None
    assert page.find(class_="who") is None
    assert "frame--open" in page.body["class"]


def test_the_first_link_skips_to_the_content(alice, browse):
    page = browse(alice, "/")

    assert page.a["href"] == "#main"
    assert page.find(id="main").name == "main"


def test_the_one_message_region_is_there_before_any_message(alice, browse):
    region = browse(alice, "/").find(id="messages")

    assert region["role"] == "status"
    assert not region.contents


@pytest.mark.parametrize(
    ("level", "role"), [("success", None), ("info", None), ("warning", None), ("error", "alert")]
)
def test_a_refusal_is_an_alert_and_other_messages_are_not(level, role):
    assert level in constants.DEFAULT_TAGS.values()

    html = render_to_string(
        "components/message.html", {"text": "Name <b>saved</b>.", "level": level}
    )

    assert ('role="alert"' in html) is (role == "alert")
    assert "Name &lt;b&gt;saved&lt;/b&gt;." in html


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_the_chosen_theme_is_on_the_root(alice, browse, theme):
    alice.cookies["theme"] = theme

    assert browse(alice, "/").html["data-theme"] == theme


def test_the_page_names_its_language_and_direction(alice, browse):
    alice.cookies["language"] = "ko"

    html = browse(alice, "/").html

    assert (html["lang"], html["dir"]) == ("ko", "ltr")


def test_scripts_are_two_and_wait_for_the_page(alice, browse):
    scripts = browse(alice, "/").find_all("script")

    assert [script["src"] for script in scripts] == [
        "/static/vendor/htmx-4.0.1.min.js",
        "/static/js/site.js",
    ]
    assert all(script.has_attr("defer") for script in scripts)


def test_our_own_script_is_small(settings):
    assert (settings.BASE_DIR / "static" / "js" / "site.js").stat().st_size <= 3072
