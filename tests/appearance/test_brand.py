"""The tenant's brand on a page."""

import pytest

from accountsite.appearance import brand
from tests.conftest import API
from tests.logto import answers


@pytest.fixture
def tell(wire):
    """Lets Logto tell what its tenant looks like."""

    def tell(**changes):
        wire.get(f"{API}/sign-in-exp", json=answers.sign_in_experience(**changes))
        wire.get(f"{API}/account-center", json=answers.account_center())
        wire.get(f"{API}/custom-profile-fields", json=[])

    return tell


def test_the_logo_leads_to_the_overview(client, browse, tell):
    tell(branding={"logoUrl": "https://example.com/logo.svg"})

    link = browse(client, "/signed-out/").find(class_="brand")

    assert link["href"] == "/"
    assert link.img["src"] == "https://example.com/logo.svg"
    assert link.img["alt"] == "Account"


def test_the_operators_name_stands_where_there_is_no_logo(client, browse, tell, settings):
    settings.ACCOUNTSITE_NAME = "Harbour"
    tell(branding={})

    assert browse(client, "/signed-out/").find(class_="brand").get_text(strip=True) == "Harbour"


def test_the_dark_logo_follows_the_device(client, browse, tell):
    tell(
        branding={
            "logoUrl": "https://example.com/l.svg",
            "darkLogoUrl": "https://example.com/d.svg",
        }
    )

    picture = browse(client, "/signed-out/").find("picture")

    assert picture.source["srcset"] == "https://example.com/d.svg"
    assert picture.source["media"] == "(prefers-color-scheme: dark)"


def test_who_chose_the_dark_theme_sees_the_dark_logo(client, browse, tell):
    tell(
        branding={
            "logoUrl": "https://example.com/l.svg",
            "darkLogoUrl": "https://example.com/d.svg",
        }
    )
    client.cookies["theme"] = "dark"

    page = browse(client, "/signed-out/")

    assert page.html["data-theme"] == "dark"
    assert page.find(class_="brand__logo")["src"] == "https://example.com/d.svg"
    assert page.find("source") is None


def test_the_favicon_is_the_tenants(client, browse, tell):
    tell(
        branding={
            "favicon": "https://example.com/i.ico",
            "darkFavicon": "https://example.com/d.ico",
        }
    )

    icons = browse(client, "/signed-out/").find_all("link", rel="icon")

    assert [(icon["href"], icon["media"]) for icon in icons] == [
        ("https://example.com/i.ico", "(prefers-color-scheme: light)"),
        ("https://example.com/d.ico", "(prefers-color-scheme: dark)"),
    ]


def test_the_stylesheet_is_in_the_tenants_colours(client, browse, tell):
    tell(color={"primaryColor": "#123", "isDarkModeEnabled": True, "darkPrimaryColor": "#abcdef"})

    sheet = browse(client, "/signed-out/").find("link", rel="stylesheet")

    assert sheet["href"].startswith("/appearance/112233-abcdef.")


def test_without_a_dark_mode_the_one_colour_serves_both_themes(client, browse, tell):
    tell(color={"primaryColor": "#123", "isDarkModeEnabled": False, "darkPrimaryColor": "#abcdef"})

    sheet = browse(client, "/signed-out/").find("link", rel="stylesheet")

    assert sheet["href"].startswith("/appearance/112233-112233.")


def test_the_tenants_links_are_in_the_footer(client, browse, tell):
    tell(
        termsOfUseUrl="https://example.com/terms",
        privacyPolicyUrl="https://example.com/privacy",
        supportWebsiteUrl="https://example.com/help",
        supportEmail="help@example.com",
    )

    links = browse(client, "/signed-out/").footer.find_all("a")

    assert [link["href"] for link in links] == [
        "https://example.com/terms",
        "https://example.com/privacy",
        "https://example.com/help",
        "mailto:help@example.com",
    ]


def test_what_is_no_web_address_is_no_link(client, browse, tell):
    tell(termsOfUseUrl="javascript:alert(1)", branding={"logoUrl": "https://["})

    page = browse(client, "/signed-out/")

    assert "javascript:" not in str(page)
    assert page.find(class_="brand__logo") is None


def test_a_colour_that_is_none_is_ours(client, browse, tell):
    tell(color={"primaryColor": "red", "isDarkModeEnabled": False, "darkPrimaryColor": ""})

    sheet = browse(client, "/signed-out/").find("link", rel="stylesheet")

    assert sheet["href"].startswith(f"/appearance/{brand.OURS}".replace("#", ""))


def test_while_logto_is_down_the_page_has_plain_looks(client, browse, wire):
    wire.get(f"{API}/sign-in-exp", status=503)

    page = browse(client, "/signed-out/")

    assert page.find(class_="brand").get_text(strip=True) == "Account"
    assert page.find("link", rel="icon")["href"].endswith("favicon.svg")


def test_an_outage_is_not_waited_for_by_every_page(client, browse, wire):
    wire.get(f"{API}/sign-in-exp", status=503)
    browse(client, "/signed-out/")
    asked = len(wire.calls)

    browse(client, "/signed-out/")

    assert len(wire.calls) == asked


def test_after_a_pause_it_is_asked_for_again(client, browse, wire, tell, clock):
    broken = wire.get(f"{API}/sign-in-exp", status=503)
    browse(client, "/signed-out/")
    wire.remove(broken)
    tell(branding={"logoUrl": "https://example.com/logo.svg"})
    clock.shift(brand.PAUSE_SECONDS + 1)

    page = browse(client, "/signed-out/")

    assert page.find(class_="brand__logo")
