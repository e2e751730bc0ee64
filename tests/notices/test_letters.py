"""The mail: what was changed, when, from where, and what to do if it wasn't you."""

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.utils import translation

from accountsite import origin
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.notices import delivery
from tests.conftest import ALICE
from tests.notices.conftest import CHROME

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(event):
    """The mail about alice's change, as it was sent."""

    def letter(event=event, **manner):
        delivery.announce(event, "old@example.com", **manner)
        return mail.outbox[-1]

    return letter


def both_bodies(letter):
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    text = " ".join(BeautifulSoup(html, "html.parser").body.get_text(" ").split())
    return letter.body, text


def test_the_subject_tells_what_was_changed(letter):
    assert letter().subject == "Your email address was changed"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "November 22, 2026, 5:05 AM (Asia/Seoul)"),
        ("ko", "2026년 11월 22일 오전 5:05 (Asia/Seoul)"),
    ],
)
def test_it_tells_when_in_the_persons_words_and_time_zone(letter, clock, language, words):
    clock.move_to("2026-11-21 20:05:00+00:00")
    event = trail.record(Action.PASSWORD_CHANGED, ALICE)

    for body in both_bodies(letter(event, language=language, time_zone="Asia/Seoul")):
        assert words in " ".join(body.split())


def test_it_tells_from_which_device_and_where(letter):
    for body in both_bodies(letter()):
        assert "Chrome on Windows" in body
        assert "192.0.2.7" in body


def test_it_shows_the_change_masked(letter):
    for body in both_bodies(letter()):
        assert "o•••@example.com → n•••@example.org" in body
        assert "new@example.org" not in body


def test_it_leads_to_the_page_for_a_person_who_did_not_do_it(letter, event):
    sent = letter()

    url = f"http://localhost:8000/activity/{event.pk}/"
    assert url in sent.body
    link = BeautifulSoup(sent.alternatives[0][0], "html.parser").find("a")
    assert (link["href"], link.text) == (url, "This wasn’t me")


def test_it_names_an_admin_who_acted(letter):
    event = trail.record(Action.PASSWORD_CHANGED, ALICE, actor=trail.admin("dave"))

    for body in both_bodies(letter(event)):
        assert "an admin" in body
        assert "dave" not in body


def test_it_does_not_tell_where_an_admin_acted_from(letter):
    with origin.bound(origin.Origin(address="192.0.2.99", user_agent=CHROME)):
        event = trail.record(Action.PASSWORD_RESET, ALICE, actor=trail.admin("dave"))

    for body in both_bodies(letter(event)):
        assert "192.0.2.99" not in body
        assert "Chrome" not in body


def test_it_leaves_out_what_is_not_known(letter):
    with origin.bound(origin.NOWHERE):
        event = trail.record(Action.PASSWORD_CHANGED, ALICE)

    for body in both_bodies(letter(event)):
        assert "Device" not in body
        assert "IP address" not in body


def test_it_speaks_the_persons_language_whoever_causes_it(letter, event):
    with translation.override("en"):
        sent = letter(language="ko")

        assert translation.get_language() == "en"
    assert '<html lang="ko">' in sent.alternatives[0][0]
    for body in both_bodies(sent):
        assert f"{event.started_at.year}년" in body


def test_it_loads_nothing_and_runs_nothing(letter):
    page = BeautifulSoup(letter().alternatives[0][0], "html.parser")

    assert not page.find_all(["img", "link", "script", "style", "iframe", "form"])
    assert "url(" not in str(page)


def test_what_people_typed_is_text(letter):
    event = trail.record(
        Action.PASSKEY_ADDED, ALICE, values={"passkey": (None, "<b>my</b>\nWhen: never")}
    )

    sent = letter(event)

    assert "<b>my</b>" not in sent.alternatives[0][0]
    assert "– → <b>my</b> When: never" in sent.body


def test_no_robot_answers_it(letter):
    assert letter().message()["Auto-Submitted"] == "auto-generated"


def test_the_same_mail_sent_twice_has_one_id(letter, event):
    sent = letter()
    notice = event.notices.get()
    delivery.try_again(notice)

    assert mail.outbox[0].message()["Message-ID"] == mail.outbox[1].message()["Message-ID"]
    assert "example.com" not in sent.message()["Message-ID"]
