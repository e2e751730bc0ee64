"""Backup codes: made here, shown once, and good until they are used."""

import re
from urllib.parse import unquote

import pytest
from django.core.cache import cache

from accountsite.audit.models import AuditEvent
from accountsite.limits import turns
from accountsite.signin.models import Session
from tests.conftest import ALICE, HTMX
from tests.security.conftest import html, letters, messages, says, send, trail
from tests.security.logto import factor

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/security/backup-codes/"
REMOVAL = f"{PATH}removal/"
BIND = "POST mfa-verifications"
UNBIND = "DELETE mfa-verifications"


@pytest.fixture
def logto(logto):
    return logto.has("Totp")


def shown(response):
    return tuple(code.text for code in html(response).find_all("code"))


def kept(logto):
    """The codes that work, as far as Logto knows."""
    found = logto.factor("BackupCode")
    return tuple(found["codes"]) if found and "codes" in found else None


def test_it_tells_before_what_it_means(alice, logto):
    assert "They are shown once" in says(alice.get(PATH))
    logto.has("BackupCode", left=2)

    assert "none of the old ones works" in says(alice.get(PATH))
    assert logto.writes == []


def test_ten_codes_that_nobody_can_guess_are_shown_and_work(alice, logto):
    answer = send(alice, PATH)

    assert answer.status_code == 200
    codes = shown(answer)
    assert codes == kept(logto)
    assert len(set(codes)) == 10
    assert all(re.fullmatch("[0-9a-f]{10}", code) for code in codes)
    assert trail() == [("backup_codes.generated", "done")]
    assert letters() == ["New backup codes were made for your account"]


def test_they_are_in_this_answer_and_nowhere_else(alice, logto):
    answer = send(alice, PATH)

    codes = shown(answer)
    assert answer["Cache-Control"] == "no-store"
    everything = alice.get(PATH).text + alice.get("/security/").text
    everything += repr(list(AuditEvent.objects.values())) + repr(dict(alice.session))
    everything += repr([bytes(row.payload) for row in Session.objects.all()])
    assert not any(code in everything for code in codes)


def test_they_can_be_saved_without_a_script(alice, logto):
    answer = send(alice, PATH)

    link = html(answer).find("a", download=True)
    kind, _comma, text = unquote(link["href"]).partition(",")
    assert kind == "data:text/plain;charset=utf-8"
    assert text.splitlines() == ["Backup codes of alice at localhost", "", *shown(answer)]
    assert link["download"] == "backup-codes.txt"


def test_they_can_be_copied_and_printed_where_scripts_run(alice, logto):
    page = html(send(alice, PATH))

    copy = page.find("button", {"data-copies": "backup-codes"})
    assert copy.has_attr("hidden")
    assert len(page.find(id="backup-codes").find_all("code")) == 10
    assert page.find("button", {"data-prints": True}).has_attr("hidden")


def test_with_htmx_they_stand_in_the_place_of_the_row(alice, logto):
    answer = send(alice, PATH, htmx=True)

    assert "<html" not in answer.text
    assert shown(answer) == kept(logto)


def test_new_ones_end_the_old_ones(alice, logto):
    old = shown(send(alice, PATH))

    new = shown(send(alice, PATH))

    assert not set(old) & set(new)
    assert new == kept(logto)


def test_without_another_factor_there_are_none(alice, logto):
    logto.factors = []
    assert alice.get(PATH).status_code == 404

    answer = alice.post(PATH, {"shown": ""})

    assert "stand in for another second step" in says(answer)
    assert logto.writes == []


def test_what_the_tenant_does_not_offer_any_more_is_not_made(alice, logto):
    logto.wants("NoPrompt", "Totp")

    assert alice.get(PATH).status_code == 404
    assert "does not use backup codes" in says(alice.post(PATH, {"shown": ""}))


def test_what_the_tenant_fixes_is_not_made(alice, logto):
    alice.get(PATH)
    logto.lets(mfa="ReadOnly")
    cache.clear()

    assert "can’t be changed here" in says(alice.post(PATH, {"shown": ""}))
    assert logto.writes == []


def test_it_takes_two_round_trips_and_one_more_to_replace_some(alice, logto):
    alice.get("/security/")
    logto.slows()
    alice.post(PATH, {"shown": ""})
    assert logto.round_trips == 2
    named = logto.factor("BackupCode")["id"]
    logto.slows()

    alice.post(PATH, {"shown": named})

    assert logto.round_trips == 3


# Two at once


def test_a_form_that_is_sent_twice_does_not_end_the_codes_that_were_shown(alice, logto):
    first = alice.post(PATH, {"shown": ""})

    second = alice.post(PATH, {"shown": ""})

    assert second.status_code == 422
    assert "New backup codes were made meanwhile" in says(second)
    assert kept(logto) == shown(first)
    assert trail()[-1] == ("backup_codes.generated", "refused")


def test_the_second_one_may_go_on_in_sight_of_that(alice, logto):
    alice.post(PATH, {"shown": ""})
    told = html(alice.post(PATH, {"shown": ""}))
    named = told.find("input", {"name": "shown"})["value"]

    assert shown(alice.post(PATH, {"shown": named})) == kept(logto)


def test_while_another_one_is_at_it_nothing_is_made(alice, logto):
    with turns.alone(f"factors:{ALICE}"):
        answer = alice.post(PATH, {"shown": ""})

    assert "Another page or device is changing this" in says(answer)
    assert logto.writes == []


def test_codes_from_another_app_in_the_same_moment_stay(alice, logto):
    logto.fails(BIND, (422, "user.backup_code_already_in_use"))

    answer = alice.post(PATH, {"shown": ""})

    assert "made elsewhere meanwhile" in says(answer)
    assert trail() == [("backup_codes.generated", "refused")]


def test_if_the_other_factor_goes_in_the_same_moment_that_is_told(alice, logto):
    logto.fails(BIND, (422, "session.mfa.backup_code_can_not_be_alone"))

    assert "stand in for another second step" in says(alice.post(PATH, {"shown": ""}))


# Outages


@pytest.mark.parametrize("how", [[503], ["lost"], [503, 503], ["lost", 503]])
def test_lost_answers_are_made_good(alice, logto, how):
    logto.has("BackupCode").fails(UNBIND, *how)
    logto.fails(BIND, *how)

    answer = send(alice, PATH)

    assert shown(answer) == kept(logto)
    assert len(logto.codes_known) == 1
    assert trail() == [("backup_codes.generated", "done")]


def test_while_the_old_ones_cant_be_removed_none_are_made(alice, logto):
    logto.has("BackupCode").fails(UNBIND, 503, 503, 503)

    answer = send(alice, PATH)

    assert answer.status_code == 503
    assert shown(answer) == ()
    assert logto.factor("BackupCode")
    assert trail() == [("backup_codes.generated", "unknown")]


def test_who_is_left_without_is_told_so_by_mail_too_and_can_go_on(alice, logto):
    logto.has("BackupCode").fails(BIND, 503, 503, 503)

    answer = send(alice, PATH)

    assert answer.status_code == 503
    assert "You have none now" in says(answer)
    assert shown(answer) == ()
    assert trail() == [("backup_codes.generated", "unknown")]
    assert letters() == ["New backup codes: uncertain whether it worked"]
    assert shown(send(alice, PATH)) == kept(logto)


def test_before_logto_was_reached_nothing_happened(alice, logto):
    logto.fails("GET mfa-verifications", 503, 503)

    assert alice.post(PATH, {"shown": ""}).status_code == 503
    assert (logto.writes, trail()) == ([], [])


# Removing


def test_they_are_removed_told_audited_and_mailed(alice, logto):
    logto.has("BackupCode")

    answer = send(alice, REMOVAL)

    assert answer["Location"] == "/security/"
    assert [each["type"] for each in logto.factors] == ["Totp"]
    assert "Backup codes removed." in messages(alice)
    assert trail() == [("backup_codes.removed", "done")]
    assert letters() == ["Your backup codes were removed"]


def test_they_can_go_where_the_tenant_asks_everybody_for_a_second_step(alice, logto):
    logto.has("BackupCode").wants("Mandatory")

    assert send(alice, REMOVAL).status_code == 303


def test_those_that_stand_alone_can_be_removed(alice, logto):
    logto.factors = [factor("BackupCode")]

    assert send(alice, REMOVAL).status_code == 303
    assert logto.factors == []


def test_removing_asks_first_and_in_place(alice, logto):
    logto.has("BackupCode")

    part = alice.get(REMOVAL, headers=HTMX).text

    assert 'id="row-backup-codes"' in part
    assert logto.writes == []
