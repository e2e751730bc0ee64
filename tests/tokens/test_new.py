"""A new token: how long it works is a choice, its value is shown once, and the mail tells of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accountsite.audit.models import AuditEvent
from accountsite.confirmation import proofs
from accountsite.limits import turns
from accountsite.reminders.models import Reminder
from accountsite.signin.models import Session
from tests.conftest import ALICE, HTMX
from tests.security.conftest import html, letters, says, send, trail
from tests.tokens.conftest import VALUE, in_days

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/tokens/new/"
HOUR = 3600 * 1000


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["language"] = "en"


@pytest.fixture
def noon(clock):
    """It is noon of a day; whoever is to be signed in then asks for this first."""
    clock.move_to(datetime(2026, 11, 21, 12, tzinfo=UTC))


def create(client, *, htmx=False, **given):
    return send(client, PATH, htmx=htmx, **{"name": "deploy", "expires": "30"} | given)


def options(page):
    return {
        each["value"]: " ".join(each.parent.get_text().split())
        for each in page.find_all("input", type="radio")
    }


def error(answer, name):
    field = html(answer).find(attrs={"name": name})
    return html(answer).find(id=field["aria-describedby"].split()[-1]).get_text(strip=True)


# How long


def test_a_length_a_day_or_no_end_can_be_chosen(noon, alice, browse, logto):
    page = browse(alice, PATH)

    assert options(page) == {
        "7": "7 days, until Nov. 28, 2026",
        "30": "30 days, until Dec. 21, 2026",
        "90": "90 days, until Feb. 19, 2027",
        "365": "365 days, until Nov. 21, 2027",
        "date": "Until a day that you choose",
        "never": "Without an end. Whoever finds it can use it until you remove it.",
    }
    assert page.find("input", checked=True)["value"] == "30"
    assert page.find("input", type="date")["min"] == "2026-11-21"


def test_a_length_counts_from_now(alice, logto):
    create(alice, expires="7")

    assert abs(logto.tokens[0]["expiresAt"] - in_days(7)) < HOUR


def test_a_day_counts_to_its_end_where_the_person_is(noon, alice, logto):
    session = alice.session
    session["preferences"] = {"language": "en", "time_zone": "Asia/Seoul", "theme": "system"}
    session.save()

    create(alice, expires="date", day="2026-12-24")

    ends_at = datetime.fromtimestamp(logto.tokens[0]["expiresAt"] / 1000, UTC)
    assert ends_at == datetime(2026, 12, 24, 14, 59, 59, tzinfo=UTC)


def test_today_is_a_day_that_can_be_chosen(alice, logto):
    create(alice, expires="date", day=timezone.localdate().isoformat())

    assert logto.names == ["deploy"]


def test_without_an_end_logto_gets_none(alice, logto):
    create(alice, expires="never")

    assert logto.writes == [("POST", {"name": "deploy"})]


def test_a_day_means_nothing_where_a_length_was_chosen(alice, logto):
    create(alice, expires="7", day="1999-01-01")

    assert logto.names == ["deploy"]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("", "Choose the last day on which it is to work."),
        ("2020-01-01", "That day is over. Choose one that is to come, or today."),
        ("9999-12-31", "Choose Nov. 18, 2036 or an earlier day."),
        ("24.12.2026", "Enter a valid date."),
    ],
)
def test_a_day_that_can_t_be_is_explained_beside_it(noon, alice, logto, day, words):
    answer = create(alice, expires="date", day=day)

    assert answer.status_code == 422
    assert error(answer, "day") == words
    assert html(answer).find("input", {"name": "name"})["value"] == "deploy"
    assert logto.writes == []


def test_the_operator_s_longest_life_narrows_the_choice(noon, alice, browse, logto, settings):
    settings.TOKENS_DAYS = 60

    page = browse(alice, PATH)

    assert list(options(page)) == ["7", "30", "60", "date"]
    assert page.find("input", type="date")["max"] == "2027-01-20"


@pytest.mark.parametrize("days", [1, 5, 7, 30])
def test_the_longest_life_is_offered_itself(alice, browse, logto, settings, days):
    settings.TOKENS_DAYS = days

    assert str(days) in options(browse(alice, PATH))


@pytest.mark.parametrize("given", [{"expires": "never"}, {"expires": "90"}])
def test_what_is_not_offered_is_refused(alice, logto, settings, given):
    settings.TOKENS_DAYS = 60

    assert create(alice, **given).status_code == 422
    assert logto.writes == []


def test_a_day_beyond_the_longest_life_is_refused(noon, alice, logto, settings):
    settings.TOKENS_DAYS = 60

    last = create(alice, expires="date", day="2027-01-20")
    answer = create(alice, expires="date", day="2027-01-21", name="other")

    assert last.status_code == 200
    assert error(answer, "day") == "Choose Jan. 20, 2027 or an earlier day."


# The name


def test_a_name_that_is_taken_is_explained_beside_it(alice, logto):
    logto.has("deploy")

    answer = create(alice)

    assert answer.status_code == 422
    assert "You have a token with this name already." in error(answer, "name")
    assert logto.writes == []
    assert trail() == [("token.created", "refused")]


def test_so_is_one_that_was_taken_in_between(alice, logto):
    logto.meanwhile = lambda: logto.has("deploy")

    answer = create(alice)

    assert "You have a token with this name already." in error(answer, "name")
    assert letters() == []


def test_a_form_that_is_sent_again_makes_no_second_token(alice, logto):
    form = {"name": "deploy", "expires": "30"}
    alice.post(PATH, form)

    again = alice.post(PATH, form)

    assert again.status_code == 422
    assert VALUE not in again.text
    assert logto.names == ["deploy"]


@pytest.mark.parametrize("name", ["", "   ", "\t\n"])
def test_without_a_name_there_is_no_token(alice, logto, name):
    answer = create(alice, name=name)

    assert error(answer, "name") == "This field is required."
    assert logto.writes == []


@pytest.mark.parametrize(
    ("name", "fits"),
    [("n" * 256, True), ("🧪" * 128, True), ("n" * 257, False), ("🧪" * 129, False)],
)
def test_a_name_is_as_long_as_logto_counts_it(alice, logto, name, fits):
    answer = create(alice, name=name)

    assert (answer.status_code == 200) == fits
    if not fits:
        assert "Use at most 256 characters." in error(answer, "name")


def test_a_name_is_one_line(alice, logto):
    create(alice, name="  deploy\tto\nproduction ")

    assert logto.names == ["deploy to production"]


def test_characters_that_can_t_be_shown_are_refused(alice, logto):
    assert "can’t be shown" in error(create(alice, name="de\x07ploy"), "name")


# The value


@pytest.mark.parametrize("htmx", [False, True])
def test_the_value_is_in_the_answer(alice, logto, htmx):
    answer = create(alice, htmx=htmx)

    shown = html(answer).find(id="new-token")
    assert shown.get_text(strip=True) == VALUE
    assert ("<html" in answer.text) != htmx
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "This is the only time that it is shown." in says(answer)


def test_and_it_is_nowhere_else(alice, logto, caplog):
    create(alice)

    everything = "".join(alice.get(path).text for path in ("/tokens/", PATH))
    everything += repr(list(AuditEvent.objects.values())) + repr(list(Reminder.objects.values()))
    everything += repr(dict(alice.session))
    everything += repr([bytes(row.payload) for row in Session.objects.all()])
    everything += "".join(letter.body + letter.alternatives[0][0] for letter in mail.outbox)
    everything += caplog.text
    assert VALUE not in everything


def test_its_command_does_not_hold_it(alice, logto):
    page = html(create(alice))

    assert VALUE not in page.find(id="new-command").get_text()


def test_it_can_be_copied_where_scripts_run(alice, logto):
    page = html(create(alice))

    copy = page.find("button", {"data-copies": "new-token"})
    assert copy.has_attr("hidden")
    assert page.find(id="new-token").has_attr("data-shown-once")


# What else happens


def test_it_is_audited_and_mailed(alice, logto):
    create(alice)

    assert trail() == [("token.created", "done")]
    last = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert AuditEvent.objects.get().changes == {"token": [None, "deploy"], "expiry": [None, last]}
    assert letters() == ["A personal access token was created"]


def test_its_owner_will_be_reminded(alice, logto):
    create(alice)

    kept = Reminder.objects.get()
    assert kept.account_id == ALICE
    assert int(kept.expires_at.timestamp() * 1000) == logto.tokens[0]["expiresAt"]


def test_where_there_is_no_room_none_is_made(alice, logto, settings):
    settings.TOKENS_MOST = 2
    logto.has("one", "two")

    answer = create(alice)

    assert answer.status_code == 422
    assert "You have 2 tokens, and there can’t be more. Remove one first." in says(answer)
    assert logto.writes == []


def test_two_at_once_do_not_get_past_the_room(alice, logto):
    with turns.alone(f"tokens:{ALICE}"):
        answer = create(alice)

    assert "Another page or device is changing this" in says(answer)
    assert logto.writes == []


def test_it_is_not_made_too_often(alice, logto):
    for number in range(20):
        create(alice, name=f"token {number}")

    answer = create(alice)

    assert answer.status_code == 429
    assert len(logto.tokens) == 20


def test_it_wants_a_fresh_proof(alice, logto):
    session = alice.session
    proofs.forget(session, purpose=proofs.GENERAL)
    session.save()

    answer = alice.post(PATH, {"name": "deploy", "expires": "30"})

    assert answer.status_code == 303
    assert answer["Location"] == "/confirm/"
    assert logto.writes == []


def test_after_the_proof_the_form_goes_on_and_the_value_is_shown_once_all_the_same(alice, logto):
    session = alice.session
    proofs.forget(session, purpose=proofs.GENERAL)
    session.save()
    alice.post(PATH, {"name": "deploy", "expires": "30"})

    answer = alice.post("/confirm/password/", {"password": "Teacup-Orbit-27"})
    again = alice.post("/confirm/password/", {"password": "Teacup-Orbit-27"}, follow=True)

    assert html(answer).find(id="new-token").get_text(strip=True) == VALUE
    assert answer["Cache-Control"] == "no-store"
    assert VALUE not in again.content.decode()
    assert logto.names == ["deploy"]


def test_what_was_typed_before_the_session_ended_comes_back(alice, browse, logto):
    session = alice.session
    session["draft"] = {
        "account_id": ALICE,
        "path": PATH,
        "fields": "name=deploy&expires=date&day=2027-01-01",
        "kept": timezone.now().timestamp(),
    }
    session.save()

    page = browse(alice, PATH)

    assert page.find("input", {"name": "name"})["value"] == "deploy"
    assert page.find("input", checked=True)["value"] == "date"
    assert page.find("input", type="date")["value"] == "2027-01-01"


def test_it_takes_two_round_trips(alice, logto):
    alice.get(PATH)
    logto.trips.begin()

    alice.post(PATH, {"name": "deploy", "expires": "30"})

    assert logto.trips.count == 2


@pytest.mark.parametrize("htmx", [False, True])
def test_when_logto_is_down_what_was_typed_stays(alice, logto, htmx):
    logto.answers = [(503, "")]

    answer = create(alice, htmx=htmx, expires="date", day="2027-01-01")

    assert answer.status_code == 503
    page = html(answer)
    assert page.find("input", {"name": "name"})["value"] == "deploy"
    assert page.find("input", type="date")["value"] == "2027-01-01"
    assert page.find("input", checked=True)["value"] == "date"
    assert trail() == [("token.created", "unknown")]


def test_the_form_stands_in_the_place_of_the_row(alice, logto):
    answer = alice.get(PATH, headers=HTMX)

    assert html(answer).find("form", id="row-token")
    assert "<html" not in answer.text
