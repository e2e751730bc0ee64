"""Changing the email address: a code to the new one proves it."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.codes.services import Channel
from accountsite.identifiers import lines, pending, services
from accountsite.notices import delivery
from accountsite.signin import services as signin
from accountsite.signin.models import Session
from tests.conftest import ALICE, HTMX
from tests.identifiers.conftest import (
    EMAIL,
    RIGHT,
    Logto,
    begin,
    field,
    finish,
    html,
    refusal,
    says,
    told,
    trail,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_code_goes_to_the_new_address_and_then_it_is_theirs(
    alice: Client, logto: Logto, *, htmx: bool
) -> None:
    sent = begin(alice, htmx=htmx)
    assert logto.sent == [{"email": "new@example.com"}]
    if htmx:
        assert sent.status_code == 200
        assert "<html" not in sent.content.decode()
        assert "new@example.com" in says(sent)
        assert field(sent, "code")["autocomplete"] == "one-time-code"
        assert html(sent).find(id="row-email"), "it takes the place of the form"
    else:
        assert (sent.status_code, sent["Location"]) == (303, EMAIL)
    assert logto.writes == []

    done = finish(alice, htmx=htmx)

    assert logto.writes == [{"primaryEmail": "new@example.com"}]
    if htmx:
        assert html(done).find(id="row-email").find(class_="row__value").text == "new@example.com"
        assert "Email address changed." in says(done)
    else:
        assert (done.status_code, done["Location"]) == (303, "/sign-in-methods/#row-email")
        assert "Email address changed." in says(alice.get("/sign-in-methods/"))


def test_the_form_asks_for_an_address_that_browsers_can_fill_in(
    alice: Client, logto: Logto
) -> None:
    page = html(alice.get(EMAIL))

    address = page.find("input", {"name": "address"})
    assert (address["type"], address["autocomplete"]) == ("email", "email")
    assert "Remove" in page.find("form", {"action": EMAIL}).text


def test_both_addresses_are_told_with_a_way_to_say_it_was_not_them(
    alice: Client, logto: Logto
) -> None:
    begin(alice)
    finish(alice)

    assert told() == {"alice@example.com", "new@example.com"}
    event = AuditEvent.objects.get(action="email.changed")
    assert all(f"/activity/{event.pk}/" in letter.body for letter in mail.outbox)
    assert event.changes == {"email": ["a•••@example.com", "n•••@example.com"]}


def test_the_trail_tells_of_the_code_and_of_the_change(alice: Client, logto: Logto) -> None:
    begin(alice)
    finish(alice)

    assert trail() == [("email.change_started", "done"), ("email.changed", "done")]


def test_the_first_address_is_added(alice: Client, logto: Logto) -> None:
    logto.has(primaryEmail=None)

    begin(alice)
    finish(alice)

    assert logto.writes == [{"primaryEmail": "new@example.com"}]
    assert told() == {"new@example.com"}


def test_the_session_knows_the_new_address(alice: Client, logto: Logto) -> None:
    begin(alice)
    finish(alice)

    assert alice.session[signin.ACCOUNT]["email"] == "new@example.com"


def test_two_answers_of_logto_in_a_row_are_all_that_a_change_waits_for(
    alice: Client, logto: Logto
) -> None:
    alice.get("/sign-in-methods/")  # the tenant is known from here on
    logto.calls.clear()
    begin(alice)
    assert logto.calls == ["read", "send"]
    page = html(alice.get(EMAIL))
    logto.calls.clear()

    change = page.find("input", {"name": "change"})["value"]
    alice.post(f"{EMAIL}code/", {"change": change, "code": RIGHT})

    assert sorted(logto.calls[:2]) == ["read", "verify"], "at the same time"
    assert logto.calls[2:] == ["write"]


# What can't be their address


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "   ",
        "alice",
        "alice@localhost",
        "alice@@example.com",
        "a b@example.com",
        "alice@example.com\nBcc: bob@example.com",
        "alice@example.com\x00",
        "alice@exa\u200bmple.com",
        "alice@example.com,bob@example.com",
        "alice <alice@example.com>",
        '"alice"@example.com',
        "alice@example.com@evil.example",
        "a" * 120 + "@example.com",
        "😀" * 60 + "@example.com",
    ],
)
def test_what_is_no_address_is_explained_beside_the_field(
    alice: Client, logto: Logto, wrong: str
) -> None:
    response = begin(alice, address=wrong)

    assert response.status_code == 422
    assert refusal(response, "address")
    assert logto.calls == [], "nobody is asked"


def test_what_was_typed_stays(alice: Client, logto: Logto) -> None:
    assert field(begin(alice, address="al ice@example.com"), "address")["value"] == (
        "al ice@example.com"
    )


@pytest.mark.parametrize("same", ["alice@example.com", "ALICE@example.com", " alice@example.com "])
def test_the_present_address_is_no_new_one(alice: Client, logto: Logto, same: str) -> None:
    response = begin(alice, address=same)

    assert "your address already" in refusal(response, "address")
    assert logto.sent == []


@pytest.mark.parametrize(
    ("policy", "address"),
    [
        ({"customBlocklist": ["new@example.com"]}, "NEW@example.com"),
        ({"customBlocklist": ["@example.com"]}, "new@Example.com"),
        ({"customBlocklist": ["@*.example.com"]}, "new@mail.example.com"),
        ({"customBlocklist": ["ne*@example.com"]}, "new@example.com"),
        ({"blockSubaddressing": True}, "new+shop@example.org"),
        ({"blockDisposableAddresses": True}, "new@mailinator.com"),
        ({"customAllowlist": ["@example.org"]}, "new@example.com"),
        ({"customAllowlist": ["@x.org"], "customBlocklist": ["b@x.org"]}, "b@x.org"),
    ],
)
def test_an_address_that_the_tenant_does_not_take_gets_no_code(
    alice: Client, logto: Logto, policy: dict[str, Any], address: str
) -> None:
    logto.experience["emailBlocklistPolicy"] = policy

    response = begin(alice, address=address)

    assert "can’t be used here" in refusal(response, "address")
    assert logto.sent == []


@pytest.mark.parametrize(
    ("policy", "address"),
    [
        ({"customBlocklist": ["@example.com"]}, "new@mail.example.com"),
        ({"customBlocklist": ["n.w@example.com"]}, "new@example.com"),
        ({"customAllowlist": ["*@example.org"]}, "new@example.org"),
        ({"blockSubaddressing": True}, "new@exa+mple.org"),
    ],
)
def test_any_other_address_gets_one(
    alice: Client, logto: Logto, policy: dict[str, Any], address: str
) -> None:
    logto.experience["emailBlocklistPolicy"] = policy

    assert begin(alice, address=address).status_code == 303


def test_a_rule_that_came_meanwhile_still_holds(alice: Client, logto: Logto) -> None:
    begin(alice)
    logto.experience["emailBlocklistPolicy"] = {"customBlocklist": ["@example.com"]}
    change = field(alice.get(EMAIL), "change")["value"]
    cache.clear()

    response = _code(alice, change)

    assert response.status_code == 422
    assert "can’t be used here" in refusal(response, "address")
    assert logto.writes == []


# Another person's address


def test_that_another_account_has_it_is_told_only_after_the_code(
    alice: Client, logto: Logto
) -> None:
    logto.refuses(422, "user.email_already_in_use")
    assert begin(alice, address="bob@example.com").status_code == 303
    assert "Another account" not in says(alice.get(EMAIL))
    wrong = finish(alice, code="000000")
    assert "Another account" not in says(wrong)

    response = finish(alice)

    assert response.status_code == 422
    assert "Another account has this address" in refusal(response, "address")
    assert field(response, "address")["value"] == "bob@example.com"
    assert trail()[-1] == ("email.changed", "refused")
    assert told() == set()
    assert field(alice.get(EMAIL), "code") is None, "the change is over"


# The code


def _code(client: Client, change: str, code: str = RIGHT, **extra: Any) -> Any:
    return client.post(f"{EMAIL}code/", {"change": change, "code": code}, **extra)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_wrong_code_is_refused_beside_the_field(
    alice: Client, logto: Logto, *, htmx: bool
) -> None:
    begin(alice)

    response = finish(alice, code="654321", htmx=htmx)

    assert response.status_code == 422
    assert "not the code" in refusal(response, "code")
    assert field(response, "code")["value"] == "654321"
    assert trail()[-1] == ("email.changed", "refused")
    assert logto.writes == []
    assert finish(alice).status_code == 303, "the right one still counts"


@pytest.mark.parametrize("junk", ["", "12345", "1234567", "12345x", "١٢٣٤٥٦", "\x00" * 6])
def test_what_is_no_code_is_not_tried(alice: Client, logto: Logto, junk: str) -> None:
    begin(alice)

    assert finish(alice, code=junk).status_code == 422
    assert logto.tried == []


def test_guessing_ends(alice: Client, logto: Logto) -> None:
    begin(alice)
    for _guess in range(5):
        assert finish(alice, code="000000").status_code == 422

    response = finish(alice)

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "Try again in" in says(response)
    assert logto.writes == []
    assert AuditEvent.objects.latest("pk").reason == "TooMany"


def test_the_address_comes_from_the_session_not_from_the_form(alice: Client, logto: Logto) -> None:
    begin(alice)
    change = field(alice.get(EMAIL), "change")["value"]

    data = {"change": change, "code": RIGHT, "address": "thief@example.com", "channel": "phone"}
    alice.post(f"{EMAIL}code/", data)

    assert logto.writes == [{"primaryEmail": "new@example.com"}]


def test_a_code_works_once(alice: Client, logto: Logto) -> None:
    begin(alice)
    change = field(alice.get(EMAIL), "change")["value"]
    _code(alice, change)

    again = _code(alice, change)

    assert (again.status_code, again["Location"]) == (303, EMAIL)
    assert len(logto.writes) == 1


def test_a_code_without_a_change_proves_nothing(alice: Client, logto: Logto) -> None:
    response = _code(alice, "made-up")

    assert response["Location"] == EMAIL
    assert logto.calls == []


def test_a_code_for_the_email_address_does_nothing_to_the_phone(
    alice: Client, logto: Logto
) -> None:
    begin(alice)
    change = field(alice.get(EMAIL), "change")["value"]

    alice.post("/sign-in-methods/phone/code/", {"change": change, "code": RIGHT})

    assert logto.writes == []


def test_the_change_of_another_person_in_the_same_browser_is_not_theirs(
    alice: Client, logto: Logto
) -> None:
    begin(alice)
    change = field(alice.get(EMAIL), "change")["value"]
    session = alice.session
    session[signin.ACCOUNT] = session[signin.ACCOUNT] | {"id": "bob000000001"}
    session.save()
    logto.wire.add_callback("GET", logto.url("bob000000001"), logto.reads)

    response = _code(alice, change)

    assert response["Location"] == EMAIL
    assert (logto.tried, logto.writes) == ([], [])


def test_the_change_of_one_browser_is_not_known_in_another(
    alice: Client, logto: Logto, sign_in: Any, sure: Any
) -> None:
    begin(alice)
    change = field(alice.get(EMAIL), "change")["value"]
    other = sure(sign_in(Client()))

    assert _code(other, change)["Location"] == EMAIL
    assert logto.tried == []


@pytest.mark.parametrize("unfit", [{"is_proved": False}, {"account_id": "bob000000001"}])
def test_what_was_not_proved_for_them_is_not_written(
    alice: Client, logto: Logto, unfit: dict[str, Any]
) -> None:
    begin(alice)
    change = pending.of(alice.session, Channel.EMAIL, account_id=ALICE)
    assert change is not None

    with pytest.raises(services.UnableToChange):
        services.change_address(
            lines.person(ALICE), replace(change, **{"is_proved": True, **unfit})
        )

    assert logto.writes == []


def test_a_code_that_came_too_late_keeps_the_address_in_the_form(
    alice: Client, logto: Logto, clock: Any, sure: Any
) -> None:
    begin(alice)
    change = field(alice.get(EMAIL), "change")["value"]
    clock.shift(timedelta(minutes=10, seconds=1))
    sure(alice)

    response = _code(alice, change)

    assert response.status_code == 422
    assert "time for this code is over" in says(response)
    assert field(response, "address")["value"] == "new@example.com"
    assert (logto.tried, logto.writes) == ([], [])


def test_it_says_how_long_a_code_works_at_this_tenant(alice: Client, logto: Logto) -> None:
    logto.experience["verificationCodePolicy"] = {"expirationDuration": 180}

    begin(alice)

    assert "new@example.com. It works for 3 minutes." in says(alice.get(EMAIL))


def test_a_tab_that_was_overtaken_by_another_goes_on_with_that_one(
    alice: Client, logto: Logto
) -> None:
    begin(alice, address="one@example.com")
    first = field(alice.get(EMAIL), "change")["value"]
    begin(alice, address="two@example.com")

    response = _code(alice, first)

    assert response.status_code == 422
    assert "another tab" in says(response)
    assert "two@example.com" in says(response)
    assert (logto.tried, logto.writes) == ([], [])
    _code(alice, field(response, "change")["value"])
    assert logto.writes == [{"primaryEmail": "two@example.com"}]


def test_sending_the_same_address_twice_sends_one_code(alice: Client, logto: Logto) -> None:
    begin(alice)

    assert begin(alice).status_code == 303
    assert len(logto.sent) == 1


# Another code, another address, no change after all


def test_another_code_can_be_had_after_a_minute(alice: Client, logto: Logto, clock: Any) -> None:
    begin(alice)
    waiting = alice.get(EMAIL)
    button = html(waiting).find("button", {"data-wait": True})
    assert 0 < int(button["data-wait"]) <= 60
    early = alice.post(f"{EMAIL}code/again/")
    assert early.status_code == 429
    assert "another code in" in says(early)
    assert field(early, "change")["value"] == field(waiting, "change")["value"]
    clock.shift(timedelta(seconds=61))

    assert alice.post(f"{EMAIL}code/again/")["Location"] == EMAIL

    assert len(logto.sent) == 2
    assert ("email.change_started", "refused") in trail()


def test_another_address_can_be_given_and_nothing_is_forgotten_by_looking(
    alice: Client, logto: Logto
) -> None:
    begin(alice)
    page = html(alice.get(EMAIL))
    other = page.find("a", string="Use another address")["href"]

    response = alice.get(other)

    assert field(response, "address")["value"] == "new@example.com"
    assert field(alice.get(EMAIL), "code") is not None


@pytest.mark.parametrize("htmx", [True, False])
def test_cancel_forgets_the_change(alice: Client, logto: Logto, *, htmx: bool) -> None:
    begin(alice)

    response = alice.post(f"{EMAIL}cancel/", headers=HTMX if htmx else {})

    if htmx:
        row = html(response).find(id="row-email")
        assert row.find(class_="row__value").text == "alice@example.com"
    else:
        assert response["Location"] == "/sign-in-methods/#row-email"
    assert field(alice.get(EMAIL), "code") is None


def test_looking_at_cancel_forgets_nothing(alice: Client, logto: Logto) -> None:
    begin(alice)

    alice.get(f"{EMAIL}cancel/")

    assert field(alice.get(EMAIL), "code") is not None


def test_the_row_tells_of_a_change_that_waits(alice: Client, logto: Logto) -> None:
    begin(alice)

    row = html(alice.get("/sign-in-methods/")).find(id="row-email")

    assert "new@example.com" in row.text
    assert "Enter the code" in row.find("a").text


# Trouble


@pytest.mark.parametrize("htmx", [True, False])
def test_logto_down_keeps_the_address_in_the_form(
    alice: Client, logto: Logto, *, htmx: bool
) -> None:
    logto.reads_fail = True

    response = begin(alice, htmx=htmx)

    assert response.status_code == 503
    assert field(response, "address")["value"] == "new@example.com"
    assert "could not be reached" in says(response)


def test_a_code_that_could_not_be_sent_begins_nothing(alice: Client, logto: Logto) -> None:
    logto.codes_fail = True

    assert begin(alice).status_code == 503
    assert trail() == [("email.change_started", "unknown")]
    assert field(alice.get(EMAIL), "code") is None


def test_logto_down_at_the_code_keeps_the_code(alice: Client, logto: Logto) -> None:
    begin(alice)
    logto.codes_fail = True

    response = finish(alice)

    assert response.status_code == 503
    assert field(response, "code")["value"] == RIGHT
    logto.codes_fail = False
    assert finish(alice).status_code == 303


def test_a_code_that_was_right_is_not_asked_for_again_after_an_outage(
    alice: Client, logto: Logto
) -> None:
    begin(alice)
    logto.writes_fail = True
    failed = finish(alice)
    assert failed.status_code == 503
    assert trail()[-1] == ("email.changed", "unknown")
    logto.writes_fail = False
    page = alice.get(EMAIL)
    assert field(page, "code") is None
    assert "was right" in says(page)

    done = alice.post(f"{EMAIL}code/", {"change": field(page, "change")["value"]})

    assert done.status_code == 303
    assert logto.writes == [{"primaryEmail": "new@example.com"}]
    assert len(logto.tried) == 1
    assert told() == {"alice@example.com", "new@example.com"}


def test_both_addresses_hear_of_a_change_of_which_nobody_heard_the_end(
    alice: Client, logto: Logto, clock: Any
) -> None:
    begin(alice)
    logto.writes_fail = True
    finish(alice)
    assert told() == set()

    clock.shift(delivery.PROMISED)
    delivery.deliver_due()

    assert told() == {"alice@example.com", "new@example.com"}
    assert mail.outbox[0].subject == "Email address change: uncertain whether it worked"


def test_a_change_that_arrived_unheard_is_told_when_it_is_found(
    alice: Client, logto: Logto
) -> None:
    begin(alice)
    logto.writes_fail = True
    finish(alice)
    logto.has(primaryEmail="new@example.com")

    page = alice.get(EMAIL)
    alice.post(f"{EMAIL}code/", {"change": field(page, "change")["value"]})

    assert logto.writes == []
    assert trail()[-2:] == [("email.changed", "unknown"), ("email.changed", "done")]
    assert told() == {"alice@example.com", "new@example.com"}


def test_a_person_who_is_gone_is_signed_out(alice: Client, logto: Logto) -> None:
    begin(alice)
    logto.refuses(404, "entity.not_found")

    assert finish(alice)["Location"].startswith("/signed-out/")


# Who may


def test_a_proof_is_asked_for_and_the_address_is_not_lost(
    client: Client, sign_in: Any, logto: Logto, sure: Any
) -> None:
    alice = sign_in(client)
    again = alice.post(f"{EMAIL}code/again/")
    for answer in (alice.get(EMAIL), begin(alice), _code(alice, "x"), again):
        assert answer["Location"] == "/confirm/"
    begin(alice)
    assert (logto.sent, logto.tried) == ([], [])
    logto.wire.post("https://logto.test/api/users/alice0000001/password/verify", status=204)

    response = alice.post("/confirm/password/", {"password": "right"})

    assert response["Location"] == EMAIL
    assert logto.sent == [{"email": "new@example.com"}]


def test_what_the_tenant_only_shows_can_t_be_changed(alice: Client, logto: Logto) -> None:
    logto.lets(email="ReadOnly")

    assert "Read only" in says(alice.get(EMAIL))
    response = begin(alice)

    assert "can’t be changed here" in refusal(response, "address")
    assert logto.sent == []


def test_what_the_tenant_hides_is_not_there(alice: Client, logto: Logto) -> None:
    logto.lets(email="Off")

    assert alice.get(EMAIL).status_code == 404
    assert begin(alice).status_code == 422
    assert logto.sent == []


def test_a_form_from_elsewhere_is_refused(sign_in: Any, logto: Logto, sure: Any) -> None:
    client = sure(sign_in(Client(enforce_csrf_checks=True)))

    assert begin(client).status_code == 403
    assert client.post(f"{EMAIL}code/again/").status_code == 403
    assert client.post(f"{EMAIL}cancel/").status_code == 403


@pytest.mark.parametrize("name", ["", "custom", "username", "../email"])
def test_there_are_no_other_addresses(alice: Client, logto: Logto, name: str) -> None:
    for path in ("code/", "code/again/", "cancel/"):
        assert alice.post(f"/sign-in-methods/{name}/{path}").status_code == 404


def test_markup_in_an_address_is_text(alice: Client, logto: Logto) -> None:
    begin(alice, address="<script>alert(1)</script>@example.com")
    logto.has(primaryEmail="<b>x</b>@example.com")

    page = alice.get("/sign-in-methods/").content.decode()

    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x" in page


def test_what_waits_is_encrypted_in_the_database(alice: Client, logto: Logto) -> None:
    begin(alice, address="unmistakable@example.com")

    assert json.dumps(alice.session[pending.KEY]).count("unmistakable") == 1
    assert all(b"unmistakable" not in bytes(row.payload) for row in Session.objects.all())
    assert ALICE in json.dumps(alice.session[pending.KEY])
