"""Each line of the doctor, shown by breaking what it is about and nothing else."""

import json
import smtplib
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.core import checks, mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.tasks import TaskResultStatus
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.doctor import catalogue, echo, strength, support
from accountsite.doctor.checks import machine, webhook
from accountsite.doctor.findings import Level
from accountsite.notices.models import Notice
from accountsite.notices.models import State as MailState
from accountsite.schedule.models import Run
from accountsite.signin.models import UsedLogoutToken
from accountsite.webhooks.models import Delivery, State
from tests.doctor import broken
from tests.doctor.conftest import change

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.demo]

STRONG = "wN4kQz81LxVt-0bYsRf7Jd_pE3cUgHa9mTiX5oZq2Bv"
MANAGEMENT_API = "https://default.logto.app/api"


def test_a_healthy_site_has_nothing_but_good_lines(look):
    found = look()

    assert set(found) == set(catalogue.BY_NAME)
    assert {one.level for each in found.values() for one in each} == {Level.OK}, found


# Logto


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("http://nowhere.invalid:3301", "host name of http://nowhere.invalid:3301 is not known"),
        ("http://localhost:9", "takes no connections"),
    ],
)
def test_who_can_not_be_reached_is_told_with_the_reason(wrong, settings, wire, endpoint, words):
    wire.add_passthru("http://nowhere.invalid")
    settings.LOGTO_ENDPOINT = endpoint

    assert words in wrong("endpoint", Level.ERROR).says


def test_something_else_than_logto_is_told(wrong, healthy, wire):
    wire.get(f"{healthy.endpoint}/api/status", body="<html>", content_type="text/html")

    assert "not like Logto" in wrong("endpoint", Level.ERROR).says


def test_a_slow_logto_is_told(wrong, healthy):
    healthy.faults.add(path="/api/status", delay_ms=1100)

    assert "nearer" in wrong("endpoint", Level.WARNING).mend


def test_another_issuer_is_told_with_both_names(wrong, healthy, wire):
    document = discovery(healthy) | {"issuer": "https://auth.example.com/oidc"}
    wire.get(f"{healthy.endpoint}/oidc/.well-known/openid-configuration", json=document)

    says = wrong("issuer", Level.ERROR).says

    assert "https://auth.example.com/oidc" in says
    assert f"{healthy.endpoint}/oidc" in says


def test_an_address_elsewhere_is_told(wrong, healthy, wire):
    document = discovery(healthy) | {"token_endpoint": "http://10.0.0.7:3001/oidc/token"}
    wire.get(f"{healthy.endpoint}/oidc/.well-known/openid-configuration", json=document)

    assert "http://10.0.0.7:3001/oidc/token" in wrong("issuer", Level.ERROR).says


@pytest.mark.parametrize(
    ("ahead", "level", "words"),
    [(300, Level.ERROR, "s behind"), (-30, Level.WARNING, "s before")],
)
def test_clocks_that_are_apart_are_told(wrong, healthy, wire, ahead, level, words):
    def answer(_request: Any) -> Any:
        return 204, {"Date": format_datetime(datetime.now(UTC) + timedelta(seconds=ahead))}, ""

    wire.add_callback("GET", f"{healthy.endpoint}/api/status", callback=answer)

    assert words in wrong("clock", level).says


def test_a_logto_without_a_clock_is_told(wrong, healthy, wire):
    wire.get(f"{healthy.endpoint}/api/status", status=204)

    assert "no date" in wrong("clock", Level.WARNING).says


def test_a_logto_that_is_too_old_is_told(wrong, healthy, wire):
    path = "/api/users/accountsite-doctor/sessions"
    wire.get(f"{healthy.endpoint}{path}", status=404, body="Not Found", content_type="text/plain")

    assert "Upgrade Logto" in wrong("features", Level.WARNING).mend


# What Logto knows of this site


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("LOGTO_M2M_APP_SECRET", "wrong-8s7d6f5g4h3j2k1l0q9w", "LOGTO_M2M_APP_SECRET is not"),
        ("LOGTO_M2M_APP_ID", "nobody", "no application nobody"),
        ("LOGTO_MANAGEMENT_API_RESOURCE", "https://x.test/api", "no API https://x.test/api"),
    ],
)
def test_credentials_that_get_no_token_are_told(wrong, settings, name, value, words):
    setattr(settings, name, value)

    assert words in wrong("m2m", Level.ERROR).says


def test_an_application_of_another_kind_is_told(look, healthy, wire):
    refusal = {"code": "oidc.unauthorized_client", "message": "x"}
    wire.post(f"{healthy.endpoint}/oidc/token", json=refusal, status=400)

    found = look("m2m", "app")

    assert "gets no tokens: oidc.unauthorized_client" in found["m2m"][0].says
    assert "can sign in with the application" in found["app"][0].says


def test_a_missing_role_is_told(wrong, healthy, settings):
    settings.LOGTO_M2M_APP_ID = healthy.credentials.roleless_client_id
    settings.LOGTO_M2M_APP_SECRET = healthy.credentials.roleless_client_secret

    assert "Logto Management API access" in wrong("m2m-role", Level.ERROR).mend


def test_tokens_for_another_api_are_told(wrong, healthy, wire):
    refusal = {"code": "auth.unauthorized", "message": "x"}
    wire.get(f"{healthy.endpoint}/api/roles", json=refusal, status=401)

    assert "LOGTO_MANAGEMENT_API_RESOURCE" in wrong("m2m-role", Level.ERROR).mend


def test_a_wrong_secret_of_the_application_is_told(wrong, settings):
    settings.LOGTO_APP_SECRET = STRONG

    assert "LOGTO_APP_SECRET is not a secret" in wrong("app", Level.ERROR).says


def test_an_unknown_application_is_told_twice(look, settings):
    settings.LOGTO_APP_ID = "nobody"

    found = look("app", "app-type")

    assert [found[name][0].level for name in found] == [Level.ERROR, Level.ERROR]
    assert "no application nobody" in found["app"][0].says


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"type": "SPA"}, "not of the type"), ({"isThirdParty": True}, "third-party")],
)
def test_another_kind_of_application_is_told(wrong, healthy, wire, changes, words):
    path = f"/applications/{healthy.client_id}"
    known = healthy.management("GET", path).json()
    wire.get(f"{healthy.endpoint}/api{path}", json=known | changes)

    assert words in wrong("app-type", Level.ERROR).says


@pytest.mark.parametrize(
    ("line", "key", "value", "level"),
    [
        ("redirect-uris", "redirectUris", ["https://else.test/"], Level.ERROR),
        ("sign-out", "postLogoutRedirectUris", [], Level.ERROR),
        ("backchannel", "backchannelLogoutUri", "https://else.test/", Level.WARNING),
        ("sid", "backchannelLogoutSessionRequired", False, Level.ERROR),
    ],
)
def test_an_address_that_is_not_registered_is_told(wrong, healthy, line, key, value, level):
    path = f"/applications/{healthy.client_id}"
    metadata = healthy.management("GET", path).json()["oidcClientMetadata"]
    change(healthy, path, oidcClientMetadata=metadata | {key: value})

    assert "provision" in wrong(line, level).mend


@pytest.fixture
def at_home(healthy, settings, monkeypatch):
    """Has the site at a name of one's own network, which leads to these addresses."""
    ask = socket.getaddrinfo

    def at_home(*addresses):
        def answer(host, *args, **options):
            asked = addresses if host == "account.home.test" else [host]
            return [found for each in asked for found in ask(each, *args, **options)]

        settings.SITE_URL = "https://account.home.test"
        healthy.register_site(settings.SITE_URL)
        monkeypatch.setattr(socket, "getaddrinfo", answer)

    return at_home


@pytest.mark.parametrize("address", ["192.168.4.5", "10.0.0.5", "100.64.0.9", "fd00::5"])
def test_a_private_network_is_one_where_logto_tells_of_no_sign_out(look, at_home, address):
    at_home(address)

    [finding] = look("backchannel")["backchannel"]

    assert finding.level == Level.WARNING
    assert address in finding.says
    assert "OIDC_PROVIDER_SSRF_PROTECTION_DISABLED" in finding.mend


def test_it_does_where_it_was_made_to_which_the_last_one_shows(look, at_home):
    at_home("192.168.4.5")
    told = UsedLogoutToken.objects.create(pk="a")

    assert look("backchannel")["backchannel"][0].level == Level.OK

    UsedLogoutToken.objects.update(received_at=told.received_at - timedelta(days=31))
    assert look("backchannel")["backchannel"][0].level == Level.WARNING


@pytest.mark.parametrize("addresses", [["127.0.1.1"], ["192.168.4.5", "203.0.114.7"], []])
def test_what_a_name_means_to_this_machine_alone_says_nothing(look, at_home, addresses):
    at_home(*addresses)

    assert look("backchannel")["backchannel"][0].level == Level.OK


def test_without_redirect_uris_nobody_knows_whether_the_secret_is_good(look, healthy):
    path = f"/applications/{healthy.client_id}"
    metadata = healthy.management("GET", path).json()["oidcClientMetadata"]
    change(healthy, path, oidcClientMetadata=metadata | {"redirectUris": []})

    found = look("access")

    assert found["app"][0].level == Level.SKIPPED
    assert found["redirect-uris"][0].level == Level.ERROR


def test_an_address_that_differs_by_a_slash_is_told_as_such(wrong, healthy, settings):
    path = f"/applications/{healthy.client_id}"
    metadata = healthy.management("GET", path).json()["oidcClientMetadata"]
    almost = f"{settings.SITE_URL}/sign-in/callback"
    change(healthy, path, oidcClientMetadata=metadata | {"redirectUris": [almost]})

    finding = wrong("redirect-uris", Level.ERROR)

    assert f"{almost}, which differs" in finding.says
    assert f"exactly {almost}/ to" in finding.mend


def test_a_default_api_is_told(wrong, healthy):
    [api] = healthy.management("GET", "/resources").json()
    change(healthy, f"/resources/{api['id']}/is-default", isDefault=True)

    assert MANAGEMENT_API in wrong("default-api", Level.ERROR).says


@pytest.mark.parametrize("application", ["demo-management", "nobody"])
def test_an_application_that_may_not_exchange_tokens_is_told(wrong, settings, application):
    settings.TOKENS_APP_ID = application

    assert "ACCOUNTSITE_TOKENS_APP_ID" in wrong("token-exchange", Level.WARNING).says


def test_one_that_gets_no_tokens_at_all_is_told(wrong, healthy, settings):
    settings.TOKENS_APP_ID = "demo-command-line"
    nothing = {"redirectUris": [], "postLogoutRedirectUris": []}
    change(healthy, "/applications/demo-command-line", oidcClientMetadata=nothing)

    finding = wrong("token-exchange", Level.WARNING)

    assert "no redirect URI" in finding.says
    assert f"{settings.SITE_URL}/tokens/" in finding.mend


def test_one_that_may_is_fine(look, settings):
    settings.TOKENS_APP_ID = "demo-command-line"

    assert look("token-exchange")["token-exchange"][0].level == Level.OK


def test_a_role_that_is_not_there_is_told(wrong, settings):
    settings.ACCOUNTSITE_HELPER_ROLE = "nurses"

    assert "no role nurses" in wrong("roles", Level.WARNING).says


def test_a_role_that_nobody_has_is_told(wrong, settings):
    settings.ACCOUNTSITE_ADMIN_ROLE = settings.ACCOUNTSITE_VIEWER_ROLE

    assert "Nobody has the role accountsite-viewer" in wrong("roles", Level.WARNING).says


# What the tenant lets people do


def test_settings_that_can_not_be_read_are_told(wrong, healthy):
    healthy.faults.add(path="/api/account-center", status=500)

    assert "did not answer" in wrong("tenant", Level.ERROR).says


def test_an_account_center_that_is_off_is_told(wrong, healthy, wire):
    keep_connectors(healthy, wire, lambda one: one["target"] not in {"apple", "x"})
    change(healthy, "/account-center", enabled=False)

    finding = wrong("account-center", Level.WARNING, skips={"passkeys"})

    assert "everything can be changed" in finding.says


def test_fields_that_nobody_may_change_are_told(wrong, healthy):
    fields = healthy.management("GET", "/account-center").json()["fields"]
    change(healthy, "/account-center", fields=dict.fromkeys(fields, "ReadOnly"))

    assert "People can change nothing here" in wrong("fields", Level.WARNING).says


def test_what_each_field_lets_people_do_is_told(look, healthy):
    fields = healthy.management("GET", "/account-center").json()["fields"]
    change(healthy, "/account-center", fields=fields | {"phone": "Off", "username": "ReadOnly"})

    [finding] = look("fields")["fields"]

    assert finding.level == Level.OK
    assert "not shown: phone; shown only: username" in finding.says


def test_an_account_center_that_leads_elsewhere_is_told(wrong, healthy):
    change(healthy, "/account-center", deleteAccountUrl="https://else.test/")

    assert "deleteAccountUrl" in wrong("deletion-link", Level.WARNING).mend


def test_an_account_center_that_is_off_leads_nowhere(look, healthy):
    change(healthy, "/account-center", enabled=False, deleteAccountUrl="https://else.test/")

    [finding] = look("deletion-link")["deletion-link"]

    assert finding.level == Level.OK
    assert "leads nobody" in finding.says


@pytest.mark.parametrize(
    ("mfa", "level", "words"),
    [
        ({"factors": ["BackupCode"], "policy": "NoPrompt"}, Level.WARNING, "only second step"),
        ({"factors": [], "policy": "Mandatory"}, Level.ERROR, "none to choose"),
    ],
)
def test_second_steps_that_nobody_can_take_are_told(wrong, healthy, mfa, level, words):
    change(healthy, "/sign-in-exp", mfa=mfa)

    assert words in wrong("factors", level).says


def test_a_must_that_nobody_can_set_up_here_is_told(wrong, healthy):
    fields = healthy.management("GET", "/account-center").json()["fields"]
    change(healthy, "/account-center", fields=fields | {"mfa": "ReadOnly"})
    change(healthy, "/sign-in-exp", mfa={"factors": ["Totp"], "policy": "Mandatory"})

    assert "`mfa`" in wrong("factors", Level.WARNING).mend


def test_a_tenant_without_second_steps_is_fine(look, healthy):
    change(healthy, "/sign-in-exp", mfa={"factors": [], "policy": "NoPrompt"})

    assert {one.level for each in look("factors", "passkeys").values() for one in each} == {"ok"}


def test_an_origin_that_may_add_no_passkeys_is_told(wrong, healthy, settings):
    change(healthy, "/account-center", webauthnRelatedOrigins=["https://else.test"])

    assert settings.SITE_URL in wrong("passkeys", Level.WARNING).mend


def test_browsers_that_are_kept_from_the_list_of_origins_are_told(wrong, healthy, wire):
    wire.get(f"{healthy.endpoint}/.well-known/webauthn", status=404, body="nginx")

    assert "/.well-known/webauthn" in wrong("passkeys", Level.WARNING).says


def test_codes_that_nobody_can_send_are_told(wrong, healthy, wire):
    keep_connectors(healthy, wire, lambda one: one["type"] != "Sms")

    assert "by SMS" in wrong("codes", Level.WARNING).says


def test_a_connector_that_nobody_signs_in_with_is_told(wrong, healthy):
    targets = ["google", "apple", "x", "mock-social"]
    change(healthy, "/sign-in-exp", socialSignInConnectorTargets=targets)

    finding = wrong("connectors", Level.WARNING)

    assert finding.about == "GitHub"
    assert "not sign in with it" in finding.says


def test_each_connector_is_told_with_its_way_and_callback(look, settings):
    found = {one.about: one.says for one in look("connectors")["connectors"]}

    assert f"{settings.SITE_URL}/connections/callback/github/" in found["GitHub"]
    assert "Management API" in found["GitHub"]
    assert "Account API" in found["Apple"]


def test_connectors_that_need_the_account_center_say_so_while_it_is_off(look, healthy):
    change(healthy, "/account-center", enabled=False)

    bad = {one.about: one.mend for one in look("connectors")["connectors"] if one.is_bad}

    assert set(bad) == {"Apple", "X"}
    assert "switch the account center on" in bad["Apple"]


# Events from Logto


def test_without_a_key_nothing_arrives(wrong, settings):
    settings.WEBHOOK_SECRETS = []
    skipped = {"webhook-events", "webhook-key", "webhook-log", "webhook-test"}

    assert "LOGTO_WEBHOOK_SECRET" in wrong("webhook", Level.WARNING, skips=skipped).says


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"enabled": False}, "switched off"),
        ({"config": {"url": "https://else.test/"}}, "No webhook of the tenant sends to"),
    ],
)
def test_a_webhook_that_does_not_send_here_is_told(wrong, healthy, changes, words):
    change(healthy, hook(healthy), **changes)

    assert words in wrong("webhook", Level.ERROR).says


def test_two_webhooks_are_told(wrong, healthy, settings, wire):
    hooks = healthy.management("GET", "/hooks").json()
    wire.get(f"{healthy.endpoint}/api/hooks", json=[*hooks, hooks[0] | {"id": "other"}])

    assert "More than one" in wrong("webhook", Level.WARNING).says


def test_events_that_are_missing_are_told(wrong, healthy):
    change(healthy, hook(healthy), events=["PostSignIn", "User.Deleted"])

    assert "User.Data.Updated" in wrong("webhook-events", Level.WARNING).says


def test_another_signing_key_is_told(wrong, settings):
    settings.WEBHOOK_SECRETS = [STRONG]

    assert "another key" in wrong("webhook-key", Level.ERROR).says


def test_what_did_not_arrive_is_told(wrong, healthy, wire):
    [known] = healthy.management("GET", "/hooks").json()
    counts = {"executionStats": {"requestCount": 7, "successCount": 5}}
    wire.get(f"{healthy.endpoint}/api/hooks", json=[known | counts])

    assert "in a day: 7; arrived at once: 5." in wrong("webhook-log", Level.WARNING).says


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("hook.send_test_payload_failed", None, "can’t reach"),
        ("hook.endpoint_responded_with_error", 401, "refuses the signature"),
        ("hook.endpoint_responded_with_error", 404, "takes no events"),
        ("hook.endpoint_responded_with_error", 502, "with status 502"),
    ],
)
def test_a_test_that_does_not_arrive_is_told_with_the_reason(
    wrong, healthy, wire, code, status, words
):
    answer = {"code": code, "message": "x", "data": {"responseStatus": status}}
    wire.post(f"{healthy.endpoint}/api{hook(healthy)}/test", json=answer, status=422)

    assert words in wrong("webhook-test", Level.ERROR).says


def test_a_test_that_somebody_else_took_is_told(wrong, healthy, wire, monkeypatch):
    monkeypatch.setattr(webhook, "PATIENCE", 0.1)
    wire.post(f"{healthy.endpoint}/api{hook(healthy)}/test", status=204)

    assert "was not kept here" in wrong("webhook-test", Level.ERROR).says


def test_a_test_leaves_a_delivery_that_nothing_comes_of(look):
    look("webhook-test")

    assert Delivery.objects.get().state == State.UNKNOWN


# The site


def test_a_site_in_the_clear_is_told(wrong, healthy, settings):
    # Another way to write 127.0.0.1, which stands for an address that others know.
    address = settings.SITE_URL.replace("localhost", "127.1")
    settings.SITE_URL = address
    settings.ALLOWED_HOSTS = ["127.1"]
    healthy.register_site(address)
    change(healthy, "/account-center", deleteAccountUrl=f"{address}{reverse('deletion:deletion')}")

    assert "without https" in wrong("https", Level.ERROR).says


def test_another_site_in_its_place_is_told(wrong, monkeypatch):
    monkeypatch.setattr(echo, "SECONDS", -1)  # as if the question were signed with another key

    assert "another SECRET_KEY" in wrong("reachable", Level.ERROR).says


def test_a_proxy_that_is_not_there_is_told(wrong, settings):
    settings.TRUSTED_PROXIES = 1

    assert "PROXIES to 0" in wrong("proxy", Level.ERROR).mend


def test_missing_hsts_is_told(wrong, settings):
    settings.IS_HTTPS = True
    # The site takes the doctor's request for one by https, and was started without the header.
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_USER_AGENT", "accountsite-doctor")
    settings.SECURE_HSTS_SECONDS = 3600
    settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SILENCED_SYSTEM_CHECKS = [*settings.SILENCED_SYSTEM_CHECKS, "mail.E001"]  # of tests

    assert "Strict-Transport-Security" in wrong("hsts", Level.WARNING).says


def test_a_proxy_that_tells_nothing_of_who_calls_is_told(look, settings):
    settings.IS_HTTPS = True
    settings.TRUSTED_PROXIES = 1

    assert "X-Forwarded-For" in look("proxy")["proxy"][0].mend


def test_a_name_that_is_not_the_sites_is_told(look, settings):
    settings.ALLOWED_HOSTS = ["account.example.com"]

    assert "Host header" in look("reachable")["reachable"][0].mend


def test_where_nothing_answers_nothing_is_said_of_what_it_answers(look, settings):
    settings.SITE_URL = "https://localhost:9"
    settings.IS_HTTPS = True

    found = look("reachable", "proxy", "hsts")

    assert [found[name][0].level for name in found] == ["warning", "skipped", "skipped"]


def test_static_files_that_were_never_made_are_told(wrong, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path

    assert "collectstatic" in wrong("static", Level.ERROR).mend


def test_a_static_file_that_is_missing_is_told(wrong, settings, static_root, tmp_path):
    paths = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles.json").write_text(json.dumps({"paths": paths}))
    for name in sorted(paths)[1:]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    assert f"missing: 1, such as {min(paths)}." in wrong("static", "error").says


def test_a_static_file_that_is_not_compressed_is_told(wrong, settings, static_root, monkeypatch):
    [large] = [static_root / "favicon.svg"]
    large.write_bytes(b"x" * 4096)
    try:
        assert "favicon.svg" in wrong("static", Level.WARNING).says
    finally:
        large.write_bytes(b"")


@pytest.mark.parametrize(
    "secret", ["a" * 40, "0123456789abcdefghijklmnopqrstuvwxyz", "changeme!" * 5]
)
def test_a_secret_that_can_be_guessed_is_told_by_name(wrong, settings, secret):
    settings.SECRET_KEY = secret

    finding = wrong("secrets", Level.ERROR)

    assert "SECRET_KEY" in finding.says
    assert secret not in finding.says


def test_what_is_wrong_with_a_secret_is_told_once(look, settings):
    settings.IS_HTTPS = True
    settings.SECRET_KEY = "a" * 40

    found = look("secrets", "system")

    assert found["secrets"][0].level == Level.ERROR
    assert not any(one.about.endswith(("W009", "W025")) for one in found["system"])


def test_a_secret_with_two_uses_is_told(wrong, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]

    assert "the same" in wrong("secrets", Level.WARNING).says


@pytest.mark.parametrize(
    "secret", ["wN4kQz81LxVt-0bYsRf7Jd", "correct horse battery staple", "ABCDEFGHabcdefgh12345678"]
)
def test_what_looks_like_chance_is_strong(secret):
    assert strength.is_strong(secret) is not secret.startswith("ABC")


def test_what_gets_no_security_fixes_is_told(wrong, monkeypatch):
    past = dict.fromkeys(support.DJANGO, (timezone.now() - timedelta(days=1)).date())
    monkeypatch.setattr(support, "DJANGO", past)

    assert wrong("versions", Level.WARNING).about == "Django"


def test_what_is_newer_than_the_list_is_fine(look, monkeypatch):
    monkeypatch.setattr(support, "PYTHON", {})

    assert {one.level for one in look("versions")["versions"]} == {Level.OK}


def test_what_djangos_checks_find_is_told(wrong):
    def grumble(**_options: Any) -> list[checks.CheckMessage]:
        return [checks.Warning("The floor is wet.", hint="Mop it.", id="x.W001")]

    checks.register(grumble)
    try:
        finding = wrong("system", Level.WARNING)
    finally:
        checks.registry.registry.registered_checks.discard(grumble)

    assert (finding.about, finding.says) == ("x.W001", "The floor is wet.")


# What the site runs on


def test_a_database_that_does_not_answer_is_told(wrong):
    def broken(execute: Any, sql: str, *rest: Any) -> Any:
        if sql == "SELECT 1":
            raise DatabaseError("could not connect as site with password hunter2")
        return execute(sql, *rest)

    with connection.execute_wrapper(broken):
        assert "DATABASE_URL" in wrong("database", Level.ERROR).says


def test_migrations_that_are_missing_are_told(wrong):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("exports", "0001_initial")
    try:
        assert "applied: 1." in wrong("migrations", Level.ERROR).says
    finally:
        recorder.record_applied("exports", "0001_initial")


def test_a_cache_that_keeps_nothing_is_told(wrong, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert "REDIS_URL" in wrong("cache", Level.ERROR).mend


def test_processes_with_a_cache_each_are_told_once(wrong, settings):
    settings.WEB_CONCURRENCY = 3
    settings.REDIS_URL = "none"

    assert "own: 3." in wrong("cache", Level.ERROR).says


def test_pictures_that_can_not_be_kept_are_told(wrong, settings):
    storage = "django.core.files.storage.FileSystemStorage"
    place = {"BACKEND": storage, "OPTIONS": {"location": "/proc/nowhere"}}
    settings.STORAGES = settings.STORAGES | {"default": place}

    assert "Pictures can’t be kept" in wrong("storage", Level.ERROR).says


def test_a_folder_that_is_not_there_is_told(wrong, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "nowhere"

    assert "ACCOUNTSITE_DATA" in wrong("disk", Level.ERROR).says


def test_a_disk_that_is_nearly_full_is_told(wrong, monkeypatch):
    monkeypatch.setattr(machine, "LEAST_FREE", 1 << 60)

    assert "Make room" in wrong("disk", Level.WARNING).mend


def test_a_site_without_a_mail_server_is_told(wrong, settings):
    settings.MAILERS = {}

    assert "EMAIL_URL" in wrong("mail", Level.WARNING).mend


def test_a_mail_server_that_is_not_there_is_told(wrong, settings):
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    server = {"host": "localhost", "port": 9, "password": "hunter2"}
    settings.MAILERS = {"default": {"BACKEND": smtp, "OPTIONS": server}}

    assert "ConnectionRefusedError" in wrong("mail", Level.ERROR).says


class Refusing(BaseEmailBackend):
    """A mail server that says no."""

    error: Exception

    def open(self) -> None:
        raise self.error

    def send_messages(self, messages: Any) -> int:
        raise self.error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (smtplib.SMTPAuthenticationError(535, b"site:hunter2"), "user and password"),
        (smtplib.SMTPRecipientsRefused({"a@example.com": (550, b"no")}), "no mail for"),
        (smtplib.SMTPSenderRefused(550, b"no", "x"), "sender"),
    ],
)
def test_what_a_mail_server_refuses_is_told(look, settings, monkeypatch, error, words):
    monkeypatch.setattr(Refusing, "error", error, raising=False)
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Refusing"}}

    [finding] = look("mail", mail_to="a@example.com")["mail"]

    assert words in finding.says
    assert "hunter2" not in finding.says + finding.mend


def test_a_test_mail_is_sent_only_when_asked_for(look):
    look("mail")
    assert mail.outbox == []

    assert "a@example.com" in look("mail", mail_to="a@example.com")["mail"][0].says
    assert mail.outbox[0].to == ["a@example.com"]


def test_mails_that_could_not_be_sent_are_told(wrong):
    event = trail.record(Action.EMAIL_CHANGED, "alice")
    Notice.objects.create(event=event, recipient="a@example.com", state=MailState.FAILED)

    assert "7 days: 1." in wrong("mails", Level.WARNING).says


@pytest.mark.parametrize("ago", [None, timedelta(minutes=6)])
def test_a_worker_that_is_not_at_work_is_told(wrong, ago):
    if ago is None:
        Run.objects.all().delete()
    else:
        Run.objects.update(started_at=timezone.now() - ago)

    assert "manage.py worker" in wrong("worker", Level.ERROR).mend


def test_a_job_that_failed_is_told_by_name(wrong):
    Run.objects.filter(job="audit: forget old events").update(error="OperationalError")

    assert "audit: forget old events" in wrong("jobs", Level.WARNING).says


def test_a_task_that_waits_is_told(wrong):
    waiting = task()
    DBTaskResult.objects.filter(pk=waiting.pk).update(
        enqueued_at=timezone.now() - timedelta(minutes=9)
    )

    assert "waited: 9." in wrong("tasks", Level.ERROR).says


def test_tasks_that_failed_are_told(wrong):
    task(status=TaskResultStatus.FAILED, finished_at=timezone.now())

    assert "in a day: 1." in wrong("tasks", Level.WARNING).says


def test_every_line_has_a_test_that_breaks_it_and_nothing_else(request):
    tests = broken.lines(request.path)

    assert set(tests) == set(catalogue.BY_NAME)


def discovery(tenant: Any) -> dict[str, Any]:
    address = f"{tenant.endpoint}/oidc/.well-known/openid-configuration"
    document: dict[str, Any] = tenant.http.get(address).json()
    return document


def hook(tenant: Any) -> str:
    [one] = tenant.management("GET", "/hooks").json()
    return f"/hooks/{one['id']}"


def keep_connectors(tenant: Any, wire: Any, wanted: Any) -> None:
    every = tenant.management("GET", "/connectors").json()
    wire.get(f"{tenant.endpoint}/api/connectors", json=list(filter(wanted, every)))


def task(**fields: Any) -> DBTaskResult[Any, Any]:
    return DBTaskResult.objects.create(
        task_path="x.y",
        args_kwargs={"args": [], "kwargs": {}},
        queue_name="default",
        backend_name="default",
        run_after=get_date_max(),
        **fields,
    )
