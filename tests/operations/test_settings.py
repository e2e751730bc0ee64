"""Starting the site: what it wants to know, and what it says if it is not told."""

import os
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

FILE = settings.BASE_DIR / "accountsite" / "settings.py"
NEEDED = {
    "SITE_URL": "https://account.example.com",
    "SECRET_KEY": "only-for-tests-0123456789abcdefghijkl",
    "LOGTO_ENDPOINT": "https://auth.example.com",
    "LOGTO_APP_ID": "app",
    "LOGTO_APP_SECRET": "app-secret",
    "LOGTO_M2M_APP_ID": "m2m",
    "LOGTO_M2M_APP_SECRET": "m2m-secret",
}
PREFIXES = ("ACCOUNTSITE_", "LOGTO_", "SITE_URL", "SECRET_KEY", "DATABASE_URL", "REDIS_URL")
Start = Callable[..., dict[str, Any]]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Start:
    """Starts with nothing but these variables; None takes one of the needed away."""

    def start(**changes: str | None) -> dict[str, Any]:
        for name in [*_ours()]:
            monkeypatch.delenv(name)
        for name, value in ({"ACCOUNTSITE_DATA": str(tmp_path)} | NEEDED | changes).items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return runpy.run_path(str(FILE))

    return start


def _ours() -> list[str]:
    return [name for name in os.environ if name.startswith(PREFIXES)]


def refusal(start: Start, **changes: str | None) -> str:
    """The line that ends a start with these variables."""
    with pytest.raises(SystemExit) as stopped:
        start(**changes)
    line = str(stopped.value.code)
    assert line.startswith("accountsite can't start. ")
    assert "\n" not in line
    return line


def test_seven_values_are_enough(start: Start) -> None:
    started = start()

    assert started["SITE_URL"] == "https://account.example.com"
    assert started["ALLOWED_HOSTS"] == ["account.example.com"]
    assert started["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_value_is_named(start: Start, name: str) -> None:
    line = refusal(start, **{name: None})

    assert f" {name} is not set: it wants " in line


@pytest.mark.parametrize("name", NEEDED)
def test_an_empty_value_is_named(start: Start, name: str) -> None:
    line = refusal(start, **{name: "  "})

    assert f" {name} is empty: it wants " in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "account.example.com"),
        ("SITE_URL", "http://account.example.com"),
        ("SITE_URL", "https://account.example.com/settings"),
        ("SITE_URL", "https://somebody@account.example.com"),
        ("SITE_URL", "https://account.example.com:99999"),
        ("SECRET_KEY", "too short"),
        ("SECRET_KEY", "a" * 60),
        ("LOGTO_ENDPOINT", "auth.example.com"),
        ("LOGTO_ENDPOINT", "http://auth.example.com"),
        ("LOGTO_ENDPOINT", "https://auth.example.com/oidc"),
        ("LOGTO_ENDPOINT", "ftp://auth.example.com"),
        ("LOGTO_MANAGEMENT_API_RESOURCE", "default"),
        ("ACCOUNTSITE_CA_BUNDLE", "/nowhere/ca.pem"),
        ("ACCOUNTSITE_CA_BUNDLE", "/"),
        ("ACCOUNTSITE_CA_BUNDLE", str(FILE)),
        ("ACCOUNTSITE_DATABASE_CONNECTIONS", "0"),
        ("DATABASE_URL", "mongodb://somewhere/else"),
        ("DATABASE_URL", "mysql://user:password@host/name"),
        ("REDIS_URL", "localhost:6379"),
        ("ACCOUNTSITE_DEMO", "perhaps"),
        ("ACCOUNTSITE_MIGRATE", "sometimes"),
        ("ACCOUNTSITE_TRUSTED_PROXIES", "all"),
        ("ACCOUNTSITE_TRUSTED_PROXIES", "-1"),
        ("ACCOUNTSITE_SESSION_IDLE_MINUTES", "0"),
        ("ACCOUNTSITE_SESSION_HOURS", "1.5"),
        ("ACCOUNTSITE_LOG_LEVEL", "LOUD"),
        ("ACCOUNTSITE_LOG_FORMAT", "xml"),
        ("ACCOUNTSITE_ADMIN_ROLE", ""),
        ("ACCOUNTSITE_HELPER_ROLE", ""),
        ("ACCOUNTSITE_VIEWER_ROLE", ""),
    ],
)
def test_a_wrong_value_is_named_with_what_it_wants(start: Start, name: str, value: str) -> None:
    line = refusal(start, **{name: value})

    assert f" {name} is " in line
    assert ": it wants " in line
    assert not value or value not in line.partition("it wants")[0]


@pytest.mark.parametrize("name", ["LOGTO_APP_ID", "LOGTO_M2M_APP_ID"])
def test_applications_of_the_demo_are_refused(start: Start, name: str) -> None:
    assert f" {name} is wrong: " in refusal(start, **{name: "demo-site"})


def test_http_is_for_this_machine_alone(start: Start) -> None:
    started = start(SITE_URL="http://localhost:8000", LOGTO_ENDPOINT="http://127.0.0.1:3001")

    assert not started["SESSION_COOKIE_SECURE"]
    assert not started["SECURE_SSL_REDIRECT"]


def test_https_brings_secure_cookies_and_a_proxy(start: Start) -> None:
    started = start()

    assert started["SESSION_COOKIE_NAME"] == "__Host-session"
    assert started["SESSION_COOKIE_SECURE"]
    assert started["CSRF_COOKIE_SECURE"]
    assert started["TRUSTED_PROXIES"] == 1
    assert started["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_no_proxy_is_trusted_where_none_is_expected(start: Start) -> None:
    started = start(SITE_URL="http://localhost:8000")

    assert started["TRUSTED_PROXIES"] == 0
    assert started["SECURE_PROXY_SSL_HEADER"] is None


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "LOGTO_APP_SECRET", "LOGTO_M2M_APP_SECRET", "LOGTO_APP_ID"]
)
def test_a_value_can_come_from_a_file(start: Start, tmp_path: Path, name: str) -> None:
    file = tmp_path / "mounted"
    file.write_text("from-a-file-0123456789abcdefghijklmnop\n")

    started = start(**{name: None, f"{name}_FILE": str(file)})

    assert started[name] == "from-a-file-0123456789abcdefghijklmnop"


def test_the_addresses_of_databases_can_come_from_files(start: Start, tmp_path: Path) -> None:
    database, redis = tmp_path / "database", tmp_path / "redis"
    database.write_text("postgres://accountsite:secret@db/accountsite\n")
    redis.write_text("redis://cache:6379/0\n")

    started = start(DATABASE_URL_FILE=str(database), REDIS_URL_FILE=str(redis))

    assert started["DATABASES"]["default"]["HOST"] == "db"
    assert started["CACHES"]["default"]["LOCATION"] == "redis://cache:6379/0"


def test_a_file_that_is_not_there_is_named(start: Start) -> None:
    line = refusal(start, SECRET_KEY=None, SECRET_KEY_FILE="/nowhere/secret")

    assert " SECRET_KEY can't be read from the file that SECRET_KEY_FILE names: it wants " in line


def test_no_line_repeats_a_secret(start: Start) -> None:
    assert "hunter2" not in refusal(start, SECRET_KEY="hunter2")
    assert "hunter2" not in refusal(start, DATABASE_URL="nothing://accountsite:hunter2@db/name")


def test_older_keys_still_read_what_they_sealed(start: Start) -> None:
    started = start(SECRET_KEY_FALLBACKS="first-old-key, second-old-key")

    assert started["SECRET_KEY_FALLBACKS"] == ["first-old-key", "second-old-key"]


@pytest.mark.parametrize(
    ("endpoint", "resource"),
    [
        ("https://tenant1.logto.app", "https://tenant1.logto.app/api"),
        ("https://auth.example.com", "https://default.logto.app/api"),
        ("https://logto.app.example.com", "https://default.logto.app/api"),
    ],
)
def test_the_management_api_is_worked_out(start: Start, endpoint: str, resource: str) -> None:
    assert start(LOGTO_ENDPOINT=endpoint)["LOGTO_MANAGEMENT_API_RESOURCE"] == resource


def test_a_management_api_that_is_given_wins(start: Start) -> None:
    started = start(LOGTO_MANAGEMENT_API_RESOURCE="https://tenant1.logto.app/api")

    assert started["LOGTO_MANAGEMENT_API_RESOURCE"] == "https://tenant1.logto.app/api"


def test_addresses_lose_their_last_slash(start: Start) -> None:
    started = start(SITE_URL="https://account.example.com/", LOGTO_ENDPOINT="https://a.logto.app/")

    assert started["SITE_URL"] == "https://account.example.com"
    assert started["LOGTO_ENDPOINT"] == "https://a.logto.app"


def test_static_files_can_lie_outside_the_data(start: Start, tmp_path: Path) -> None:
    assert start()["STATIC_ROOT"] == tmp_path / "static"
    assert start(ACCOUNTSITE_STATIC="/site/static")["STATIC_ROOT"] == Path("/site/static")


def test_the_demo_needs_no_values_and_stays_on_this_machine(start: Start) -> None:
    nothing = dict.fromkeys(NEEDED)

    assert start(**nothing, ACCOUNTSITE_DEMO="1")["SITE_URL"] == "http://localhost:8000"
    assert " SITE_URL is wrong: " in refusal(start, ACCOUNTSITE_DEMO="1")


def test_every_variable_is_documented() -> None:
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", FILE.read_text()))
    documented = (settings.BASE_DIR / "docs" / "settings.md").read_text()

    assert read
    assert sorted(name for name in read if f"`{name}`" not in documented) == []


def test_traces_are_wanted_where_there_is_somebody_to_take_them(start: Start) -> None:
    collector = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}

    assert start()["TRACES"] is False
    assert start(**collector)["TRACES"] is True
    assert start(**collector, OTEL_TRACES_EXPORTER="none")["TRACES"] is False


@pytest.mark.parametrize(
    "address", ["sentry", "https://sentry.example.com/7", "https://key@sentry.example.com/"]
)
def test_what_is_no_dsn_of_sentry_ends_the_start_without_being_told(
    start: Start, address: str
) -> None:
    line = refusal(start, SENTRY_DSN=address)

    assert " SENTRY_DSN is wrong: it wants the DSN of a Sentry project, such as " in line
    assert address not in line.replace("https://key@sentry.example.com/7", "")


def test_a_dsn_of_sentry_may_lie_below_a_path(start: Start) -> None:
    address = "https://key@example.com/sentry/7"

    assert start(SENTRY_DSN=address)["SENTRY_DSN"] == address


@pytest.mark.parametrize("port", ["70000", "-1", "metrics"])
def test_what_is_no_port_ends_the_start(start: Start, port: str) -> None:
    line = refusal(start, ACCOUNTSITE_METRICS_PORT=port)

    assert line.endswith(" ACCOUNTSITE_METRICS_PORT is wrong: it wants a number up to 65535.")
