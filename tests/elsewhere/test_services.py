"""Signing out everywhere else."""

import pytest
from django.core import mail

from accountsite.audit.models import AuditEvent
from accountsite.elsewhere import services as elsewhere
from accountsite.elsewhere.services import SignedOut
from accountsite.logto import errors
from accountsite.signin import guards
from tests.conftest import ALICE, API
from tests.elsewhere.conftest import SID, Logto, session
from tests.logto import answers
from tests.signin.conftest import user

pytestmark = pytest.mark.django_db(transaction=True)


def sign_out(sid: str | None = SID) -> SignedOut:
    return elsewhere.sign_out(ALICE, elsewhere.others(ALICE, sid=sid))


def trail() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", "outcome"))


def test_every_other_session_ends_with_all_its_grants(logto: Logto) -> None:
    logto.sessions += [session("phone"), session("library", app="another-app", sid=SID)]

    done = sign_out()

    assert sorted(logto.ended) == [
        ("library", "revokeGrantsTarget=all"),
        ("phone", "revokeGrantsTarget=all"),
    ]
    assert (done.ended, done.total, done.is_complete, done.is_this_known) == (2, 2, True, True)


@pytest.mark.parametrize("sid", [None, "sid-of-nobody"])
def test_where_this_session_is_not_known_it_ends_with_the_others(
    logto: Logto, sid: str | None
) -> None:
    logto.sessions += [session("phone")]

    done = sign_out(sid)

    assert {name for name, _query in logto.ended} == {"here", "phone"}
    assert not done.is_this_known


def test_a_grant_of_the_tenants_own_apps_ends_if_it_outlived_its_session(logto: Logto) -> None:
    logto.sessions += [session("phone", grant="grant-of-phone")]
    logto.grants = [answers.grant(id=name) for name in ("grant-of-here", "grant-of-phone", "old")]

    done = sign_out()

    assert logto.asked == ["firstParty"]
    assert sorted(name for name, _query in logto.ended) == ["old", "phone"]
    assert done.total == 2


def test_it_stands_in_the_trail_with_how_many_there_were(logto: Logto) -> None:
    logto.sessions += [session("phone"), session("library")]

    event = sign_out().event

    assert trail() == [("sessions.ended", "done")]
    assert event is not None
    assert (event.account_id, event.changes) == (ALICE, {"sessions": ["2", None]})


def test_nobody_elsewhere_is_nothing_to_end(logto: Logto) -> None:
    done = sign_out()

    assert (done.is_complete, done.event) == (True, None)
    assert (logto.ended, trail()) == ([], [])


@pytest.mark.parametrize(
    ("name", "code"), [("phone", "oidc.session_not_found"), ("old", "oidc.invalid_grant")]
)
def test_what_ended_meanwhile_has_ended(logto: Logto, name: str, code: str) -> None:
    logto.sessions += [session("phone")]
    logto.grants = [answers.grant(id="old")]
    logto.fails(name, 404, code)

    assert sign_out().is_complete
    assert trail() == [("sessions.ended", "done")]


@pytest.mark.parametrize("status", [403, 429, 503])
def test_one_that_can_t_be_ended_keeps_no_other_alive_and_is_told(
    logto: Logto, status: int
) -> None:
    logto.sessions += [session("phone"), session("library")]
    logto.fails("phone", status, "no.reason")

    done = sign_out()

    assert {name for name, _query in logto.ended} == {"phone", "library"}
    assert (done.ended, done.total, done.is_complete) == (1, 2, False)
    assert trail() == [("sessions.ended", "unknown")]


def test_one_that_fails_once_is_tried_again(logto: Logto) -> None:
    logto.sessions += [session("phone"), session("library")]
    logto.fails("phone", once=True)

    assert sign_out().is_complete
    assert sorted(name for name, _query in logto.ended) == ["library", "phone", "phone"]
    assert trail() == [("sessions.ended", "done")]


@pytest.mark.parametrize("name", ["sessions", "grants"])
def test_without_a_look_nothing_is_begun(logto: Logto, name: str) -> None:
    logto.fails(name)

    with pytest.raises(errors.Unavailable):
        sign_out()

    assert (logto.ended, trail()) == ([], [])


def test_it_can_look_end_all_of_it_and_tell_by_mail_in_one_go(logto: Logto) -> None:
    logto.sessions += [session("phone")]
    logto.wire.get(f"{API}/users/{ALICE}", json=user())

    done = elsewhere.sign_out_and_tell(ALICE, sid=SID)

    assert done.is_complete
    assert [letter.to for letter in mail.outbox] == [["alice@example.com"]]
    assert trail() == [("sessions.ended", "done")]


def test_who_asked_is_told_even_where_nobody_was_elsewhere(logto: Logto) -> None:
    logto.wire.get(f"{API}/users/{ALICE}", json=user())

    elsewhere.sign_out_and_tell(ALICE, sid=SID)

    assert len(mail.outbox) == 1
    assert trail() == [("sessions.ended", "done")]


def test_nothing_is_ended_for_who_is_suspended(logto: Logto) -> None:
    logto.sessions += [session("phone")]
    logto.wire.get(f"{API}/users/{ALICE}", json=user(isSuspended=True))

    with pytest.raises(guards.AccountEnded):
        elsewhere.sign_out_and_tell(ALICE, sid=SID)

    assert (logto.ended, trail(), mail.outbox) == ([], [], [])
