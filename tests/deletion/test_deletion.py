"""The page on which people delete their account."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation

from accountsite.audit.models import AuditEvent
from accountsite.deletion import endings, forms
from accountsite.deletion.models import Deletion, State
from accountsite.signin.models import Session
from tests.conftest import ALICE, HTMX, inspected
from tests.elsewhere.conftest import session

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "/privacy/deletion/"
PHRASE = {"phrase": "delete my account"}


def trail() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", "outcome"))


def text_of(page) -> str:
    return " ".join(page.main.get_text().split())


def test_it_says_what_goes_and_what_stays(alice, logto, browse):
    page = browse(alice, HERE)

    assert "You have 7 days to change your mind" in text_of(page)
    assert {title.text for title in page.find_all("h2")} >= {"What goes", "What stays", "Delete it"}


def test_it_counts_the_organizations_that_end(alice, logto, browse):
    logto.organizations = {f"org{number}": {ALICE: []} for number in range(500)}

    assert "Your place in 500 organizations" in text_of(browse(alice, HERE))


def test_an_organization_with_nobody_else_in_it_is_named_and_blocks_nothing(alice, logto, browse):
    logto.runs("<b>Solo</b>")

    page = browse(alice, HERE)

    assert "The organization <b>Solo</b>, with nobody in it" in text_of(page)
    assert page.find("input", {"name": "phrase"})


def test_of_many_organizations_the_first_are_named(alice, logto, browse):
    for number in range(250):
        logto.runs(f"solo{number:03}")
        logto.runs(f"club{number:03}", "bob")

    text = text_of(browse(alice, HERE))

    assert "only admin of 250 organizations" in text
    for name in ("solo019", "club019", "… and others with nobody in them"):
        assert name in text
    assert "solo020" not in text
    assert "club020" not in text


@pytest.mark.parametrize(
    "name", ["\u202egnilias", "⛵" * 64, "x" * 128, "<script>alert(1)</script>"]
)
def test_whatever_an_organization_is_called_it_stands_alone(alice, logto, browse, name):
    logto.runs(name, "bob")

    page = browse(alice, HERE)

    assert name in [tag.text for tag in page.main.find_all("bdi")]


def test_the_last_admin_of_others_can_not(alice, logto, browse):
    logto.runs("Sailing Club", "bob", "carol")

    page = browse(alice, HERE)

    assert "You can’t delete it yet" in text_of(page)
    assert "Sailing Club, with 2 other members" in text_of(page)
    assert not page.find("input", {"name": "phrase"})


def test_the_last_admin_can_not_by_sending_the_form_either(proved, logto):
    logto.runs("Sailing Club", "bob")

    answer = proved.post(HERE, PHRASE)

    assert answer.status_code == 422
    assert not Deletion.objects.exists()
    assert trail() == [("deletion.scheduled", "refused")]


@pytest.mark.parametrize(
    "written",
    [
        "delete my account",
        "  DELETE  my\taccount ",
        "“Delete my account.”",
        "ｄｅｌｅｔｅ my account",
    ],
)
def test_the_phrase_is_taken_however_it_is_written(proved, logto, written):
    proved.post(HERE, {"phrase": written})

    assert Deletion.objects.filter(account_id=ALICE).exists()


def test_the_phrase_is_taken_in_every_language_of_the_site(proved, logto):
    """Another tab may have changed it since the page was shown."""
    with translation.override("ko"):
        written = forms.phrase()

    proved.post(HERE, {"phrase": written}, headers={"Accept-Language": "en"})

    assert Deletion.objects.filter(account_id=ALICE).exists()


@pytest.mark.parametrize("written", ["", "delete", "delete my accounts", "\0", "x" * 200])
def test_another_phrase_deletes_nothing_and_stays_in_its_field(proved, logto, written):
    answer = proved.post(HERE, {"phrase": written})

    page = inspected(answer.content.decode())
    assert answer.status_code == 422
    assert page.find("input", {"name": "phrase", "aria-invalid": "true"})
    assert not Deletion.objects.exists()


def test_it_wants_a_confirmation_of_its_own(alice, logto, clock):
    """A proof for something else does not do, and the one for this goes on with the deletion."""
    alice.post("/confirm/password/", {"password": "right"})

    asked = alice.post(HERE, PHRASE)

    assert asked.headers["Location"] == "/confirm/"
    assert not Deletion.objects.exists()
    done = alice.post("/confirm/password/", {"password": "right"})
    assert done.headers["Location"] == HERE
    assert Deletion.objects.filter(account_id=ALICE).exists()


def test_the_confirmation_is_used_up(proved, logto):
    proved.post(HERE, PHRASE)
    proved.post("/privacy/deletion/keep/")

    again = proved.post(HERE, PHRASE)

    assert again.headers["Location"] == "/confirm/"
    assert not Deletion.objects.exists()


def test_it_is_scheduled_and_every_other_device_signed_out(proved, logto, sign_in, client):
    logto.sessions += [session("phone")]
    other = sign_in(Client())

    proved.post(HERE, PHRASE)

    row = Deletion.objects.get(account_id=ALICE)
    assert timedelta(days=6) < row.due_at - timezone.now() <= timedelta(days=7)
    assert row.state == State.SCHEDULED
    assert [name for name, _query in logto.ended] == ["phone"]
    assert other.get(HERE).status_code == 302
    assert proved.get(HERE).status_code == 200
    assert trail() == [("deletion.scheduled", "done"), ("sessions.ended", "done")]


def test_a_mail_says_how_to_keep_it(proved, logto):
    proved.post(HERE, PHRASE)

    [letter] = mail.outbox
    assert letter.to == ["alice@example.com"]
    assert letter.subject == "The deletion of your account was scheduled"
    for body in (letter.body, letter.alternatives[0][0]):
        assert "http://localhost:8000/privacy/deletion/keep/" in body
        assert f"{timezone.localdate() + timedelta(days=7)}" in body


def test_devices_that_stay_signed_in_are_told_of(proved, logto):
    logto.sessions += [session("phone")]
    logto.fails("phone")

    proved.post(HERE, PHRASE)

    assert "Not every other device could be signed out" in proved.get(HERE).content.decode()
    assert Deletion.objects.exists()


def test_the_page_then_says_until_when(proved, logto, browse, clock):
    proved.post(HERE, PHRASE)

    text = text_of(browse(proved, HERE))

    assert "Your account is about to be deleted" in text
    assert "It will be deleted on" in text


def test_a_second_click_and_a_second_tab_find_it_done(proved, logto):
    proved.post(HERE, PHRASE)
    before = Deletion.objects.get()

    again = proved.post(HERE, PHRASE)

    assert again.status_code == 200
    assert Deletion.objects.get() == before
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("call", ["get", "organizations", "sessions"])
def test_an_outage_changes_nothing_and_keeps_what_was_written(proved, logto, call):
    logto.down.add(call)
    if call == "sessions":
        logto.fails("sessions")

    answer = proved.post(HERE, PHRASE)

    page = inspected(answer.content.decode())
    assert answer.status_code == 503
    assert page.find("input", {"name": "phrase"})["value"] == "delete my account"
    assert not Deletion.objects.exists()


def test_without_logto_there_is_no_page(alice, logto):
    logto.down.add("get")

    assert alice.get(HERE).status_code == 503


def test_with_htmx_it_is_the_same_form(alice, logto):
    card = alice.get(HERE, headers=HTMX).content.decode()

    assert card.strip().startswith("<form")
    assert "<html" not in card


def test_the_page_waits_for_one_answer_of_logto_and_for_who_runs_an_organization_for_two(
    alice, logto
):
    alice.get("/sign-out/")
    logto.round_trips.begin()
    alice.get(HERE)
    assert logto.round_trips.count == 1

    logto.runs("Sailing Club", "bob")
    logto.round_trips.begin()
    alice.get(HERE)
    assert logto.round_trips.count == 2


def test_asking_waits_for_two_answers_in_a_row(proved, logto):
    logto.sessions += [session("phone"), session("library")]
    proved.get("/sign-out/")
    logto.round_trips.begin()

    proved.post(HERE, PHRASE)

    assert logto.round_trips.count == 2


# No days to wait


@pytest.fixture
def at_once(settings):
    settings.DELETION_GRACE_DAYS = 0


def test_without_days_to_wait_it_goes_at_once(proved, logto, at_once):
    answer = proved.post(HERE, PHRASE, follow=True)

    assert answer.redirect_chain == [("/signed-out/?reason=deleted", 303)]
    assert "Your account is being deleted, as you asked." in answer.content.decode()
    assert not logto.is_there
    assert not Deletion.objects.exists()
    assert not Session.objects.filter(account_id=ALICE).exists()
    assert [letter.subject for letter in mail.outbox] == ["Your account was deleted"]


def test_without_days_to_wait_an_outage_is_waited_out(proved, logto, at_once, clock):
    logto.down.add("delete")

    proved.post(HERE, PHRASE)

    assert logto.is_there
    assert proved.get(HERE).status_code == 302
    logto.down.clear()
    clock.shift(timedelta(minutes=6))
    endings.carry_out_due()
    assert not logto.is_there
    assert not Deletion.objects.exists()


def test_the_page_says_so_when_there_are_no_days(alice, logto, browse, at_once):
    assert "It is deleted at once" in text_of(browse(alice, HERE))
