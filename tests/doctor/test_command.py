"""`manage.py doctor`: lines for people, JSON for programs, and nothing secret for anybody."""

import io
import json
import re
from contextlib import redirect_stderr
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from accountsite.doctor import catalogue
from tests.doctor.conftest import change

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.demo]

SECRETS = {
    "SECRET_KEY": "kx93jfQ0dLw7TzPq1mVbR4nYcE8sHuGa2oIi6tXeZrKv5yDf",
    "LOGTO_APP_SECRET": "kx93-app-W2fQ0dLw7TzPq1mVbR4nYcE8s",
    "LOGTO_M2M_APP_SECRET": "kx93-m2m-W2fQ0dLw7TzPq1mVbR4nYcE8s",
}
DATABASE, REDIS, MAIL = "kx93-database", "kx93-redis", "kx93-mail"


def doctor(*arguments: str, **options: Any) -> tuple[int, str]:
    """The exit status, and all that was written."""
    out, status = io.StringIO(), 0
    with redirect_stderr(out):
        try:
            call_command("doctor", *arguments, stdout=out, stderr=out, **options)
        except SystemExit as end:
            status = int(end.code or 0)
    return status, out.getvalue()


def test_it_writes_a_line_for_each_finding_by_group_and_counts_them(healthy):
    status, text = doctor()

    assert status == 0
    assert text.startswith("Logto\n  ok       endpoint")
    assert len(re.findall(r"^  ok ", text, re.MULTILINE)) == len(catalogue.CHECKS) + 5
    assert text.endswith(f"\n{len(catalogue.CHECKS) + 5} ok\n")
    assert "\x1b" not in text


def test_an_error_is_a_status_of_its_own(healthy, settings):
    settings.WEBHOOK_SECRETS = ["x9Kq2LmZ7RtB4vNc8YwPd3HsJf6TgAe1"]

    status, text = doctor("--only", "webhook-key")

    assert status == 1
    assert re.search(r"^  error    webhook-key .* Set LOGTO_WEBHOOK_SECRET to", text, re.MULTILINE)
    assert text.endswith("1 error\n")


def test_a_warning_counts_only_when_asked_for(healthy, settings):
    settings.ACCOUNTSITE_HELPER_ROLE = "nurses"

    assert doctor("--only", "roles")[0] == 0
    assert doctor("--only", "roles", "--strict")[0] == 2


def test_programs_get_json(healthy, settings):
    settings.ACCOUNTSITE_HELPER_ROLE = "nurses"

    status, text = doctor("--json", "--only", "roles", "https")
    told = json.loads(text)

    assert status == 0
    assert told["is_ok"] is True
    assert told["counts"] == {"ok": 1, "warning": 1, "error": 0, "skipped": 0}
    assert [(one["check"], one["group"], one["level"]) for one in told["findings"]] == [
        ("roles", "access", "warning"),
        ("https", "site", "ok"),
    ]
    assert told["findings"][0]["mend"].endswith(".")


def test_a_group_can_be_named(healthy):
    _status, text = doctor("--only", "machine")

    assert text.startswith("What the site runs on\n")
    assert "endpoint" not in text


def test_a_name_that_is_none_is_refused_with_those_there_are():
    with pytest.raises(CommandError, match=r"no check 'everything'.*endpoint"):
        call_command("doctor", "--only", "everything")


def test_a_mail_goes_to_an_address_alone(healthy):
    with pytest.raises(CommandError, match="email address"):
        call_command("doctor", "--mail", "nowhere")

    assert doctor("--only", "mail", "--mail", "ops@example.com")[0] == 0
    assert mail.outbox[0].to == ["ops@example.com"]


def test_what_admins_named_oddly_stays_on_its_line(healthy, wire):
    evil = "A\n  ok       endpoint \x1b[31m\u202e"
    every = healthy.management("GET", "/connectors").json()
    every[0]["metadata"] = {"name": {"en": evil}}
    wire.get(f"{healthy.endpoint}/api/connectors", json=every)

    _status, text = doctor("--only", "connectors")

    assert len(text.splitlines()) == 1 + 5 + 2
    assert not set(text) & set("\x1b\u202e")


# Secrets


@pytest.fixture
def planted(healthy, settings):
    """Secrets that can be told from anything else."""
    known = [
        settings.LOGTO_APP_SECRET,
        settings.LOGTO_M2M_APP_SECRET,
        *settings.WEBHOOK_SECRETS,
    ]
    for name, value in SECRETS.items():
        if name == "SECRET_KEY":
            setattr(settings, name, value)
    settings.SECRET_KEY_FALLBACKS = ["kx93-retired-W2fQ0dLw7TzPq1mVbR4nYc"]
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    server = {"host": "localhost", "port": 9, "username": "site", "password": MAIL}
    settings.MAILERS = {"default": {"BACKEND": smtp, "OPTIONS": server}}
    settings.REDIS_URL = f"redis://:{REDIS}@localhost:9/0"
    settings.CACHES = {
        "default": {"BACKEND": "accountsite.caches.Shared", "LOCATION": settings.REDIS_URL}
    }
    return known


def leaks(text: str, planted: list[str]) -> list[str]:
    secrets = [*planted, *SECRETS.values(), DATABASE, REDIS, MAIL, "kx93"]
    return [secret for secret in secrets if secret in text]


@pytest.mark.parametrize("arguments", [(), ("--json",), ("--verbosity", "2")])
def test_no_secret_is_written(planted, arguments, caplog):
    status, text = doctor(*arguments)

    assert status == 1, "Redis and the mail server are not there"
    assert leaks(text + caplog.text, planted) == []


@pytest.mark.parametrize("trouble", ["refused", "down", "wrong"])
def test_no_secret_is_written_when_everything_fails(
    planted, healthy, settings, trouble, caplog, wire
):
    if trouble == "refused":
        settings.LOGTO_APP_SECRET = SECRETS["LOGTO_APP_SECRET"]
        settings.LOGTO_M2M_APP_SECRET = SECRETS["LOGTO_M2M_APP_SECRET"]
        settings.WEBHOOK_SECRETS = ["kx93-webhook-W2fQ0dLw7TzPq1mVbR4nYc"]
    elif trouble == "down":
        healthy.faults.everywhere(down=True)
    else:
        # Something that repeats what it was sent.
        for path in ("/api/roles", "/oidc/token"):
            wire.add_callback("GET", f"{healthy.endpoint}{path}", callback=_repeat)
            wire.add_callback("POST", f"{healthy.endpoint}{path}", callback=_repeat)

    for arguments in ((), ("--json",)):
        status, text = doctor(*arguments)
        assert status == 1
        assert leaks(text + caplog.text, planted) == []


def test_the_tenants_own_secrets_are_not_written_either(healthy):
    change(healthy, "/hooks/" + healthy.management("GET", "/hooks").json()[0]["id"], name="hook")
    secrets = [
        one["config"].get("clientSecret", "")
        for one in healthy.management("GET", "/connectors").json()
    ]
    _status, text = doctor("--json")

    assert [secret for secret in secrets if secret and secret in text] == []


def _repeat(request: Any) -> tuple[int, dict[str, str], str]:
    said = f"{request.headers} {request.body}"
    return 400, {}, json.dumps({"code": "entity.not_found", "message": said, "data": said})
