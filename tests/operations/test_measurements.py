"""What is told of what happens, and where: metrics, logs and traces are made of it."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.conf import settings
from django.forms import Form
from django.test import Client

from accountsite import measurements, pages
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.logto import errors, users
from accountsite.notices import delivery
from accountsite.refusals import Refusal
from accountsite.security import passwords
from tests.conftest import ALICE, API

KINDS = [
    *(measurements.LogtoCall, measurements.LogtoRetry, measurements.SignIn, measurements.Page),
    *(measurements.SessionsEnded, measurements.Refused, measurements.LimitHit),
    *(measurements.Change, measurements.Mail, measurements.Webhook, measurements.Job),
]
Told = Callable[[type], list[Any]]


@pytest.fixture
def told() -> Iterator[Told]:
    """What was told so far, of one kind."""
    heard: list[object] = []
    for kind in KINDS:
        measurements.listen(kind, heard.append)
    yield lambda kind: [told for told in heard if isinstance(told, kind)]
    for kind in KINDS:
        measurements.forget(kind, heard.append)


def test_a_call_of_logto_is_told_without_the_ids_in_its_path(wire: Any, told: Told) -> None:
    wire.get(f"{API}/users/alice0000001", status=404, json={"code": "entity.x", "message": "no"})

    with pytest.raises(errors.NotFound):
        users.get("alice0000001")

    token, call = told(measurements.LogtoCall)
    assert (token.method, token.endpoint, token.outcome) == ("POST", "/oidc/token", "ok")
    assert (call.method, call.endpoint, call.outcome) == ("GET", "/api/users/{}", "refused")
    assert 0 < call.seconds < 5


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(403, "unauthorized"), (429, "limited"), (500, "unavailable"), (400, "refused")],
)
def test_how_a_call_ended_is_told_in_few_words(
    wire: Any, told: Told, status: int, outcome: str
) -> None:
    wire.get(f"{API}/users/a", status=status, json={"code": "x.y", "message": "no"})

    with pytest.raises(errors.LogtoError):
        users.get("a")

    assert [call.outcome for call in told(measurements.LogtoCall)] == ["ok", outcome]
    assert outcome in measurements.OUTCOMES


def test_what_this_logto_does_not_have_is_no_outage(wire: Any, told: Told) -> None:
    wire.get(f"{API}/users/a", status=404, body="Not Found")

    with pytest.raises(errors.NotOffered):
        users.get("a")

    assert [call.outcome for call in told(measurements.LogtoCall)] == ["ok", "absent"]
    assert "absent" in measurements.OUTCOMES


def test_a_call_with_a_new_token_is_a_retry(wire: Any, told: Told) -> None:
    wire.get(f"{API}/users/a", status=401, json={"code": "auth.unauthorized", "message": "no"})

    with pytest.raises(errors.Unauthorized):
        users.get("a")

    assert told(measurements.LogtoRetry) == [
        measurements.LogtoRetry(method="GET", endpoint="/api/users/{}", reason="token")
    ]
    assert [call.outcome for call in told(measurements.LogtoCall)] == [
        *("ok", "unauthorized"),
        *("ok", "unauthorized"),
    ]


def test_a_failed_answer_that_is_asked_for_again_is_a_retry(
    fresh_tenant: Any, told: Told, settings: Any
) -> None:
    settings.LOGTO_ENDPOINT = fresh_tenant.endpoint
    settings.LOGTO_M2M_APP_ID = fresh_tenant.m2m_client_id
    settings.LOGTO_M2M_APP_SECRET = fresh_tenant.m2m_client_secret
    fresh_tenant.faults.add(path="/api/users", method="GET", status=503, times=1)

    users.search()

    assert [(retry.endpoint, retry.reason) for retry in told(measurements.LogtoRetry)] == [
        ("/api/users", "status")
    ]


def test_the_tenants_openid_connect_is_measured_too(
    client: Client, wire: Any, told: Told, db: None
) -> None:
    wire.get(f"{settings.LOGTO_ENDPOINT}/oidc/.well-known/openid-configuration", status=503)

    response = client.get("/sign-in/", headers={"x-request-id": "support-1234"})

    call = told(measurements.LogtoCall)[0]
    assert call.endpoint == "/oidc/.well-known/openid-configuration"
    assert call.outcome == "unavailable"
    assert wire.calls[0].request.headers["X-Request-ID"] == response["X-Request-ID"]


def test_a_connection_that_is_never_made_is_told(wire: Any, told: Told) -> None:
    wire.get(f"{API}/users/a", body=requests.ConnectTimeout())

    with pytest.raises(errors.Unavailable):
        users.get("a")

    assert told(measurements.LogtoCall)[1].outcome == "unavailable"


def test_a_refusal_is_told_by_its_section_and_class_when_it_is_answered(told: Told) -> None:
    form = Form({})

    with pages.told_in(form):
        raise passwords.UnableToChange("It can’t be changed.")
    pages.refuse(form, Refusal("No."))

    assert form.non_field_errors() == ["It can’t be changed.", "No."]
    assert [refused.kind for refused in told(measurements.Refused)] == [
        "security.UnableToChange",
        "refusals.Refusal",
    ]


def test_a_refusal_that_is_only_looked_at_is_none(told: Told) -> None:
    objection = str(passwords.UnableToChange("It couldn’t be changed."))

    assert objection == "It couldn’t be changed."
    assert told(measurements.Refused) == []


def test_every_answer_with_a_refusal_is_told_of() -> None:
    # Services say in `objection` what could not be done; what the words of others say is no refusal.
    answers = [
        path
        for pattern in (
            "views*.py",
            "*_views.py",
            "views/*.py",
            "forms.py",
            "errors.py",
            "pages.py",
        )
        for path in (settings.BASE_DIR / "accountsite").glob(f"**/{pattern}")
        if {"demo", "logto", "signin"}.isdisjoint(path.parts)
    ]

    quoting = {
        path.name for path in answers if re.search(r"str\((refusal|ended)\)", path.read_text())
    }

    assert len(answers) > 40
    # What profile/forms.py and connections/link_views.py quote is no answer yet, or no Refusal.
    assert quoting == {"forms.py", "link_views.py"}


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_told_of_when_it_is_queued_and_when_it_is_sent(told: Told) -> None:
    event = trail.record(Action.EMAIL_CHANGED, ALICE)

    delivery.announce(event, "alice@example.com", "old@example.com", None)
    delivery.announce(event, "alice@example.com")

    outcomes = [mail.outcome for mail in told(measurements.Mail)]
    assert sorted(outcomes) == ["queued", "queued", "sent", "sent"]


def test_a_listener_that_fails_breaks_nothing(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    def fails(_measurement: object) -> None:
        raise RuntimeError("full")

    measurements.listen(measurements.Mail, fails)

    measurements.tell(measurements.Mail(outcome="sent"))

    measurements.forget(measurements.Mail, fails)
    assert "a measurement was lost: Mail" in caplog.text


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (measurements.OUTCOMES, "logto/transport.py"),
        (measurements.REASONS, "logto/*.py"),
        (measurements.SIGN_INS, "signin/*.py"),
        (measurements.MAILS, "notices/delivery.py"),
        (measurements.WEBHOOKS, "webhooks/*.py"),
    ],
)
def test_each_word_is_said_by_somebody(words: tuple[str, ...], where: str) -> None:
    said = {
        node.value
        for path in (settings.BASE_DIR / "accountsite").glob(where)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
    }

    assert set(words) - said == set()
