"""Coming from an app to one task, and going back when it is done."""

import time
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib import messages
from django.contrib.messages import get_messages
from django.test import Client

from accountsite.links import returns
from tests.conftest import HTMX

pytestmark = pytest.mark.django_db(transaction=True)

BACK = "https://app.example.com/settings?tab=2"
THEME = "/profile/preferences/theme/"
KEEP = "/privacy/deletion/keep/"


def link(path: str, back: str = BACK) -> str:
    return f"{path}?return_to={quote(back)}"


def way_back(page):
    found = page.find(class_="way-back")
    return (found.a["href"], " ".join(found.get_text().split())) if found else None


def change_theme(client: Client, **extra):
    return client.post(THEME, {"value": "dark"}, **extra)


# The way there


def test_the_page_says_where_it_leads_back_to(alice, browse):
    assert way_back(browse(alice, link(KEEP))) == (BACK, "Back to Notes")


def test_without_a_name_the_host_is_one(alice, browse):
    page = browse(alice, link(KEEP, "https://shop.example.com/"))

    assert way_back(page) == ("https://shop.example.com/", "Back to shop.example.com")


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "javascript:alert(1)", "//app.example.com", ""]
)
def test_a_wrong_one_is_ignored_and_the_page_works(alice, browse, back):
    assert way_back(browse(alice, link(KEEP, back))) is None
    assert change_theme(alice).headers["Location"] == "/profile/#row-preference-theme"


def test_of_two_in_one_address_the_one_that_is_used_is_the_one_that_was_checked(alice, browse):
    path = f"{KEEP}?return_to=https://evil.example/&return_to={quote(BACK)}"

    assert way_back(browse(alice, path)) == (BACK, "Back to Notes")


def test_who_is_signed_out_keeps_it_through_the_sign_in(client):
    answer = client.get(link(THEME))

    assert quote(link(THEME), safe="") in answer.headers["Location"]
    assert returns.KEY not in client.session


# And back


def test_after_success_it_is_followed(alice):
    alice.get(link(THEME))

    answer = change_theme(alice)

    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)


def test_htmx_is_led_there_too(alice):
    alice.get(link(THEME))

    answer = change_theme(alice, headers=HTMX)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, BACK)


def test_a_task_that_ends_on_another_page_ends_there(alice):
    alice.get(link(KEEP))

    assert alice.post(KEEP).headers["Location"] == BACK


def test_it_is_followed_once(alice, browse):
    alice.get(link(THEME))
    change_theme(alice)

    assert change_theme(alice).headers["Location"] == "/profile/#row-preference-theme"
    assert way_back(browse(alice, KEEP)) is None


def test_the_message_does_not_come_later(alice, browse):
    """The app says that it is done; whoever comes back next week should not be told again."""
    alice.get(link(THEME))
    change_theme(alice)

    assert browse(alice, "/sign-out/").find(class_="message") is None


def test_a_refusal_stays_on_the_page(alice):
    alice.get(link(THEME))

    assert alice.post(THEME, {"value": "pink"}).status_code == 422
    assert change_theme(alice).headers["Location"] == BACK


def test_nothing_is_followed_on_a_get(alice, rf):
    request = rf.get(THEME)
    request.session = alice.session
    request.session[returns.KEY] = {THEME: returns.Kept(url=BACK, at=time.time())}
    request._messages = Told(messages.SUCCESS)

    assert returns.follow(request) is None


@pytest.mark.parametrize(
    "levels", [(messages.SUCCESS,), (messages.SUCCESS, messages.INFO)], ids=str
)
def test_what_is_said_besides_is_no_reason_to_stay(alice, rf, levels):
    request = rf.post(THEME)
    request.session = alice.session
    request.session[returns.KEY] = {THEME: returns.Kept(url=BACK, at=time.time())}
    request._messages = Told(*levels)

    assert returns.follow(request) == BACK


@pytest.mark.parametrize(
    "levels",
    [(), (messages.INFO,), (messages.SUCCESS, messages.WARNING), (messages.ERROR,)],
    ids=str,
)
def test_what_has_to_be_read_is_read_here(alice, rf, levels):
    request = rf.post(THEME)
    request.session = alice.session
    request.session[returns.KEY] = {THEME: returns.Kept(url=BACK, at=time.time())}
    request._messages = Told(*levels)

    assert returns.follow(request) is None
    assert returns.of(request).url == BACK


class Told:
    """Messages of these levels."""

    def __init__(self, *levels: int) -> None:
        self._queued_messages = [messages.storage.base.Message(level, "-") for level in levels]


def test_messages_are_kept_where_django_keeps_them(alice, rf):
    """Their level is looked up in a place that Django does not promise."""
    request = rf.post(THEME)
    request.session = alice.session
    request._messages = messages.storage.default_storage(request)
    messages.success(request, "done")

    assert [message.level for message in returns._queued(request)] == [messages.SUCCESS]
    assert list(get_messages(request))


# Which task


def test_another_task_has_nothing_to_do_with_it(alice, browse):
    alice.get(link(THEME))

    assert way_back(browse(alice, KEEP)) is None
    assert alice.post(KEEP).headers["Location"] == "/"


def test_the_steps_of_a_task_are_part_of_it(alice, browse):
    remember(alice, "/privacy/deletion/")

    assert way_back(browse(alice, KEEP)) == (BACK, "Back to Notes")


def test_two_tasks_in_two_tabs_lead_to_two_apps(alice):
    alice.get(link(THEME))
    alice.get(link(KEEP, "https://shop.example.com/"))

    assert change_theme(alice).headers["Location"] == BACK
    assert alice.post(KEEP).headers["Location"] == "https://shop.example.com/"


@pytest.mark.parametrize("header", ["Referer", "HX-Current-URL"])
def test_one_task_in_two_tabs_leads_each_to_its_app(alice, header):
    alice.get(link(THEME))
    alice.get(link(THEME, "https://shop.example.com/"))

    answer = change_theme(alice, headers={header: f"http://testserver{link(THEME)}"})

    assert answer.headers["Location"] == BACK


@pytest.mark.parametrize(
    "referer",
    [link(THEME, "https://evil.example/"), link(KEEP, "https://shop.example.com/"), "//["],
)
def test_a_page_elsewhere_has_no_say_in_it(alice, referer):
    alice.get(link(THEME))

    assert change_theme(alice, headers={"Referer": referer}).headers["Location"] == BACK


def test_it_survives_the_question_who_they_are(alice):
    alice.get(link("/security/elsewhere/"))

    assert alice.get("/security/elsewhere/").headers["Location"] == "/confirm/"
    assert returns._path(asked(alice, "/confirm/")) == "/security/elsewhere/"


def remember(client: Client, path: str) -> None:
    """As if the page at this path had been there to see: Logto is not, in these tests."""
    session = client.session
    session[returns.KEY] = {path: returns.Kept(url=BACK, at=time.time())}
    session.save()


def asked(client: Client, path: str):
    from django.test import RequestFactory  # noqa: PLC0415 - for this alone

    request = RequestFactory().get(path)
    request.session = client.session
    return request


def test_a_task_that_goes_on_in_another_one_is_done_with_that(alice, rf):
    """Shutting a stranger out ends with a new password."""
    remember(alice, "/activity/7/not-me/")
    request = rf.post("/activity/7/not-me/")
    request.session = alice.session
    request._messages = Told(messages.SUCCESS)

    assert returns.follow(request, instead_of="/security/password/") is None

    then = rf.post("/security/password/")
    then.session = request.session
    then._messages = Told(messages.SUCCESS)
    assert returns.follow(then, instead_of="/security/#row-password") == BACK
    assert returns.of(request) is None


@pytest.mark.parametrize("step", ["leave", "callback", "replacement"])
def test_it_survives_a_trip_to_a_provider(alice, step):
    remember(alice, "/connections/link/github/")

    assert returns.of(asked(alice, f"/connections/{step}/github/")).url == BACK


def test_a_connection_is_made_where_the_provider_sends_people(alice):
    remember(alice, "/connections/link/github/")
    request = asked(alice, "/connections/callback/github/")
    request._messages = Told(messages.SUCCESS)

    assert returns.follow(request) == BACK


def test_a_section_leads_back_but_is_not_left(alice):
    """There may be more to do in it."""
    remember(alice, "/profile/")

    assert returns.of(asked(alice, THEME)).url == BACK
    assert change_theme(alice).headers["Location"] == "/profile/#row-preference-theme"


def test_the_overview_stands_for_the_whole_site(alice):
    remember(alice, "/")

    assert returns.of(asked(alice, KEEP)).url == BACK
    assert alice.post(KEEP).headers["Location"] == "/"


def test_after_an_hour_it_is_forgotten(alice, clock, browse):
    alice.get(link(KEEP))
    clock.shift(timedelta(minutes=30))
    assert way_back(browse(alice, KEEP))

    clock.shift(timedelta(minutes=31))

    assert way_back(browse(alice, KEEP)) is None


def test_a_host_that_is_listed_no_more_is_led_to_no_more(alice, settings, browse):
    alice.get(link(KEEP))
    settings.RETURN_HOSTS = {}

    assert way_back(browse(alice, KEEP)) is None
    assert alice.post(KEEP).headers["Location"] == "/"


def test_a_session_does_not_grow_with_links(alice):
    for number in range(30):
        alice.get(link(f"/activity/{number}/not-me/"))
    alice.get(link(THEME))

    assert len(alice.session[returns.KEY]) == returns.MOST
    assert change_theme(alice).headers["Location"] == BACK


def test_nobody_elses_session_knows_of_it(alice, sign_in):
    alice.get(link(THEME))

    other = sign_in(Client(), id="bob000000001")

    assert change_theme(other).headers["Location"] == "/profile/#row-preference-theme"
