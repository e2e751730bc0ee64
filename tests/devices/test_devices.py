"""Devices: where you are signed in."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests import costs
from tests.conftest import HTMX
from tests.devices.conftest import Logto, also, html, session, text_of
from tests.elsewhere.conftest import SID, grant

pytestmark = pytest.mark.django_db

PATH = "/devices/"


def entries(page: Any) -> list[str]:
    return [text_of(entry) for entry in page.find_all(class_="entry")]


def test_it_stands_in_the_navigation(alice: Client, browse: Any, logto: Logto) -> None:
    current = browse(alice, PATH).find(class_="navigation").find("a", {"aria-current": "page"})

    assert current["href"] == PATH


def test_each_is_told_with_where_when_and_how_somebody_signed_in(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.sessions = [session("phone", sid=SID, proofs=("Password", "Totp"))]

    (entry,) = entries(browse(alice, PATH))

    assert entry.startswith("Safari on iPhone")
    assert "192.0.2.1" in entry
    assert "Signed in on November 20, 2026 at 12:00 PM" in entry or "November 20, 2026" in entry
    assert "Password, Authenticator app" in entry


def test_this_one_is_marked_and_comes_first_then_the_newest(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.sessions = [
        session("old", day=1),
        session("here", sid=SID, day=3),
        session("new", day=20),
    ]

    page = browse(alice, PATH)

    links = [link["href"] for link in page.find_all("a", class_="entry__title")]
    assert links == ["/devices/here/", "/devices/new/", "/devices/old/"]
    marked = [entry for entry in entries(page) if "This device" in entry]
    assert len(marked) == 1
    assert "November 3, 2026" in marked[0]


def test_a_hundred_of_them_cost_no_more_than_one(alice: Client, logto: Logto, wire: Any) -> None:
    of_one = costs.of(alice, PATH, wire)

    logto.sessions += [session(f"other-{number}") for number in range(99)]

    assert costs.of(alice, PATH, wire) == of_one


def test_where_no_session_is_known_as_this_one_it_says_so(
    client: Client, sign_in: Any, browse: Any, logto: Logto
) -> None:
    sign_in(client, sid=None)

    page = browse(client, PATH)

    assert "does not tell which of these" in text_of(page)
    assert not any("This device" in entry for entry in entries(page))


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ({"ip": "192.0.2.1", "city": "Hull", "country": "GB"}, "Hull, United Kingdom"),
        ({"ip": "192.0.2.1", "country": "kr"}, "South Korea"),
        ({"ip": "192.0.2.1", "city": "Hull"}, "Hull"),
        ({"ip": "192.0.2.1", "country": "Atlantis"}, "Atlantis"),
        ({"ip": "2001:db8::1"}, "2001:db8::1"),
        ({"city": "\u202eHull\n", "country": "GB"}, "Hull, United Kingdom"),
        ({}, "Unknown device"),
    ],
)
def test_the_place_is_told_if_logto_knows_it_else_the_address(
    alice: Client, browse: Any, logto: Logto, seen: dict[str, str], words: str
) -> None:
    logto.sessions = [session("phone", sid=SID, seen=seen)]

    (entry,) = entries(browse(alice, PATH))

    assert words in entry
    assert ("192.0.2.1" in entry) is False


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (("EmailVerificationCode",), "Code by email"),
        (("PhoneVerificationCode", "BackupCode"), "Code by text message, Backup code"),
        (("Social", "MfaEmailVerificationCode"), "Social account, Code by email"),
        (("EnterpriseSso",), "Enterprise account"),
        (("SignInPasskey", "WebAuthn"), "Passkey"),
        (("OneTimeToken",), "One-time link"),
        (("Telepathy",), "Telepathy"),
    ],
)
def test_how_they_signed_in_is_told_in_words(
    alice: Client, browse: Any, logto: Logto, kinds: tuple[str, ...], words: str
) -> None:
    logto.sessions = [session("phone", sid=SID, proofs=kinds)]

    facts = browse(alice, PATH).find(class_="entry__facts").find_all("li")

    assert text_of(facts[-1]) == words


def test_a_session_of_which_nothing_was_kept_is_shown_all_the_same(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.sessions = [{**session("phone", sid=SID), "lastSubmission": None}]

    (entry,) = entries(browse(alice, PATH))

    assert entry.startswith("Unknown device")


def test_the_apps_in_it_are_named(alice: Client, browse: Any, logto: Logto) -> None:
    made = also(also(session("here", sid=SID), "photo-prints"), "https://notes.example.com/c")
    logto.sessions = [also(also(made, "account-center"), "nobody-knows")]
    logto.grants = [
        grant("one", app="photo-prints", name="Photo Prints"),
        grant("two", app="https://notes.example.com/c", name="Your bank"),
    ]

    (entry,) = entries(browse(alice, PATH))
    apps = [text_of(app) for app in browse(alice, "/devices/here/").find(id="apps").find_all("li")]

    assert "Apps: Account settings Photo Prints notes.example.com and 2 other apps" in entry
    assert apps == [
        "Account settings",
        "Photo Prints",
        "notes.example.com",
        "The sign-in service",
        "nobody-knows",
    ]


def test_what_apps_are_called_keeps_nobody_from_their_devices(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.sessions = [also(session("phone", sid=SID), "photo-prints")]
    logto.fails("grants")

    (entry,) = entries(browse(alice, PATH))

    assert "photo-prints" in entry


def test_none_is_told_as_none(client: Client, sign_in: Any, browse: Any, logto: Logto) -> None:
    logto.sessions = []

    page = browse(sign_in(client, sid=None), PATH)

    assert "No device is listed" in text_of(page)
    assert page.find("a", href="/devices/others/") is None


@pytest.mark.parametrize(("count", "shown", "pages"), [(1, 1, 1), (3, 3, 1), (500, 20, 25)])
def test_any_number_of_them_is_shown_a_page_at_a_time(
    alice: Client, browse: Any, logto: Logto, count: int, shown: int, pages: int
) -> None:
    logto.sessions = [
        session(f"number-{number:03}", sid="" if number else SID) for number in range(count)
    ]

    page = browse(alice, PATH)

    assert len(entries(page)) == shown
    assert text_of(page.find(class_="card__lead")) == f"{count} device{'s' if count > 1 else ''}"
    assert (page.find("a", rel="next") is not None) is (pages > 1)
    assert page.find("a", rel="prev") is None
    last = browse(alice, f"{PATH}?page={pages}")
    assert len(entries(last)) == (count - 1) % 20 + 1
    assert last.find("a", rel="next") is None


@pytest.mark.parametrize("number", ["0", "-1", "99999", "x", "1' OR 1=1"])
def test_a_page_that_is_none_leads_to_one_that_is(
    alice: Client, browse: Any, logto: Logto, number: str
) -> None:
    logto.sessions = [session(f"number-{number:03}") for number in range(30)]

    assert entries(browse(alice, f"{PATH}?page={number}"))


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\u202eevil", "👩‍🚀" * 30, "x" * 128]
)
def test_hostile_text_stays_text(alice: Client, browse: Any, logto: Logto, text: str) -> None:
    logto.sessions = [
        also(session("phone", seen={"userAgent": text, "city": text, "country": text}), text)
    ]
    logto.grants = [grant("one", app=text, name=text)]

    page = browse(alice, "/devices/phone/")

    assert text in page.get_text()
    assert all("alert" not in (tag.string or "") for tag in page.find_all("script"))
    assert any(text in tag.get_text() for tag in page.find_all("bdi"))


def test_what_the_tenant_hides_is_not_there(alice: Client, browse: Any, logto: Logto) -> None:
    logto.lets("Off")

    for path in (PATH, "/devices/here/", "/devices/others/"):
        page = browse(alice, path, status=404)
        assert page.find(class_="navigation").find("a", href=PATH) is None


def test_what_the_tenant_fixes_is_shown_without_anything_to_do(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.lets("ReadOnly")
    logto.sessions += [session("phone")]

    assert browse(alice, PATH).find("a", href="/devices/others/") is None
    assert browse(alice, "/devices/phone/").find("form", action="/devices/phone/") is None
    assert alice.get("/devices/others/").status_code == 404


def test_it_takes_one_round_trip(alice: Client, logto: Logto) -> None:
    alice.get(PATH)
    logto.slows()

    alice.get(PATH)

    assert logto.round_trips == 1


@pytest.mark.parametrize("name", ["sessions", ""])
def test_while_logto_is_down_the_page_says_so(alice: Client, logto: Logto, name: str) -> None:
    logto.fails(name)

    response = alice.get(PATH)

    assert response.status_code == 503
    assert "can’t be reached" in text_of(html(response))


def test_who_is_suspended_is_signed_out(alice: Client, logto: Logto) -> None:
    logto.person |= {"isSuspended": True}

    assert alice.get(PATH)["Location"].startswith("/signed-out/?reason=suspended")


def test_htmx_gets_the_part_that_changes(alice: Client, logto: Logto) -> None:
    part = alice.get(PATH, headers=HTMX).text

    assert "entry__title" in part
    assert "<html" not in part


def test_nobody_sees_it_without_signing_in(client: Client, logto: Logto) -> None:
    for path in (PATH, "/devices/here/", "/devices/others/", "/devices/trusted/one/"):
        assert client.get(path)["Location"].startswith("/sign-in/")


def test_this_site_is_called_by_what_it_is(alice: Client, browse: Any, logto: Logto) -> None:
    logto.grants = [grant("one", app=settings.LOGTO_APP_ID, name="accountsite prod 2")]

    (entry,) = entries(browse(alice, PATH))

    assert "Account settings" in entry
    assert "prod" not in entry
