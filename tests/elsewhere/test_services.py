"""Signing out everywhere else."""

from typing import Any

import pytest
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.elsewhere import services as elsewhere
from accountsite.logto import errors
from accountsite.signin.models import EndReason, Session
from tests.conftest import ALICE
from tests.elsewhere.conftest import SID, Logto, session
from tests.logto import answers

pytestmark = pytest.mark.django_db(transaction=True)


def sign_out(sid: str | None = SID, *, session_key: str | None = None) -> AuditEvent:
    found = elsewhere.find(ALICE, sid=sid)
    return elsewhere.sign_out(found, session_key=session_key)


def trail() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", "outcome"))


def test_every_other_session_ends_with_all_its_grants(logto: Logto) -> None:
    logto.sessions += [session("phone"), session("library", app="another-app", sid=SID)]

    sign_out()

    assert sorted(logto.ended) == [
        ("library", "revokeGrantsTarget=all"),
        ("phone", "revokeGrantsTarget=all"),
    ]


def test_without_a_sid_no_session_is_taken_for_this_one(logto: Logto) -> None:
    logto.sessions = [session("here", sid=""), session("phone")]

    sign_out(sid=None)

    assert {name for name, _query in logto.ended} == {"here", "phone"}


def test_a_grant_of_the_tenants_own_apps_ends_if_it_outlived_its_session(logto: Logto) -> None:
    logto.sessions += [session("phone", grant="grant-of-phone")]
    logto.grants = [answers.grant(id=name) for name in ("grant-of-here", "grant-of-phone", "old")]

    sign_out()

    assert logto.asked == ["firstParty"]
    assert sorted(name for name, _query in logto.ended) == ["old", "phone"]


def test_sessions_on_this_site_end_too_but_this_one(
    logto: Logto, alice: Client, sign_in: Any
) -> None:
    other_browser, bob = sign_in(Client(), sid="sid-2"), sign_in(Client(), id="bob", sid="sid-3")

    sign_out(session_key=alice.session.session_key)

    assert [client.session.get("account") is None for client in (alice, other_browser, bob)] == [
        False,
        True,
        False,
    ]
    assert set(Session.objects.exclude(ended_at=None).values_list("end_reason", flat=True)) == {
        EndReason.ENDED_ELSEWHERE
    }


def test_it_stands_in_the_trail_with_how_many_there_were(logto: Logto) -> None:
    logto.sessions += [session("phone"), session("library")]

    event = sign_out()

    assert trail() == [("sessions.ended", "done")]
    assert (event.account_id, event.changes) == (ALICE, {"sessions": ["2", None]})


def test_nobody_elsewhere_is_no_failure(logto: Logto) -> None:
    sign_out()

    assert logto.ended == []
    assert trail() == [("sessions.ended", "done")]


@pytest.mark.parametrize(
    ("name", "code"), [("phone", "oidc.session_not_found"), ("old", "oidc.invalid_grant")]
)
def test_what_ended_meanwhile_is_no_failure(logto: Logto, name: str, code: str) -> None:
    logto.sessions += [session("phone")]
    logto.grants = [answers.grant(id="old")]
    logto.fails(name, 404, code)

    sign_out()

    assert len(logto.ended) == 2
    assert trail() == [("sessions.ended", "done")]


@pytest.mark.parametrize("status", [403, 429, 503])
def test_one_that_can_t_be_ended_keeps_no_other_alive(
    logto: Logto, alice: Client, sign_in: Any, status: int
) -> None:
    other_browser = sign_in(Client(), sid="sid-2")
    logto.sessions += [session("phone"), session("library")]
    logto.fails("phone", status, "no.reason")

    with pytest.raises(errors.Unavailable, match="1 of 2"):
        sign_out(session_key=alice.session.session_key)

    assert {name for name, _query in logto.ended} == {"phone", "library"}
    assert other_browser.session.get("account") is None
    assert trail() == [("sessions.ended", "unknown")]


@pytest.mark.parametrize("name", ["sessions", "grants"])
def test_without_a_look_nothing_is_begun(logto: Logto, name: str) -> None:
    logto.fails(name)

    with pytest.raises(errors.Unavailable):
        sign_out()

    assert (logto.ended, trail()) == ([], [])
