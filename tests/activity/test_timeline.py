"""What Logto tells, beside what this site tells: one list, in pages, each thing once."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from accountsite.activity import kinds, logbook
from accountsite.activity.kinds import Kind
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.logto import logs
from accountsite.logto.logs import Key
from tests.activity.conftest import NOON, Logto, happened, log, many, text_of
from tests.conftest import HTMX

pytestmark = pytest.mark.django_db

PATH = "/activity/"
SECOND, MILLISECOND = timedelta(seconds=1), timedelta(milliseconds=1)


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))


@pytest.fixture
def alice(client: Client, sign_in: Any, today: None) -> Client:
    return sign_in(client)


def sentences(page: BeautifulSoup) -> list[str]:
    return [link.text for link in page.find_all(class_="entry__title")]


def paths(page: BeautifulSoup) -> list[str]:
    return [link["href"] for link in page.find_all(class_="entry__title")]


def older(page: BeautifulSoup) -> str | None:
    link = page.find("a", rel="next")
    return link["href"] if link else None


def every_page(client: Client, browse: Any, path: str | None = PATH) -> list[BeautifulSoup]:
    """From the newest to the oldest, as somebody goes on and on."""
    found: list[BeautifulSoup] = []
    while path:
        found.append(browse(client, path))
        path = older(found[-1])
        assert len(found) < 200, "it comes to an end"
    return found


def all_paths(client: Client, browse: Any, path: str = PATH) -> list[str]:
    return [entry for page in every_page(client, browse, path) for entry in paths(page)]


# What is told


def test_sign_ins_stand_among_the_changes_newest_first(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.log += [log(NOON - SECOND), log(NOON + SECOND, id="newest")]
    happened()

    page = browse(alice, PATH)

    assert sentences(page) == [
        "You signed in with your password.",
        "Your password was changed.",
        "You signed in with your password.",
    ]
    assert paths(page)[0] == "/activity/sign-in-service/newest/"


def test_each_says_in_which_app_on_which_device_and_from_where(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.log += [log()]

    entry = browse(alice, PATH).find(class_="entry")

    facts = text_of(entry.find(class_="entry__facts"))
    assert facts == "12:00 PM Acme Mail Chrome on Windows 192.0.2.7"


def test_each_says_that_it_may_not_have_been_the_person(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.log += [log(NOON + SECOND, id="log7")]
    event = happened()

    links = browse(alice, PATH).find_all(class_="entry__action")

    assert [link["href"] for link in links] == [
        "/activity/sign-in-service/log7/not-me/",
        f"/activity/{event.pk}/not-me/",
    ]
    assert text_of(links[1]) == "This wasn’t me , Your password was changed"


@pytest.mark.parametrize(
    ("records", "sentence"),
    [
        (["Password", "Totp"], "You signed in with your password and an authenticator app."),
        (["Social", "WebAuthn"], "You signed in with a connected account and a passkey."),
        (["EmailVerificationCode"], "You signed in with a code by email."),
        (["EnterpriseSso"], "You signed in with your organization’s account."),
        (["Password", "Password", "BackupCode", "Newest"], "You signed in with your password and"),
        (["Newest"], "You signed in."),
        ([], "You signed in."),
    ],
)
def test_a_sign_in_says_what_proved_it(
    alice: Client, browse: Any, logto: Logto, records: list[str], sentence: str
) -> None:
    proofs = [{"type": kind, "verified": True} for kind in records]
    logto.log += [log(interaction={"verificationRecords": proofs})]

    [told] = sentences(browse(alice, PATH))

    assert told.startswith(sentence)


@pytest.mark.parametrize(
    ("key", "done", "failed"),
    [
        (Key.SIGN_IN, "You signed in with your password.", "A sign-in failed."),
        (Key.REGISTRATION, "Your account was created.", "A registration failed."),
        (Key.PASSWORD_RESET, "Your password was reset.", "A password reset failed."),
        (Key.CODE_EXCHANGE, "An app got access to your account.", "An app was refused access"),
        (Key.TOKEN_EXCHANGE, "An app got access in your name", "A token that should give"),
        (Key.REVOCATION, "An app gave up its access", "An app could not give up its access"),
    ],
)
def test_each_kind_of_entry_is_a_sentence_whether_done_or_failed(
    alice: Client, browse: Any, logto: Logto, key: Key, done: str, failed: str
) -> None:
    logto.log += [log(NOON, key=key.value), log(NOON - SECOND, key=key.value, result="Error")]

    page = browse(alice, PATH)

    assert sentences(page)[0].startswith(done)
    assert sentences(page)[1].startswith(failed)
    kinds = [entry["class"][1] for entry in page.find_all(class_="entry")]
    assert kinds == ["entry--done", "entry--refused"]


def test_the_use_of_a_personal_access_token_is_called_so(
    alice: Client, browse: Any, logto: Logto
) -> None:
    params = {"subject_token_type": logs.PERSONAL_ACCESS_TOKEN}
    logto.log += [log(key=Key.TOKEN_EXCHANGE.value, params=params)]

    assert sentences(browse(alice, PATH)) == ["A personal access token was used."]


@pytest.mark.parametrize(
    ("application_id", "shown"),
    [("mail", "Acme Mail"), ("https://agent.example/client.json", "agent.example"), ("x", None)],
)
def test_an_app_is_called_by_its_name_or_host_or_not_at_all(
    alice: Client, browse: Any, logto: Logto, application_id: str, shown: str | None
) -> None:
    logto.log += [log(applicationId=application_id)]

    facts = text_of(browse(alice, PATH).find(class_="entry__facts"))

    assert (shown in facts) if shown else facts.startswith("12:00 PM Chrome")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\u202etxt.exe", "😀" * 64, "W" * 128]
)
def test_whatever_an_app_or_a_browser_is_called_is_only_text(
    alice: Client, browse: Any, logto: Logto, text: str
) -> None:
    logto.app_name = text
    logto.log += [log(userAgent=text, ip=text)]

    entry = browse(alice, PATH).find(class_="entry")

    assert entry.script is None
    assert text in [name.text for name in entry.find_all("bdi")]


def test_the_steps_of_a_sign_in_are_no_failures(alice: Client, browse: Any, logto: Logto) -> None:
    wanted = {"code": "session.mfa.require_mfa_verification"}
    logto.log += [log(NOON - SECOND, result="Error", error=wanted), log(NOON)]

    assert sentences(browse(alice, PATH)) == ["You signed in with your password."]


@pytest.mark.parametrize("row", [{"userId": "bob"}, {"userId": None}, {"userId": ["bob"]}])
def test_nothing_of_others_is_told_even_if_logto_gave_it(
    alice: Client, browse: Any, logto: Logto, row: Any
) -> None:
    logto.log += [log(**row)]

    assert sentences(browse(alice, PATH)) == []
    assert {query["userId"] for query in logto.queries} == {"alice0000001"}


def test_a_payload_s_secrets_are_not_shown(alice: Client, browse: Any, logto: Logto) -> None:
    logto.log += [log(params={"code": "planted"}, error="planted", password="planted")]

    assert "planted" not in str(browse(alice, PATH))


# Each thing once


@pytest.mark.parametrize(
    ("action", "key", "changes"),
    [
        (Action.NEW_DEVICE, Key.SIGN_IN, {}),
        (Action.PASSWORD_RESET, Key.PASSWORD_RESET, {"actor_kind": "logto", "address": None}),
        (Action.ACCOUNT_CREATED, Key.REGISTRATION, {"actor_kind": "logto", "address": None}),
    ],
)
@pytest.mark.parametrize("apart", [timedelta(), SECOND, -3 * SECOND])
def test_what_both_tell_of_is_told_once(
    alice: Client, browse: Any, logto: Logto, action: Action, key: Key, changes: Any, apart: Any
) -> None:
    logto.log += [log(NOON + apart, key=key.value)]
    event = happened(action, **changes)

    assert all_paths(alice, browse) == [f"/activity/{event.pk}/"]


@pytest.mark.parametrize(
    "row",
    [
        {"ip": "203.0.113.9"},
        {"userAgent": "curl/8"},
        {"result": "Error"},
        {"at": NOON - 9 * SECOND},
    ],
)
def test_another_sign_in_about_the_same_time_is_told(
    alice: Client, browse: Any, logto: Logto, row: Any
) -> None:
    logto.log += [log(row.pop("at", NOON), **row)]
    happened(Action.NEW_DEVICE)

    assert len(all_paths(alice, browse)) == 2


def test_what_was_tried_and_refused_here_hides_nothing(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.log += [log(key=Key.PASSWORD_RESET.value)]
    happened(Action.PASSWORD_RESET, outcome="refused")

    assert len(all_paths(alice, browse)) == 2


def test_the_app_that_a_sign_in_was_for_is_told_with_it(
    alice: Client, browse: Any, logto: Logto
) -> None:
    exchange = Key.CODE_EXCHANGE.value
    logto.log += [
        log(NOON, id="sign-in"),
        log(NOON + SECOND, key=exchange, id="same"),
        log(NOON + SECOND, key=exchange, id="other-app", applicationId="calendar"),
        log(NOON + timedelta(hours=1), key=exchange, id="later"),
        log(NOON - SECOND, key=exchange, id="before"),
    ]

    told = [path.split("/")[3] for path in all_paths(alice, browse)]

    assert told == ["later", "other-app", "sign-in", "before"]


# Pages


def scattered(logto: Logto, count: int, *, spread: timedelta) -> list[str]:
    """As many events of both sources within a time, some at the same moment; where each is told."""
    chance = random.Random(7)  # noqa: S311 - the same each time
    events, expected = [], []
    for number in range(count):
        at = NOON - chance.randrange(int(spread / MILLISECOND)) * MILLISECOND
        if number % 3:
            key = chance.choice([Key.SIGN_IN, Key.REVOCATION, Key.TOKEN_EXCHANGE]).value
            logto.log.append(log(at, key=key, id=f"l{number:04}"))
            expected.append((at, 0, f"/activity/sign-in-service/l{number:04}/"))
        else:
            events.append((at, happened(started_at=at).pk))
    expected += [(at, key, f"/activity/{key}/") for at, key in events]
    return [path for _at, _key, path in sorted(expected, reverse=True)]


@pytest.mark.parametrize(
    ("count", "spread"),
    [
        (0, timedelta(days=1)),
        (1, timedelta(days=1)),
        (3, timedelta(days=1)),
        (30, timedelta(days=1)),
        (31, timedelta(days=1)),
        (500, timedelta(days=30)),
        (200, timedelta(minutes=5)),
        (150, 40 * MILLISECOND),
    ],
)
def test_each_is_told_once_and_in_order_however_they_fall(
    alice: Client, browse: Any, logto: Logto, count: int, spread: timedelta
) -> None:
    expected = scattered(logto, count, spread=spread)

    assert all_paths(alice, browse) == expected


def test_more_at_one_moment_than_logto_tells_at_once_does_not_stop_anybody(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.log += [log(NOON) for _each in range(logbook.AT_ONCE + 5)]
    logto.log += [log(NOON - SECOND, id="before")]

    told = all_paths(alice, browse)

    assert told[-1] == "/activity/sign-in-service/before/"
    assert len(told) == len(set(told)) == logbook.AT_ONCE + 1


def test_a_page_stays_the_same_while_more_happens_in_both(
    alice: Client, browse: Any, logto: Logto
) -> None:
    scattered(logto, 100, spread=timedelta(days=2))
    second = older(browse(alice, PATH))
    before = paths(browse(alice, second))

    logto.log += [log(NOON + SECOND), log(NOON + 2 * SECOND)]
    happened(started_at=NOON + SECOND)

    assert paths(browse(alice, second)) == before


def test_what_both_tell_of_is_told_once_at_the_border_of_pages_too(
    alice: Client, browse: Any, logto: Logto
) -> None:
    many(29)
    for place in range(5):  # the border goes through each of them once
        logto.log.clear()
        logto.log += [log(NOON + number * SECOND) for number in range(1, place + 1)]
        at = NOON - timedelta(hours=27, minutes=30)
        logto.log += [log(at, id="new-device")]
        happened(Action.NEW_DEVICE, started_at=at + SECOND)
        told = all_paths(alice, browse)

        assert "/activity/sign-in-service/new-device/" not in told
        assert len(told) == len(set(told)) == AuditEvent.objects.count() + place


def test_a_sign_in_at_the_border_of_what_logto_told_still_explains_its_app(
    alice: Client, browse: Any, logto: Logto
) -> None:
    """The newest sign-ins reach less far back than the newest accesses of apps."""
    gap = timedelta(minutes=1)
    for number in range(200):
        at = NOON - number * gap
        logto.log += [log(at), log(at + SECOND, key=Key.CODE_EXCHANGE.value, id=f"x{number}")]

    told = all_paths(alice, browse)

    assert len(told) == 200
    assert not any("/x" in path for path in told)


STEP = {"result": "Error", "error": {"code": "session.mfa.require_mfa_verification"}}


def test_more_that_is_not_told_than_logto_tells_at_once_hides_nothing_behind_it(
    alice: Client, browse: Any, logto: Logto
) -> None:
    older_event = happened(started_at=NOON - timedelta(days=2))
    between = happened(started_at=NOON - timedelta(days=1))
    logto.log += [log(NOON - number * SECOND, **STEP) for number in range(3 * logbook.AT_ONCE)]
    logto.log += [log(NOON - timedelta(days=1, hours=1), id="hidden")]

    assert all_paths(alice, browse) == [
        f"/activity/{between.pk}/",
        "/activity/sign-in-service/hidden/",
        f"/activity/{older_event.pk}/",
    ]


def test_an_app_is_told_with_its_sign_in_where_logto_s_answer_ends_between_the_two(
    alice: Client, browse: Any, logto: Logto
) -> None:
    hour = timedelta(hours=1)
    logto.log += [log(NOON + hour, **STEP) for _each in range(logbook.AT_ONCE - 1)]
    logto.log += [
        log(NOON, key=Key.CODE_EXCHANGE.value, id="opened"),
        log(NOON - SECOND, id="last-that-is-told", applicationId="calendar"),
        log(NOON - 2 * SECOND, id="opens"),
    ]

    told = [path.split("/")[3] for path in all_paths(alice, browse)]

    assert told == ["last-that-is-told", "opens"]


# Round trips and outages


def test_a_page_takes_one_round_trip(alice: Client, browse: Any, logto: Logto) -> None:
    browse(alice, PATH)
    asked = [query["logKey"] for query in logto.queries]
    assert sorted(asked) == sorted(key for key in Key if key is not Key.REFRESH)
    logto.queries.clear()
    logto.wire.calls.reset()

    browse(alice, PATH)

    assert len(logto.queries) == len(asked)
    urls = [call.request.url for call in logto.wire.calls]
    assert not any("applications" in url for url in urls), "their names are known for a while"


def test_while_logto_is_down_what_we_know_is_told_and_that_something_is_missing(
    alice: Client, browse: Any, logto: Logto
) -> None:
    happened()
    logto.log += [log()]
    logto.is_down()

    page = browse(alice, PATH)

    assert sentences(page) == ["Your password was changed."]
    assert "your sign-ins and what apps did are missing here" in text_of(page.find(class_="notice"))


def test_pages_go_on_where_they_were_after_an_outage(
    alice: Client, browse: Any, logto: Logto
) -> None:
    expected = scattered(logto, 90, spread=timedelta(days=2))
    first = browse(alice, PATH)
    logto.fails("logs")
    browse(alice, older(first))
    del logto.failing["logs"]

    assert paths(first) + all_paths(alice, browse, older(first)) == expected


def test_an_answer_that_is_none_is_an_outage(alice: Client, browse: Any, logto: Logto) -> None:
    happened()
    logto.log += [{**log(), "payload": "no object"}]

    page = browse(alice, PATH)

    assert sentences(page) == ["Your password was changed."]
    assert page.find(class_="notice")


def test_the_names_of_apps_are_not_worth_an_outage(
    alice: Client, browse: Any, logto: Logto
) -> None:
    logto.log += [log()]
    logto.fails("applications")

    page = browse(alice, PATH)

    assert sentences(page) == ["You signed in with your password."]
    assert page.find(class_="notice") is None


# What one looks for


def by_kind(client: Client, browse: Any, **query: str) -> list[str]:
    pairs = "&".join(f"{name}={value}" for name, value in query.items())
    return sentences(browse(client, f"{PATH}?{pairs}"))


@pytest.fixture
def of_each_kind(logto: Logto) -> None:
    """One of ours and one of Logto's of each kind there is."""
    for key in Key:
        logto.log.append(log(NOON - timedelta(hours=1), key=key.value, applicationId=key.value))
    for action in (
        Action.SESSIONS_ENDED,
        Action.PASSWORD_CHANGED,
        Action.TOKEN_CREATED,
        Action.ORGANIZATION_LEFT,
        Action.PROFILE_CHANGED,
    ):
        happened(action)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("sign-ins", ["Your other devices were signed out.", "You signed in with your password."]),
        ("security", ["Your password was changed.", "Your password was reset."]),
        ("organizations", ["You left an organization."]),
        ("account", ["Your profile was changed.", "Your account was created."]),
        ("renewals", ["An app renewed its access to your account."]),
    ],
)
def test_one_can_look_for_one_kind(
    alice: Client, browse: Any, of_each_kind: None, kind: str, told: list[str]
) -> None:
    assert by_kind(alice, browse, kind=kind) == told


def test_what_apps_do_by_themselves_is_in_no_other_list(
    alice: Client, browse: Any, logto: Logto, of_each_kind: None
) -> None:
    told = by_kind(alice, browse)

    assert len(told) == 5 + len(Key) - 1
    assert not any("renewed" in sentence for sentence in told)


def test_only_what_is_looked_for_is_asked_of_logto(
    alice: Client, browse: Any, logto: Logto
) -> None:
    by_kind(alice, browse, kind="organizations")
    assert logto.queries == []

    by_kind(alice, browse, kind="security")

    assert [query["logKey"] for query in logto.queries] == [Key.PASSWORD_RESET]


def test_every_action_and_every_key_is_of_one_kind() -> None:
    some = [kind for kind in Kind if kind is not Kind.EVERYTHING]

    assert sorted(action for kind in some for action in kinds.actions(kind) or ()) == sorted(Action)
    assert sorted(key for kind in some for key in kinds.keys(kind)) == sorted(Key)
    nouns = {action.partition(".")[0] for action in Action}
    assert all(contents.nouns <= nouns for contents in kinds.CONTENTS.values())


@pytest.mark.parametrize("zone", ["UTC", "Asia/Seoul", "America/Los_Angeles"])
@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("", "", [4, 3, 2, 1]),
        ("2026-11-03", "", [4, 3]),
        ("", "2026-11-02", [2, 1]),
        ("2026-11-02", "2026-11-03", [3, 2]),
        ("2026-11-02", "2026-11-02", [2]),
        ("0001-01-01", "9999-12-31", [4, 3, 2, 1]),
        ("2030-01-01", "", []),
    ],
)
def test_one_can_look_for_days_as_they_are_where_one_is(
    alice: Client, browse: Any, logto: Logto, zone: str, since: str, until: str, expected: Any
) -> None:
    session = alice.session
    session["preferences"] = {"language": "en", "time_zone": zone, "theme": "system"}
    session.save()
    offset = {"UTC": 0, "Asia/Seoul": 9, "America/Los_Angeles": -8}[zone]
    told = {}
    for day in (1, 2, 3, 4):
        midnight = datetime(2026, 11, day, tzinfo=UTC) - timedelta(hours=offset)
        first, last = midnight, midnight + timedelta(days=1) - MILLISECOND
        logto.log.append(log(first, id=f"d{day}"))
        event = happened(started_at=last)
        told[day] = [f"/activity/{event.pk}/", f"/activity/sign-in-service/d{day}/"]

    found = all_paths(alice, browse, f"{PATH}?since={since}&until={until}")

    assert found == [path for day in expected for path in told[day]]


def test_older_pages_keep_to_what_is_looked_for(alice: Client, browse: Any, logto: Logto) -> None:
    happened(Action.PROFILE_CHANGED)
    for number in range(70):
        logto.log.append(log(NOON - number * SECOND))

    pages = every_page(alice, browse, f"{PATH}?kind=sign-ins&until=2026-11-20")

    assert len(pages) == 3
    assert sum(len(paths(page)) for page in pages) == 70
    newest = pages[1].find(class_="pager").a["href"]
    assert newest == f"{PATH}?kind=sign-ins&until=2026-11-20"


def test_what_is_looked_for_stays_in_the_form(alice: Client, browse: Any) -> None:
    page = browse(alice, f"{PATH}?kind=apps&since=2026-11-01&until=2026-11-20")

    form = page.find(class_="filter")
    assert form.find("option", selected=True)["value"] == "apps"
    assert [field["value"] for field in form.find_all("input")] == ["2026-11-01", "2026-11-20"]
    assert form.find("a", string="Show everything")["href"] == PATH


def test_nothing_found_says_so_and_offers_everything(alice: Client, browse: Any) -> None:
    happened()

    empty = browse(alice, f"{PATH}?kind=organizations").find(class_="empty")

    assert "Nothing like this has happened" in text_of(empty)
    assert empty.a["href"] == PATH


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("kind=moon", "kind", "Choose one of the list."),
        ("since=yesterday", "since", "Enter a day such as"),
        ("until=2026-13-01", "until", "Enter a day such as"),
        ("since=2026-11-20&until=2026-11-19", "until", "is before the first one"),
        ("since=%00", "since", "Enter a day such as"),
    ],
)
def test_what_can_t_be_looked_for_is_explained_beside_the_field(
    alice: Client, browse: Any, query: str, field: str, words: str
) -> None:
    happened()

    page = browse(alice, f"{PATH}?{query}", status=422)

    refused = page.find("form", class_="filter").find(attrs={"name": field})
    assert refused["aria-invalid"] == "true"
    assert words in text_of(page.find(id=refused["aria-describedby"].split()[-1]))
    assert sentences(page) == []


def test_htmx_gets_the_list_with_its_form(alice: Client, logto: Logto) -> None:
    logto.log += [log()]

    html = alice.get(PATH, {"kind": "sign-ins"}, headers=HTMX).content.decode()

    assert "<html" not in html
    assert 'id="timeline"' in html
    assert "You signed in with your password." in html


def test_this_site_s_own_app_is_one_like_another(alice: Client, browse: Any, logto: Logto) -> None:
    logto.log += [
        log(NOON, applicationId=settings.LOGTO_APP_ID),
        log(NOON + SECOND, key=Key.CODE_EXCHANGE.value, applicationId=settings.LOGTO_APP_ID),
    ]

    assert sentences(browse(alice, PATH)) == ["You signed in with your password."]
