"""The list of tokens: what they are for, until when they work, and never their values."""

import pytest

from accountsite.logto.tokens import PersonalAccessToken
from tests import costs
from tests.conftest import API
from tests.security.conftest import html, says
from tests.tokens.conftest import VALUE, in_days

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/tokens/"


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["language"] = "en"


def rows(page):
    return [" ".join(item.get_text(" ").split()) for item in page.find_all(class_="item")]


def test_without_any_it_says_what_they_are_for(alice, browse, logto):
    page = browse(alice, PATH)

    assert "You have no tokens" in page.get_text()
    assert page.find("a", string="Create a token")["href"] == "/tokens/new/"


def test_each_has_its_name_and_its_times(alice, browse, logto, clock):
    logto.has("ever")
    logto.has("later", expiresAt=in_days(30))
    logto.has("over", expiresAt=in_days(-1))

    over, later, ever = rows(browse(alice, PATH))

    assert "ever Created on November 21, 2026" in ever
    assert "Never expires" in ever
    assert "Works until" in later
    assert "Expired on" in over


def test_the_newest_one_is_first(alice, browse, logto):
    logto.has("first", "second", "third")

    assert [row.split()[0] for row in rows(browse(alice, PATH))] == ["third", "second", "first"]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0.5, "Expires in less than a day."),
        (1.5, "Expires in 1 day."),
        (6.5, "Expires in 6 days."),
        (8, None),
        (-1, None),
    ],
)
def test_one_that_expires_soon_is_marked(alice, browse, logto, clock, days, words):
    logto.has("deploy", expiresAt=in_days(days))

    warning = browse(alice, PATH).find(class_="row__warning")

    assert (warning.get_text(strip=True) if warning else None) == words


def test_no_value_is_ever_in_it(alice, logto):
    logto.has("one", "two")

    answer = alice.get(PATH)

    assert VALUE not in answer.text
    assert not hasattr(PersonalAccessToken.from_json(logto.tokens[0]), "value")
    assert answer["Cache-Control"] == "no-store"


HOSTILE = {
    "markup": "<script>alert(1)</script>",
    "right to left": "\u202egnp.exe שלום",
    "emoji": "🧪" * 128,
    "long": "n" * 256,
    "path": "ci job/1 é?x=1#y&amp;",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_a_token_is_called_it_can_be_found_and_removed(alice, browse, logto, name):
    token = logto.has(name)

    item = browse(alice, PATH).find(class_="item")
    assert item.find("bdi").text == name
    links = [link["href"] for link in item.find_all("a")]
    for link in links:
        page = browse(alice, link)
        assert name in page.get_text() or page.find("input", value=name)
        assert "<script>alert" not in str(page)
    alice.post(links[1])

    assert logto.names == []
    assert token["name"] == name


@pytest.mark.parametrize(("count", "on_page", "pages"), [(1, 1, 1), (3, 3, 1), (500, 20, 25)])
def test_any_number_of_them_is_shown(alice, browse, logto, count, on_page, pages):
    logto.has(*(f"token {number}" for number in range(count)))

    page = browse(alice, PATH)

    assert len(rows(page)) == on_page
    pager = page.find(class_="pager")
    assert (pager is None) == (pages == 1)
    if pager:
        assert f"Page 1 of {pages}" in pager.get_text()
        last = browse(alice, f"{PATH}?page={pages}")
        assert rows(last)[-1].startswith("token 0 ")


def test_a_hundred_of_them_cost_no_more_than_one(alice, logto, wire):
    logto.has("first")
    of_one = costs.of(alice, PATH, wire)

    logto.has(*(f"token {number}" for number in range(99)))

    assert costs.of(alice, PATH, wire) == of_one


@pytest.mark.parametrize("number", ["0", "-1", "99", "x"])
def test_a_page_that_is_none_is_the_nearest(alice, browse, logto, number):
    logto.has("only")

    assert len(rows(browse(alice, f"{PATH}?page={number}"))) == 1


def test_the_page_of_a_token_can_be_asked_for(alice, browse, logto):
    logto.has(*(f"token {number}" for number in range(50)))
    oldest = PersonalAccessToken.from_json(logto.tokens[0])

    assert browse(alice, f"{PATH}?at={oldest.id}").find(id=f"row-token-{oldest.id}")
    assert rows(browse(alice, f"{PATH}?at=nothing"))[0].startswith("token 49 ")


def test_a_form_is_cancelled_to_where_its_row_is(alice, browse, logto):
    logto.has(*(f"token {number}" for number in range(50)))
    oldest = PersonalAccessToken.from_json(logto.tokens[0])

    cancel = browse(alice, f"{PATH}{oldest.id}/removal/").find("a", string="Cancel")

    assert cancel["href"] == f"/tokens/?at={oldest.id}#row-token-{oldest.id}"


def test_where_there_is_no_room_it_says_so(alice, browse, logto, settings):
    settings.TOKENS_MOST = 2
    logto.has("one", "two")

    row = browse(alice, PATH).find(id="row-token")

    assert "There can’t be more than 2. Remove one to make room." in row.get_text()
    assert row.find("a") is None


def test_it_shows_how_a_token_is_used_here(alice, browse, logto):
    page = browse(alice, PATH)

    command = page.find(id="command").code.text
    assert command.startswith("curl https://logto.test/oidc/token")
    assert "client_id=APP_ID" in command
    assert '"subject_token=$TOKEN"' in command
    assert "urn:logto:token-type:personal_access_token" in command
    assert "app-secret" not in page.get_text()
    assert "In place of APP_ID" in says(alice.get(PATH))


def test_the_example_names_the_operator_s_application(alice, browse, logto, settings):
    settings.TOKENS_APP_ID = "command-line"

    page = browse(alice, PATH)

    assert "client_id=command-line" in page.find(id="command").code.text
    assert "APP_ID" not in page.get_text()


def test_it_takes_one_round_trip(alice, logto):
    logto.trips.begin()

    alice.get(PATH)

    assert logto.trips.count == 1


def test_without_logto_it_says_so(alice, wire):
    wire.get(f"{API}/users/alice0000001", status=503)
    wire.get(f"{API}/users/alice0000001/personal-access-tokens", status=503)

    assert alice.get(PATH).status_code == 503


@pytest.mark.parametrize(
    "path", ["", "new/", "0123456789abcdef/name/", "0123456789abcdef/removal/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_where_the_operator_has_none_there_are_no_such_pages(alice, logto, settings, path, method):
    settings.TOKENS = False

    assert getattr(alice, method)(PATH + path).status_code == 404
    assert logto.writes == []


def test_where_the_operator_has_none_nothing_leads_there(alice, logto, settings):
    settings.TOKENS = False

    answer = alice.get("/tokens/")

    assert not html(answer).find("a", href="/tokens/")
