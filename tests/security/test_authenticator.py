"""Authenticator app: a secret that proves itself before it counts."""

import time
from datetime import timedelta

import pyotp
import pytest
from django.core.cache import cache

from accountsite.audit.models import AuditEvent
from accountsite.confirmation import proofs
from accountsite.factors.services import UnableToChange
from accountsite.limits import turns
from accountsite.security import authenticators, pending
from accountsite.signin import services as signin
from accountsite.signin.models import Session
from tests.conftest import ALICE, HTMX, inspected
from tests.security.conftest import html, letters, messages, says, send, trail
from tests.security.logto import factor

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/security/authenticator/"
BIND = "POST mfa-verifications"
UNBIND = "DELETE mfa-verifications"
REPLACE = "PUT totp"


@pytest.fixture(autouse=True)
def steady(time_machine):
    """A clock in the middle of a step, which does not move on by itself."""
    time_machine.move_to(time.time() // 30 * 30 + 15, tick=False)
    return time_machine


def secret(page):
    return html(page).find(id="setup-key").text.replace(" ", "")


def add(client, *, htmx=False, code=None, drift=0):
    """Scan, and enter the code."""
    key = secret(client.get(PATH))
    given = code or pyotp.TOTP(key).at(time.time() + drift)
    return send(client, PATH, code=given, htmx=htmx), key


def bound(logto):
    found = logto.factor("Totp")
    return found and found.get("secret")


# Setting up


def test_the_secret_can_be_scanned_read_and_opened_on_this_device(alice, logto):
    page = html(alice.get(PATH))

    key = secret(alice.get(PATH))
    assert len(key) == 32
    groups = page.find(id="setup-key").text.split()
    assert {len(group) for group in groups} == {4}
    address = page.find("a", href=lambda href: href.startswith("otpauth:"))["href"]
    totp = pyotp.parse_uri(address)
    assert (totp.secret, totp.name, totp.issuer) == (key, "alice", "localhost")
    drawing = page.find("svg", class_="qr")
    assert drawing["role"] == "img"
    assert drawing["aria-label"]
    assert drawing.path["d"].startswith("M4 4h1v1h-1z")  # past the white border


def test_the_name_of_the_service_stands_in_the_app(alice, logto, settings):
    settings.ACCOUNTSITE_NAME = "Harbour: boats"

    address = html(alice.get(PATH)).find("a", href=lambda href: href.startswith("otpauth:"))["href"]

    assert pyotp.parse_uri(address).issuer == "Harbour  boats"


def test_the_code_field_helps_to_type_it(alice, logto):
    field = html(alice.get(PATH)).find("input", {"name": "code"})

    assert (field["inputmode"], field["autocomplete"]) == ("numeric", "one-time-code")


def test_the_secret_stays_for_ten_minutes_and_is_encrypted(alice, logto, steady):
    key = secret(alice.get(PATH))
    assert all(key.encode() not in bytes(row.payload) for row in Session.objects.all())
    steady.shift(timedelta(minutes=5))
    proofs_again(alice)
    assert secret(alice.get(PATH)) == key

    steady.shift(timedelta(minutes=5))
    proofs_again(alice)

    assert secret(alice.get(PATH)) != key


def test_nothing_is_bound_before_a_code_was_right(alice, logto):
    answer, key = add(alice, code="000000" if pyotp_now(alice) != "000000" else "111111")

    assert answer.status_code == 422
    assert "That is not the code." in says(answer)
    assert secret_in(answer) == key
    assert logto.writes == []
    assert trail() == [("authenticator.added", "refused")]


def test_a_secret_that_proved_nothing_is_never_bound(logto):
    waiting = pending.Pending(secret=pyotp.random_base32(), made_at=time.time())

    with pytest.raises(UnableToChange):
        authenticators.bind(ALICE, waiting, shown="", own=None)

    assert logto.calls == []


def test_a_right_code_binds_this_very_secret(alice, logto):
    answer, key = add(alice)

    assert answer["Location"] == "/security/"
    assert bound(logto) == key
    assert "Authenticator app added." in messages(alice)
    assert trail() == [("authenticator.added", "done")]
    assert letters() == ["An authenticator app was added to your account"]
    assert key not in repr(list(AuditEvent.objects.values()))


def test_with_htmx_the_overview_comes_back_anew(alice, logto):
    answer, _key = add(alice, htmx=True)

    assert answer["HX-Redirect"] == "/security/"


def test_after_that_the_next_secret_is_another(alice, logto):
    _answer, key = add(alice)

    assert secret(alice.get(PATH)) != key


@pytest.mark.parametrize(("drift", "is_taken"), [(-60, 0), (-30, 1), (30, 1), (60, 0)])
def test_a_clock_may_be_wrong_by_one_step(alice, logto, drift, is_taken):
    answer, _key = add(alice, drift=drift)

    assert (answer.status_code == 303) is bool(is_taken)


def test_each_code_counts_once(alice, logto):
    logto.fails(BIND, 503, 503, 503)
    key = secret(alice.get(PATH))
    code = pyotp.TOTP(key).now()
    alice.post(PATH, {"secret": fingerprint(alice), "code": code})
    forget_that_it_was_proved(alice)

    answer = alice.post(PATH, {"secret": fingerprint(alice), "code": code})

    assert "This code was used already. Wait for the next one." in says(answer)


def test_guessing_is_stopped(alice, logto):
    now = pyotp_now(alice)
    guess = "000000" if now != "000000" else "111111"
    for _attempt in range(10):
        assert send(alice, PATH, code=guess).status_code == 422

    answer = send(alice, PATH, code=now)

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert logto.writes == []


def test_a_page_that_was_open_for_too_long_goes_on_with_a_new_secret(alice, logto, steady):
    key, named = secret(alice.get(PATH)), fingerprint(alice)
    steady.shift(timedelta(minutes=11))
    proofs_again(alice)

    answer = alice.post(PATH, {"secret": named, "code": pyotp.TOTP(key).now()})

    assert "Scan its new QR code" in says(answer)
    assert secret_in(answer) != key
    assert logto.writes == []
    send_to = html(answer).find("input", {"name": "secret"})["value"]
    again = alice.post(PATH, {"secret": send_to, "code": pyotp.TOTP(secret_in(answer)).now()})
    assert again.status_code == 303


def test_with_the_first_factor_it_is_turned_on_that_it_is_asked_for(alice, logto):
    logto.settings |= {"enabled": False, "skipMfaOnSignIn": True}

    add(alice)

    assert logto.settings["enabled"] is True
    assert logto.settings["skipMfaOnSignIn"] is False


def test_who_goes_without_although_they_have_one_is_not_overruled(alice, logto):
    logto.has("WebAuthn").settings |= {"enabled": True, "skipMfaOnSignIn": True}

    add(alice)

    assert logto.settings["skipMfaOnSignIn"] is True


def test_that_the_switch_could_not_be_turned_does_not_undo_the_app(alice, logto):
    logto.fails("PATCH logto-configs", 503)

    answer, key = add(alice)

    assert answer.status_code == 303
    assert bound(logto) == key


def test_it_takes_two_round_trips(alice, logto):
    alice.get("/security/")
    logto.slows()
    key = secret(alice.get(PATH))
    assert logto.round_trips == 1
    named = fingerprint(alice)
    logto.slows()

    alice.post(PATH, {"secret": named, "code": pyotp.TOTP(key).now()})

    assert logto.round_trips == 2


def test_what_the_tenant_does_not_offer_any_more_is_not_bound(alice, logto):
    key, named = secret(alice.get(PATH)), fingerprint(alice)
    logto.wants("NoPrompt", "WebAuthn")
    cache.clear()

    answer = alice.post(PATH, {"secret": named, "code": pyotp.TOTP(key).now()})

    assert "does not use authenticator apps" in says(answer)
    assert logto.writes == []


def test_what_the_tenant_fixes_meanwhile_is_not_bound(alice, logto):
    key, named = secret(alice.get(PATH)), fingerprint(alice)
    logto.lets(mfa="ReadOnly")
    cache.clear()

    answer = alice.post(PATH, {"secret": named, "code": pyotp.TOTP(key).now()})

    assert "can’t be changed here any more" in says(answer)
    assert logto.writes == []


# Outages


def test_in_an_outage_the_form_waits_and_asks_for_no_other_code(alice, logto):
    logto.fails(BIND, 503, 503, 503)

    answer, key = add(alice)

    assert answer.status_code == 503
    assert "may not have been saved" in says(answer)
    assert html(answer).find("input", {"name": "code"}) is None
    assert trail() == [("authenticator.added", "unknown")]
    again = send(alice, PATH)
    assert again.status_code == 303, says(again)
    assert bound(logto) == key


def test_an_answer_that_was_lost_is_made_good_at_once(alice, logto):
    logto.fails(BIND, "lost")

    answer, key = add(alice)

    assert answer.status_code == 303
    assert bound(logto) == key
    assert trail() == [("authenticator.added", "done")]


def test_one_that_was_added_elsewhere_meanwhile_is_told_and_then_replaced(alice, logto):
    key, named = secret(alice.get(PATH)), fingerprint(alice)
    logto.has("Totp")

    answer = alice.post(PATH, {"secret": named, "code": pyotp.TOTP(key).now()})

    assert "added elsewhere meanwhile" in says(answer)
    assert bound(logto) is None
    page = html(answer)
    form = {name: page.find("input", {"name": name})["value"] for name in ("shown", "secret")}
    assert alice.post(PATH, form).status_code == 303
    assert bound(logto) == key


def test_one_that_was_added_in_the_same_moment_is_told(alice, logto):
    logto.fails(BIND, (422, "user.totp_already_in_use"))

    answer, _key = add(alice)

    assert answer.status_code == 422
    assert trail() == [("authenticator.added", "refused")]


# Replacing


def test_the_old_one_stays_until_a_code_of_the_new_one_was_right(alice, logto):
    logto.has("Totp")

    answer, _key = add(alice, code="000000" if pyotp_now(alice) != "000000" else "111111")

    assert answer.status_code == 422
    assert logto.writes == []


def test_it_is_replaced_told_audited_and_mailed(alice, logto):
    logto.has("Totp")

    answer, key = add(alice)

    assert answer.status_code == 303
    assert bound(logto) == key
    assert [call for call in logto.writes if call != "PATCH logto-configs"] == [UNBIND, BIND]
    assert "Authenticator app replaced." in messages(alice)
    assert trail() == [("authenticator.replaced", "done")]
    assert letters() == ["Your authenticator app was replaced"]


def test_while_the_old_one_cant_be_removed_it_stays(alice, logto):
    logto.has("Totp").fails(UNBIND, 503, 503, 503)

    answer, _key = add(alice)

    assert answer.status_code == 503
    assert BIND not in logto.calls
    assert trail() == [("authenticator.replaced", "unknown")]


@pytest.mark.parametrize("how", [[503], ["lost"], [503, 503], ["lost", 503]])
def test_lost_answers_are_made_good(alice, logto, how):
    logto.has("Totp").fails(UNBIND, *how)
    logto.fails(BIND, *how)

    answer, key = add(alice)

    assert answer.status_code == 303
    assert bound(logto) == key
    assert trail() == [("authenticator.replaced", "done")]


@pytest.mark.parametrize("how", [[503] * 3, [(403, "auth.forbidden")]])
def test_who_is_left_without_is_told_so_by_mail_too_and_can_go_on(alice, logto, how):
    logto.has("Totp").fails(BIND, *how)

    answer, key = add(alice)

    assert answer.status_code == 503
    assert "Your old authenticator app no longer works" in says(answer)
    assert trail() == [("authenticator.replaced", "unknown")]
    assert letters() == ["Authenticator app replacement: uncertain whether it worked"]
    assert send(alice, PATH).status_code == 303
    assert bound(logto) == key


# Replacing by the Account API, in one step


@pytest.fixture
def own(alice):
    """A session with a token of her own, and Logto's record of her proof."""
    session = alice.session
    session[signin.TOKENS] |= {"access_token": "opaque", "expires_at": time.time() + 3600}
    proofs.keep_record(session, "record-1", until=time.time() + 600)
    session.save()
    return alice


def test_where_there_is_an_account_api_it_is_replaced_in_one_step(own, logto):
    logto.has("Totp")

    answer, key = add(own)

    assert answer.status_code == 303
    assert bound(logto) == key
    assert logto.writes == [REPLACE]
    assert logto.own == ("Bearer opaque", "record-1")
    assert logto.code == pyotp.TOTP(key).now()
    assert trail() == [("authenticator.replaced", "done")]


@pytest.mark.parametrize(
    "refusal",
    [
        (400, "account_center.not_enabled"),
        (401, "verification_record.permission_denied"),
        (401, "auth.unauthorized"),
        404,
    ],
)
def test_where_there_is_none_it_is_done_in_two(own, logto, refusal):
    logto.has("Totp").fails(REPLACE, refusal)

    answer, key = add(own)

    assert answer.status_code == 303
    assert bound(logto) == key


def test_if_it_does_not_answer_the_old_one_stays(own, logto):
    logto.has("Totp").fails(REPLACE, 503, 503, 503)

    answer, _key = add(own)

    assert answer.status_code == 503
    assert UNBIND not in logto.calls
    assert trail() == [("authenticator.replaced", "unknown")]


def test_its_lost_answer_is_made_good(own, logto):
    logto.has("Totp").fails(REPLACE, "lost")

    assert add(own)[0].status_code == 303


def test_a_code_that_came_too_late_for_it_is_told(own, logto):
    logto.has("Totp").fails(REPLACE, (400, "session.mfa.invalid_totp_code"))

    answer, _key = add(own)

    assert "Try again." in says(answer)
    assert UNBIND not in logto.calls


# Removing

REMOVAL = f"{PATH}removal/"


def test_it_is_removed_told_audited_and_mailed(alice, logto):
    logto.has("Totp")

    answer = send(alice, REMOVAL)

    assert answer["Location"] == "/security/"
    assert logto.factors == []
    assert "Authenticator app removed." in messages(alice)
    assert trail() == [("authenticator.removed", "done")]
    assert letters() == ["Your authenticator app was removed"]


def test_it_asks_first(alice, logto):
    logto.has("Totp")

    page = inspected(alice.get(REMOVAL).text)

    assert "no code of this app is asked for" in page.text
    assert logto.writes == []
    assert "<html" not in alice.get(REMOVAL, headers=HTMX).text


def test_backup_codes_go_with_the_last_one_and_go_first(alice, logto):
    logto.has("Totp", "BackupCode")
    codes = logto.factor("BackupCode")["id"]
    assert "are removed too" in says(alice.get(REMOVAL))
    gone = []
    logto.then = lambda call: call == UNBIND and gone.append([f["id"] for f in logto.factors])

    send(alice, REMOVAL)

    assert codes not in gone[0]
    assert len(gone[0]) == 1
    assert logto.factors == []
    assert trail() == [("backup_codes.removed", "done"), ("authenticator.removed", "done")]
    assert letters() == ["Your backup codes were removed", "Your authenticator app was removed"]


def test_backup_codes_stay_beside_a_passkey(alice, logto):
    logto.has("Totp", "WebAuthn", "BackupCode")
    assert "are removed too" not in says(alice.get(REMOVAL))

    send(alice, REMOVAL)

    assert [each["type"] for each in logto.factors] == ["WebAuthn", "BackupCode"]


def test_what_is_left_after_a_failure_is_told(alice, logto):
    logto.has("Totp", "BackupCode").fails(UNBIND, None, 503, 503)

    answer = send(alice, REMOVAL)

    assert answer.status_code == 503
    assert "Your backup codes are removed, but" in says(answer)
    assert [each["type"] for each in logto.factors] == ["Totp"]
    assert trail() == [("backup_codes.removed", "done"), ("authenticator.removed", "unknown")]


def test_the_last_one_stays_where_the_tenant_asks_everybody(alice, logto):
    logto.has("Totp", "BackupCode").wants("Mandatory")
    shown = logto.factor("Totp")["id"]
    page = alice.get(REMOVAL)
    assert "This service asks everybody for a second step" in says(page)
    assert html(page).find("main").find("form") is None

    answer = alice.post(REMOVAL, {"shown": shown})

    assert answer.status_code == 422
    assert len(logto.factors) == 2
    assert trail() == [("authenticator.removed", "refused")]


@pytest.mark.parametrize(
    ("others", "offered"),
    [
        (["WebAuthn"], ["Totp", "WebAuthn"]),
        ([], ["Totp", "EmailVerificationCode"]),
        ([], ["WebAuthn"]),  # nobody is asked for the app any more
    ],
)
def test_one_that_is_not_the_last_can_go(alice, logto, others, offered):
    logto.has("Totp", *others).wants("Mandatory", *offered)

    assert send(alice, REMOVAL).status_code == 303


@pytest.mark.parametrize(
    ("others", "offered"),
    [
        (["WebAuthn"], ["Totp"]),  # a passkey that nobody asks for
        ([], ["Totp", "PhoneVerificationCode"]),  # she has no phone
        (["BackupCode"], ["Totp", "BackupCode"]),
    ],
)
def test_what_can_not_be_asked_for_does_not_count(alice, logto, others, offered):
    logto.has("Totp", *others).wants("Mandatory", *offered)

    assert alice.post(REMOVAL, {"shown": logto.factor("Totp")["id"]}).status_code == 422


def test_one_that_was_replaced_meanwhile_is_not_removed_unseen(alice, logto):
    logto.has("Totp")
    shown = logto.factor("Totp")["id"]
    logto.factors = [factor("Totp")]

    answer = alice.post(REMOVAL, {"shown": shown})

    assert "removed or replaced elsewhere" in says(answer)
    assert len(logto.factors) == 1


def test_what_the_tenant_fixes_meanwhile_is_not_removed(alice, logto):
    logto.has("Totp").lets(mfa="ReadOnly")

    answer = alice.post(REMOVAL, {"shown": logto.factor("Totp")["id"]})

    assert "can’t be changed here any more" in says(answer)
    assert logto.writes == []
    assert trail() == [("authenticator.removed", "refused")]


@pytest.mark.parametrize("removes", [False, True])
def test_while_another_page_is_at_it_nothing_happens(alice, logto, removes):
    if removes:
        logto.has("Totp")
    path = f"{PATH}removal/" if removes else PATH
    key = "" if removes else secret(alice.get(path))
    fields = {} if removes else {"code": pyotp.TOTP(key).now()}

    with turns.alone(f"factors:{ALICE}"):
        answer = send(alice, path, **fields)

    assert "Another page or device is changing this" in says(answer)
    assert logto.writes == []


def test_this_page_removes_nothing_else(alice, logto):
    logto.has("Totp", "WebAuthn")

    answer = alice.post(REMOVAL, {"shown": logto.factor("WebAuthn")["id"]})

    assert answer.status_code == 422
    assert logto.writes == []


def test_where_there_is_none_there_is_nothing_to_remove(alice, logto):
    assert alice.get(REMOVAL).status_code == 404


def test_an_answer_that_was_lost_may_be_sent_again(alice, logto):
    logto.has("Totp").fails(UNBIND, "lost")

    assert send(alice, REMOVAL).status_code == 503
    assert trail() == [("authenticator.removed", "unknown")]


def test_removing_takes_two_round_trips_and_one_more_for_the_codes(alice, logto):
    logto.has("Totp", "BackupCode")
    alice.get("/security/")
    named = logto.factor("Totp")["id"]
    logto.slows()

    alice.post(REMOVAL, {"shown": named})

    assert logto.round_trips == 3


# What these tests do again and again


def secret_in(answer):
    return html(answer).find(id="setup-key").text.replace(" ", "")


def fingerprint(client):
    """What the form names the secret by."""
    return html(client.get(PATH)).find("input", {"name": "secret"})["value"]


def pyotp_now(client):
    return pyotp.TOTP(secret(client.get(PATH))).now()


def proofs_again(client):
    session = client.session
    proofs.note(session)
    session.save()


def forget_that_it_was_proved(client):
    session = client.session
    session["authenticator"] |= {"is_proved": False}
    session.save()
