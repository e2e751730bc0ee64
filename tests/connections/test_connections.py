"""Who one is elsewhere, and what else there is to sign in with."""

from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import Tag
from django.test import Client

from tests.connections.conftest import OVERVIEW
from tests.connections.logto import Logto, connector
from tests.logto import answers
from tests.security.conftest import html, says, says_of

pytestmark = pytest.mark.django_db


def card(client: Client, name: str) -> Tag | None:
    """A card of the page, by the id of its heading."""
    found = html(client.get(OVERVIEW)).find("section", {"aria-labelledby": name})
    return found if isinstance(found, Tag) else None


def lines(client: Client, name: str) -> list[Tag]:
    """The lines of a card."""
    found = card(client, name)
    return list(found.find_all(class_="row")) if found else []


def names(client: Client, name: str) -> list[str]:
    return [says_of(line.find(class_="provider")) for line in lines(client, name)]


def actions(line: Tag) -> list[tuple[str, str]]:
    return [
        (str(link.contents[0]), str(link["href"])) for link in line.find_all(class_="row__action")
    ]


def test_what_is_not_connected_can_be(alice: Client, logto: Logto) -> None:
    assert names(alice, "unconnected") == ["Apple", "GitHub", "Google"]
    assert card(alice, "connected") is None
    assert actions(lines(alice, "unconnected")[0]) == [("Connect", "/connections/link/apple/")]


def test_what_is_connected_comes_first_and_says_who_one_is_there(
    alice: Client, logto: Logto
) -> None:
    logto.is_connected(avatar="https://example.com/gh.png")

    assert names(alice, "connected") == ["GitHub"]
    [line] = lines(alice, "connected")
    assert "Ada on GitHub" in says_of(line)
    assert "ada@github.example" in says_of(line)
    assert line.find(class_="avatar")["src"] == "https://example.com/gh.png"
    assert actions(line) == [
        ("Replace", "/connections/link/github/"),
        ("Disconnect", "/connections/removal/github/"),
    ]
    assert names(alice, "unconnected") == ["Apple", "Google"]
    page = alice.get(OVERVIEW).content.decode()
    assert page.index('id="connected"') < page.index('id="unconnected"')


@pytest.mark.parametrize(
    ("details", "label"),
    [
        ({"name": None}, "ada@github.example"),
        ({"name": None, "email": None}, "gh-1"),
        ({"name": ["x"], "email": {}}, "gh-1"),
    ],
)
def test_without_a_name_there_something_else_tells_who_one_is(
    alice: Client, logto: Logto, details: Any, label: str
) -> None:
    logto.is_connected(**details)

    [line] = lines(alice, "connected")

    assert says_of(line.find(class_="persona")) == label


def test_only_pictures_of_the_web_are_shown(alice: Client, logto: Logto) -> None:
    logto.is_connected(avatar="javascript:alert(1)")
    logto.connectors = [
        connector("github", logo="https://example.com/l.svg", logoDark="https://example.com/d.svg"),
        connector("google", logo="data:image/svg+xml;base64,PHN2Zy8+"),
        connector("apple", logo="javascript:alert(1)", logoDark="data:text/html,x"),
    ]

    page = html(alice.get(OVERVIEW))

    logos = [image["src"] for image in page.find_all("img", class_="provider__logo")]
    assert logos == ["https://example.com/l.svg", "data:image/svg+xml;base64,PHN2Zy8+"]
    dark = page.find(id="row-github").find("source")
    assert (dark["srcset"], dark["media"]) == (
        "https://example.com/d.svg",
        "(prefers-color-scheme: dark)",
    )
    assert page.find(class_="persona").img is None
    assert "javascript:" not in str(page)


def test_a_provider_that_is_gone_can_still_be_disconnected(alice: Client, logto: Logto) -> None:
    logto.is_connected("forgotten")

    [line] = lines(alice, "connected")

    assert "This service does not offer it any more. You can’t sign in with it." in says_of(line)
    assert actions(line) == [("Disconnect", "/connections/removal/forgotten/")]


def test_a_provider_that_nobody_signs_in_with_says_so(alice: Client, logto: Logto) -> None:
    logto.is_connected()
    logto.offers("google")

    assert "does not offer it for signing in" in says_of(lines(alice, "connected")[0])


def test_of_two_connectors_of_a_provider_browsers_get_theirs(alice: Client, logto: Logto) -> None:
    logto.connectors = [
        connector("github", id="native", platform="Native", name={"en": "App"}),
        connector("github", id="web", platform="Web", name={"en": "Web"}),
        connector("github", id="universal", name={"en": "Both"}),
        connector("phone", platform="Native", name={"en": "Phone app"}),
    ]
    logto.is_connected("phone")

    assert names(alice, "unconnected") == ["Web"]
    assert names(alice, "connected") == ["Phone app"]
    assert alice.get("/connections/link/phone/").status_code == 404


def test_an_organizations_sign_in_is_there_to_be_seen(alice: Client, logto: Logto) -> None:
    logto.works_for()

    [line] = lines(alice, "organization")

    assert "The works" in says_of(line)
    assert "Ada at work" in says_of(line)
    assert "ada@work.example" in says_of(line)
    assert "https://idp.example.com" in says_of(line)
    assert "Read only" in says_of(line)
    assert actions(line) == []
    assert "Your organization connected this and looks after it" in says(alice.get(OVERVIEW))


def test_without_its_connector_it_goes_by_its_address(alice: Client, logto: Logto) -> None:
    logto.works_for()
    logto.fails("GET companies", 500, 500)

    assert names(alice, "organization") == ["https://idp.example.com"]


def test_kept_access_is_shown_with_what_it_allows_and_until_when(
    alice: Client, logto: Logto, clock: Any
) -> None:
    clock.move_to(datetime(2026, 11, 1, tzinfo=UTC))
    logto.is_connected()
    logto.keeps(metadata={"scope": "read:user repo", "expiresAt": 1795230406})

    [line] = lines(alice, "connected")

    text = says_of(line)
    assert "is kept for apps of this service. It ends on November 21, 2026, 3:06 AM." in text
    assert [code.text for code in line.find_all("code")] == ["read:user", "repo"]
    assert line.find("a", href="/connections/access/secret1/") is not None


@pytest.mark.parametrize(
    ("metadata", "text"),
    [
        ({"expiresAt": 1_000_000_000}, "It ended on September 9, 2001"),
        ({"expiresAt": 1_000_000_000, "hasRefreshToken": True}, "It renews itself."),
        ({}, "is kept for apps of this service."),
    ],
)
def test_how_long_it_lasts(alice: Client, logto: Logto, metadata: Any, text: str) -> None:
    logto.is_connected()
    logto.keeps(metadata=metadata)

    assert text in says_of(lines(alice, "connected")[0])


def test_kept_access_of_an_organizations_sign_in_is_shown_too(alice: Client, logto: Logto) -> None:
    logto.works_for()
    logto.keeps("company", id="secret2")

    [line] = lines(alice, "organization")

    assert line.find("a", href="/connections/access/secret2/") is not None


def test_no_token_is_in_the_page(alice: Client, logto: Logto) -> None:
    logto.is_connected(rawData={"tokenResponse": {"access_token": answers.PLANTED}})
    logto.keeps()

    assert answers.PLANTED not in alice.get(OVERVIEW).content.decode()


def test_what_only_adds_to_the_page_may_be_missing(alice: Client, logto: Logto) -> None:
    logto.is_connected()
    logto.fails("GET everything", 503, 503)

    text = says(alice.get(OVERVIEW))

    assert "Ada on GitHub" in text
    assert "Which access to your accounts elsewhere is kept can’t be told at the moment." in text


def test_without_the_account_there_is_no_page(alice: Client, logto: Logto) -> None:
    logto.fails("GET person", 503, 503)

    assert alice.get(OVERVIEW).status_code == 503


def test_it_takes_one_trip_to_logto(alice: Client, logto: Logto) -> None:
    alice.get(OVERVIEW)
    logto.slows()

    alice.get(OVERVIEW)

    assert logto.round_trips == 1


def test_read_only_shows_what_is_connected_and_nothing_to_do(alice: Client, logto: Logto) -> None:
    logto.is_connected()
    logto.keeps()
    logto.lets(social="ReadOnly")

    [line] = lines(alice, "connected")

    assert "Read only" in says_of(line)
    assert line.find("a") is None
    assert card(alice, "unconnected") is None


def test_off_shows_no_social_accounts(alice: Client, logto: Logto) -> None:
    logto.is_connected()
    logto.works_for()
    logto.lets(social="Off")

    assert card(alice, "connected") is None
    assert card(alice, "unconnected") is None
    assert card(alice, "organization") is not None


def test_without_the_account_center_everything_can_be_done_that_needs_no_token(
    alice: Client, logto: Logto
) -> None:
    logto.center = answers.account_center(enabled=False)

    found = lines(alice, "unconnected")

    assert [says_of(line.find(class_="provider")) for line in found] == [
        "GitHub",
        "Google",
        "Apple",
    ]
    assert actions(found[0]) == [("Connect", "/connections/link/github/")]
    assert actions(found[2]) == []
    assert "It can’t be connected here at the moment. Ask the support." in says_of(found[2])


def test_where_there_is_nothing_it_says_so(alice: Client, logto: Logto) -> None:
    logto.connectors = []

    assert "Nothing is connected" in says(alice.get(OVERVIEW))


@pytest.mark.parametrize("count", [3, 500])
def test_a_crowd_is_shown_on_demand(alice: Client, logto: Logto, count: int) -> None:
    logto.connectors = [connector(f"p{number}") for number in range(count)]
    for number in range(0, count, 2):
        logto.is_connected(f"p{number}")

    page = html(alice.get(OVERVIEW))

    rows = page.find_all(class_="row")
    assert len(rows) == count
    at_once = [row for row in rows if not row.find_parent("details")]
    assert len(at_once) == min(count, 40)
    summaries = [says_of(tag) for tag in page.find_all("summary")]
    assert summaries == ([] if count == 3 else ["Show 230 more", "Show 230 more"])


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "\u202etxet",
    "👩‍🚀" * 30,
    "W" * 128,
    "a/b",
    "..",
    "%2e",
    " ",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_only_names(alice: Client, logto: Logto, text: str) -> None:
    logto.connectors = [connector("github", name={"en": text}), connector(text, id="odd")]
    logto.is_connected("github", name=text, email=text)
    logto.is_connected(text, subject=text)
    logto.works_for(issuer=text, detail={"name": text})
    logto.keeps(metadata={"scope": text})

    page = html(alice.get(OVERVIEW))

    assert page.find("img", src="x") is None
    for found in page.find_all("bdi"):
        assert found.find(True) is None or found.find("code")
    for link in page.select(".card a"):
        assert alice.get(str(link["href"])).status_code in {200, 302, 404}


def test_in_the_navigation(alice: Client, logto: Logto) -> None:
    link = html(alice.get(OVERVIEW)).find("a", {"aria-current": "page"})

    assert (says_of(link), link["href"]) == ("Connections", OVERVIEW)
