"""What to do about something that you did not do."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.utils import timezone

from accountsite.audit.models import AuditEvent
from accountsite.confirmation import proofs
from accountsite.recognition import services as recognition
from accountsite.signin.models import Session
from tests.activity.conftest import Logto, happened, log, text_of
from tests.conftest import ALICE, API, HTMX, inspected
from tests.elsewhere.conftest import session
from tests.logto import answers
from tests.signin.conftest import user

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = [
    "Sign out everywhere else",
    "Remove your personal access tokens",
    "Revoke the access of third-party apps",
    "Choose a new password",
    "Look through what you sign in with",
]


@pytest.fixture
def path() -> str:
    return f"/activity/{happened().pk}/not-me/"


@pytest.fixture
def sure(alice: Client) -> Client:
    """Alice, who has just proved that it's her."""
    kept = alice.session
    proofs.note(kept)
    kept.save()
    return alice


def steps(page: BeautifulSoup) -> list[str]:
    return [title.text for title in page.find_all(class_="steps__title")]


def facts(page: BeautifulSoup) -> list[str]:
    return [text_of(fact) for fact in page.find_all(class_=["steps__fact", "steps__names"])]


def trail() -> list[tuple[str, str]]:
    """What is new in it."""
    events = AuditEvent.objects.exclude(action__startswith="password").order_by("pk")
    return list(events.values_list("action", "outcome"))


def live() -> set[str]:
    return set(Session.objects.live().values_list("logto_sid", flat=True))


def post(client: Client, path: str, *, htmx: bool = False) -> Any:
    return client.post(path, headers=HTMX if htmx else {})


def test_it_lists_what_to_do_and_changes_nothing_yet(
    alice: Client, browse: Any, logto: Logto, path: str
) -> None:
    logto.sessions += [session("phone"), session("library")]

    page = browse(alice, path)

    assert steps(page) == STEPS
    assert "2 other devices are signed in now." in text_of(page.main)
    links = [link["href"] for link in page.find(class_="steps__links").find_all("a")]
    assert links == ["/sign-in-methods/", "/security/"]
    assert (logto.ended, trail()) == ([], [])


def test_nobody_elsewhere_is_told_too(alice: Client, browse: Any, logto: Logto, path: str) -> None:
    assert "No other device is signed in now." in text_of(browse(alice, path).main)


def test_where_this_session_is_not_known_it_counts_none(
    client: Client, sign_in: Any, browse: Any, logto: Logto, path: str
) -> None:
    page = browse(sign_in(client, sid=None), path)

    assert "device" not in " ".join(facts(page))
    assert steps(page) == STEPS


def test_it_is_there_while_logto_is_down(
    alice: Client, browse: Any, logto: Logto, path: str
) -> None:
    logto.is_down()

    page = browse(alice, path)

    assert facts(page) == []
    assert steps(page) == STEPS


def test_a_tenant_that_keeps_passwords_to_itself_gets_no_step_for_it(
    alice: Client, browse: Any, logto: Logto, path: str
) -> None:
    logto.keeps_passwords()

    assert steps(browse(alice, path)) == [step for step in STEPS if "password" not in step]


@pytest.mark.parametrize("htmx", [True, False])
def test_first_it_must_be_proved_who_asks(
    alice: Client, logto: Logto, path: str, *, htmx: bool
) -> None:
    logto.sessions += [session("phone")]

    response = post(alice, path, htmx=htmx)

    if htmx:
        assert "Confirm that it’s you" in response.content.decode()
    else:
        assert (response.status_code, response["Location"]) == (303, "/confirm/")
    assert (logto.ended, trail()) == ([], [])


@pytest.mark.parametrize("htmx", [True, False])
def test_after_the_proof_it_goes_on_by_itself(
    alice: Client, logto: Logto, path: str, *, htmx: bool
) -> None:
    logto.sessions += [session("phone")]
    logto.wire.post(f"{API}/users/{ALICE}/password/verify", status=204)
    post(alice, path, htmx=htmx)

    alice.post("/confirm/password/", {"password": "right"}, headers=HTMX if htmx else {})

    assert [name for name, _query in logto.ended] == ["phone"]
    assert trail() == [("identity.confirmed", "done"), ("sessions.ended", "done")]


@pytest.mark.parametrize("htmx", [True, False])
def test_everybody_else_is_out_and_a_new_password_comes_next(
    sure: Client, sign_in: Any, logto: Logto, path: str, *, htmx: bool
) -> None:
    logto.sessions += [session("phone"), session("library")]
    sign_in(Client(), sid="sid-2")
    key = sure.session.session_key

    response = post(sure, path, htmx=htmx)

    if htmx:
        assert response["HX-Redirect"] == "/security/password/"
    else:
        assert (response.status_code, response["Location"]) == (303, "/security/password/")
    assert {name for name, _query in logto.ended} == {"phone", "library"}
    assert live() == {"sid-1"}
    assert sure.session["account"]["id"] == ALICE
    assert sure.session.session_key != key, "a stolen cookie opens nothing either"
    assert trail() == [("sessions.ended", "done")]


def test_other_people_stay_signed_in(sure: Client, sign_in: Any, logto: Logto, path: str) -> None:
    sign_in(Client(), id="bob", sid="sid-of-bob")

    post(sure, path)

    assert live() == {"sid-1", "sid-of-bob"}


def test_it_is_told_on_the_next_page(sure: Client, logto: Logto, path: str) -> None:
    post(sure, path)

    assert "You are signed out everywhere else." in sure.get("/activity/").content.decode()


def test_without_a_page_for_passwords_it_leads_to_what_one_signs_in_with(
    sure: Client, logto: Logto, path: str
) -> None:
    logto.keeps_passwords()

    assert post(sure, path)["Location"] == "/sign-in-methods/"


def test_a_mail_tells_that_devices_were_signed_out(sure: Client, logto: Logto, path: str) -> None:
    logto.sessions += [session("phone")]

    post(sure, path)

    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (
        ["alice@example.com"],
        "Your other devices were signed out",
    )


def test_where_logto_knows_of_none_the_trail_and_the_mail_tell_all_the_same(
    sure: Client, logto: Logto, path: str
) -> None:
    post(sure, path)

    assert trail() == [("sessions.ended", "done")]
    assert len(mail.outbox) == 1


def test_where_this_session_is_not_known_it_says_that_a_sign_in_may_be_asked_for(
    client: Client, sign_in: Any, logto: Logto, path: str
) -> None:
    sign_in(client, sid=None)
    kept = client.session
    proofs.note(kept)
    kept.save()

    post(client, path)

    assert {name for name, _query in logto.ended} == {"here"}
    assert "asked to sign in here again" in client.get("/activity/").content.decode()


@pytest.mark.parametrize("htmx", [True, False])
def test_what_can_t_be_ended_is_told_and_can_be_tried_again(
    sure: Client, logto: Logto, path: str, *, htmx: bool
) -> None:
    logto.sessions += [session("phone"), session("library")]
    logto.fails("phone")

    response = post(sure, path, htmx=htmx)

    assert response.status_code == 422
    html = response.content.decode()
    page = BeautifulSoup(html, "html.parser") if htmx else inspected(html)
    assert "1 other sign-in could not be ended." in text_of(page.find(role="alert"))
    assert page.find("form", action=path).find("button").text == "Try again"
    assert trail() == [("sessions.ended", "unknown")]
    del logto.failing["phone"]
    assert post(sure, path)["Location"] == "/security/password/"


@pytest.mark.parametrize("htmx", [True, False])
def test_while_logto_is_down_it_says_so_and_nothing_is_begun(
    sure: Client, logto: Logto, path: str, *, htmx: bool
) -> None:
    logto.is_down()

    response = post(sure, path, htmx=htmx)

    assert response.status_code == 503
    assert "could not be reached" in response.content.decode()
    assert (logto.ended, trail(), mail.outbox) == ([], [], [])


def test_who_is_suspended_is_signed_out(sure: Client, logto: Logto, path: str) -> None:
    logto.wire.replace("GET", f"{API}/users/{ALICE}", json=user(isSuspended=True))

    assert post(sure, path)["Location"] == "/signed-out/?reason=suspended"
    assert logto.ended == []


def test_it_takes_one_round_trip_to_look_and_one_for_each_change(
    sure: Client, logto: Logto, path: str
) -> None:
    holds_everything(logto)
    logto.wire.calls.reset()

    post(sure, path)

    calls = [call.request for call in logto.wire.calls if "/users/" in call.request.url]
    kinds = [call.method for call in calls]
    assert kinds == ["GET"] * 5 + ["DELETE"] * 2 + ["POST"] * 2 + ["DELETE"] * 2


def holds_everything(logto: Logto) -> None:
    """Somebody has been busy."""
    logto.sessions += [session("phone"), session("library")]
    logto.tokens += [answers.personal_access_token(name=name) for name in ("laptop", "<b>ci</b>")]
    logto.third_party += [
        answers.grant(id=f"g{n}", application={"id": "app9", "name": "Calendar"}) for n in (1, 2)
    ]


def test_tokens_and_other_people_s_apps_are_named(
    alice: Client, browse: Any, logto: Logto, path: str
) -> None:
    holds_everything(logto)

    page = browse(alice, path)

    names = [name.text for name in page.find(class_="steps").find_all("bdi")]
    assert names == ["laptop", "<b>ci</b>", "Calendar"]
    assert answers.PLANTED not in str(page)


def test_many_of_them_are_not_all_named(
    alice: Client, browse: Any, logto: Logto, path: str
) -> None:
    logto.tokens += [answers.personal_access_token(name=f"t{n}") for n in range(500)]

    [names] = browse(alice, path).find_all(class_="steps__names")

    assert len(names.find_all("bdi")) == 10
    assert text_of(names).endswith("and 490 more")


@pytest.mark.parametrize("htmx", [True, False])
def test_one_press_ends_everything(
    sure: Client, browse: Any, logto: Logto, path: str, *, htmx: bool
) -> None:
    holds_everything(logto)

    post(sure, path, htmx=htmx)

    assert {name for name, _how in logto.ended} == {
        "phone",
        "library",
        "laptop",
        "<b>ci</b>",
        "g1",
        "g2",
    }
    assert trail() == [
        ("sessions.ended", "done"),
        ("tokens.removed", "done"),
        ("apps.revoked", "done"),
    ]
    assert [letter.subject for letter in mail.outbox] == [
        "Your other devices were signed out",
        "Your personal access tokens were removed",
        "The access of apps to your account was revoked",
    ]
    told = [message.text.strip() for message in browse(sure, "/activity/").select(".message")]
    assert told == [
        "You are signed out everywhere else.",
        "Your personal access tokens were removed.",
        "The access of third-party apps was revoked.",
    ]


def test_what_was_not_there_is_not_told_of(sure: Client, logto: Logto, path: str) -> None:
    post(sure, path)

    assert trail() == [("sessions.ended", "done")]
    assert "tokens were removed" not in sure.get("/activity/").content.decode()


@pytest.mark.parametrize(
    ("failing", "told", "done"),
    [
        ("phone", "1 other sign-in could not be ended.", "tokens were removed"),
        ("laptop", "1 personal access token could not be removed.", "signed out everywhere else"),
        ("g2", "Not every third-party app has lost its access.", "tokens were removed"),
        ("sessions", "Where else you are signed in could not be looked up.", "tokens were removed"),
        ("tokens", "Your personal access tokens could not be looked up.", "everywhere else"),
        ("third-party grants", "Which third-party apps have access could not be looked", "else"),
    ],
)
def test_what_fails_keeps_nothing_else_from_being_done_and_can_be_tried_again(
    sure: Client, logto: Logto, path: str, failing: str, told: str, done: str
) -> None:
    holds_everything(logto)
    logto.fails(failing)

    response = post(sure, path)

    page = inspected(response.content.decode())
    assert response.status_code == 422
    assert told in text_of(page.find(role="alert"))
    assert "what is done already stays done" in text_of(page.find(role="alert"))
    assert done in " ".join(text_of(notice) for notice in page.find_all(class_="notice"))
    assert page.find(id="not-me").find("button").text == "Try again"
    del logto.failing[failing]
    assert post(sure, path)["Location"] == "/security/password/"


def test_what_is_gone_by_then_counts_as_ended(sure: Client, logto: Logto, path: str) -> None:
    holds_everything(logto)
    for name in ("phone", "laptop", "g1"):
        logto.fails(name, 404, "entity.not_found")

    assert post(sure, path)["Location"] == "/security/password/"


def test_devices_are_new_again_but_for_this_one(sure: Client, logto: Logto, path: str) -> None:
    for address in ("127.0.0.1", "203.0.113.9"):
        recognition.learn(ALICE, user_agent="", address=address, at=timezone.now())

    post(sure, path)

    here, there = "127.0.0.1", "203.0.113.9"
    at = timezone.now()
    assert not recognition.seen(ALICE, user_agent="", address=here, at=at)
    assert recognition.seen(ALICE, user_agent="", address=there, at=at)


@pytest.fixture(params=["entry", "entry while the log is down", "anything"])
def other_path(request: Any, logto: Logto) -> str:
    """The same page from elsewhere."""
    if request.param == "anything":
        return "/activity/not-me/"
    logto.log += [log(id="log7")]
    if "down" in request.param:
        logto.fails("logs")
    return "/activity/sign-in-service/log7/not-me/"


def test_the_same_can_be_done_about_a_sign_in_and_about_nothing_at_all(
    sure: Client, browse: Any, logto: Logto, other_path: str
) -> None:
    holds_everything(logto)
    page = browse(sure, other_path)
    assert page.find(id="not-me")["action"] == other_path
    assert steps(page) == STEPS

    assert post(sure, other_path)["Location"] == "/security/password/"

    assert len(trail()) == 3


@pytest.mark.parametrize("row", [{"userId": "bob"}, {"key": "Interaction.Create"}, None])
def test_about_another_person_s_sign_in_there_is_no_such_page(
    sure: Client, logto: Logto, row: Any
) -> None:
    logto.log += [log(id="log7", **row)] if row else []

    assert post(sure, "/activity/sign-in-service/log7/not-me/").status_code == 404
    assert trail() == []


def test_only_the_button_does_it(sure: Client, logto: Logto, path: str) -> None:
    for method in ("get", "head", "options", "put", "delete"):
        getattr(sure, method)(path)

    assert (logto.ended, trail()) == ([], [])


def test_another_site_can_t_press_it(sign_in: Any, logto: Logto, path: str) -> None:
    client = sign_in(Client(enforce_csrf_checks=True))
    kept = client.session
    proofs.note(kept)
    kept.save()

    assert client.post(path).status_code == 403
    assert (logto.ended, trail()) == ([], [])
