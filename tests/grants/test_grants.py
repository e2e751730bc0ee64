"""Apps with access: what you let in."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests import costs
from tests.conftest import HTMX
from tests.devices.conftest import Logto, also, html, session, text_of
from tests.elsewhere.conftest import SID, grant

pytestmark = pytest.mark.django_db

PATH = "/apps/"
PRINTS = {"app": "photo-prints", "name": "Photo Prints"}


def entries(page: Any) -> list[str]:
    return [text_of(entry) for entry in page.find_all(class_="entry")]


def test_it_stands_in_the_navigation(alice: Client, browse: Any, logto: Logto) -> None:
    current = browse(alice, PATH).find(class_="navigation").find("a", {"aria-current": "page"})

    assert (current["href"], text_of(current)) == (PATH, "Apps")


def test_each_app_is_told_once_with_since_and_until_when_and_on_how_many_devices(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.grants = [grant("one", day=3, **PRINTS), grant("two", day=5, **PRINTS)]
    logto.sessions = [session(name, app="photo-prints") for name in ("phone", "library")]

    (entry,) = entries(browse(alice, PATH))

    assert entry.startswith("Photo Prints")
    assert "Since November 3, 2026" in entry
    assert "Until November 6, 2026" in entry
    assert "Signed in on 2 devices" in entry


def test_an_app_that_is_signed_in_nowhere_says_so(alice: Client, browse: Any, logto: Logto) -> None:
    logto.grants = [grant("one", **PRINTS)]

    (entry,) = entries(browse(alice, PATH))

    assert "Signed in nowhere now" in entry


def test_third_parties_come_first_and_apart(alice: Client, browse: Any, logto: Logto) -> None:
    logto.grants = [
        grant("one", app="berths", name="Berths", is_own=True),
        grant("two", **PRINTS),
        grant("three", app="https://notes.example.com/client", name="Your bank"),
    ]

    page = browse(alice, PATH)

    others = page.find("section", {"aria-labelledby": "third-party"})
    own = page.find("section", {"aria-labelledby": "of-this-service"})
    assert [text_of(link) for link in others.find_all("a", class_="entry__title")] == [
        "Photo Prints",
        "notes.example.com",
    ]
    assert [text_of(link) for link in own.find_all("a", class_="entry__title")] == ["Berths"]
    assert "Your bank" not in text_of(page)


def test_a_hundred_of_them_cost_no_more_than_one(alice: Client, logto: Logto, wire: Any) -> None:
    logto.grants = [grant("first")]
    of_one = costs.of(alice, PATH, wire)

    logto.grants += [
        grant(f"other-{number}", app=f"app-{number}", name=f"App {number}") for number in range(99)
    ]

    assert costs.of(alice, PATH, wire) == of_one


def test_this_site_is_marked(alice: Client, browse: Any, logto: Logto) -> None:
    logto.grants = [grant("one", app=settings.LOGTO_APP_ID, is_own=True)]
    logto.sessions = [also(session("here", sid=SID), "photo-prints")]

    (entry,) = entries(browse(alice, PATH))

    assert "This site" in entry
    assert "Signed in on 1 device" in entry


@pytest.mark.parametrize("is_own", [True, False])
def test_revoking_all_is_offered_where_there_are_third_party_apps(
    alice: Client, browse: Any, logto: Logto, *, is_own: bool
) -> None:
    logto.grants = [grant("one", is_own=is_own)]

    link = browse(alice, PATH).find("a", href="/apps/third-party/")

    assert (link is None) is is_own


def test_none_is_told_as_none(alice: Client, browse: Any, logto: Logto) -> None:
    page = browse(alice, PATH)

    assert "No app has access" in text_of(page)
    assert alice.get("/apps/third-party/").status_code == 404


@pytest.mark.parametrize(("count", "shown", "pages"), [(1, 1, 1), (3, 3, 1), (500, 20, 25)])
def test_any_number_of_them_is_shown_a_page_at_a_time(
    alice: Client, browse: Any, logto: Logto, count: int, shown: int, pages: int
) -> None:
    logto.grants = [
        grant(f"number-{number}", app=f"app-{number}", is_own=number > 400)
        for number in range(count)
    ]

    page = browse(alice, PATH)

    assert len(entries(page)) == shown
    assert (page.find("a", rel="next") is not None) is (pages > 1)
    last = browse(alice, f"{PATH}?page={pages}")
    assert len(entries(last)) == (count - 1) % 20 + 1
    assert last.find("a", rel="next") is None


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "\u202eevil", "👩‍🚀" * 30, "x" * 128, "https://[broken"],
)
def test_hostile_text_stays_text(alice: Client, browse: Any, logto: Logto, text: str) -> None:
    logto.grants = [grant("one", app=text, name=text, scope=f"openid {text}")]

    page = browse(alice, PATH)
    one = browse(alice, page.find("a", class_="entry__title")["href"])

    for each in (page, one):
        assert text in each.get_text()
        assert all("alert" not in (tag.string or "") for tag in each.find_all("script"))
        assert any(text in tag.get_text() for tag in each.find_all("bdi"))


def test_while_devices_can_t_be_read_the_apps_are_shown(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.grants = [grant("one", **PRINTS)]
    logto.fails("sessions")

    (entry,) = entries(browse(alice, PATH))

    assert "Signed in" not in entry


@pytest.mark.parametrize("name", ["grants", ""])
def test_while_logto_is_down_the_page_says_so(alice: Client, logto: Logto, name: str) -> None:
    logto.fails(name)

    response = alice.get(PATH)

    assert response.status_code == 503
    assert "can’t be reached" in text_of(html(response))


def test_what_the_tenant_hides_is_not_there(alice: Client, browse: Any, logto: Logto) -> None:
    logto.lets("Off")
    logto.grants = [grant("one", **PRINTS)]

    for path in (PATH, "/apps/third-party/"):
        page = browse(alice, path, status=404)
        assert page.find(class_="navigation").find("a", href=PATH) is None


def test_it_takes_one_round_trip(alice: Client, logto: Logto) -> None:
    alice.get(PATH)
    logto.slows()

    alice.get(PATH)

    assert logto.round_trips == 1


def test_htmx_gets_the_part_that_changes(alice: Client, logto: Logto) -> None:
    logto.grants = [grant("one", **PRINTS)]

    part = alice.get(PATH, headers=HTMX).text

    assert "Photo Prints" in part
    assert "<html" not in part


def test_nobody_sees_it_without_signing_in(client: Client, logto: Logto) -> None:
    for path in (PATH, "/apps/key/", "/apps/third-party/"):
        assert client.get(path)["Location"].startswith("/sign-in/")
        assert client.post(path)["Location"].startswith("/sign-in/")
