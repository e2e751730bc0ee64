"""What a page costs besides Logto: queries, templates, bytes; and what compression must not tell."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.template import base
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from whitenoise.middleware import WhiteNoiseMiddleware

from accountsite.sections import SECTIONS
from accountsite.signin import oidc
from accountsite.signin.models import Session
from tests.bench import report
from tests.demo.oidc.visitor import Browser
from tests.demo_process import Tenant

PATHS = [section.url for section in SECTIONS]
SECRET_PAGE = "/security/authenticator/"
CHOSEN = "chosen0by0somebody0else"
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def alice(client: Client, fresh_tenant: Tenant, settings: Any) -> Iterator[Client]:
    """A browser of alice, who has seen every section once, and has just proved that it's her."""
    settings.LOGTO_ENDPOINT = fresh_tenant.endpoint
    settings.LOGTO_APP_ID = fresh_tenant.client_id
    settings.LOGTO_APP_SECRET = fresh_tenant.client_secret
    settings.LOGTO_M2M_APP_ID = fresh_tenant.m2m_client_id
    settings.LOGTO_M2M_APP_SECRET = fresh_tenant.m2m_client_secret
    oidc._client.cache_clear()
    fresh_tenant.register_site(settings.SITE_URL)
    password = fresh_tenant.password_of("alice")
    visitor = Browser(fresh_tenant)
    visitor.open(client.get("/sign-in/")["Location"])
    callback = visitor.submit("Sign in", identifier="alice", password=password)
    client.get(urlsplit(callback.url)._replace(scheme="", netloc="").geturl())
    client.post("/confirm/password/", {"password": password})
    for path in PATHS:
        assert client.get(path).status_code == 200
    yield client
    oidc._client.cache_clear()


@pytest.mark.demo
@pytest.mark.django_db(transaction=True)
def test_a_page_reads_its_session_once_writes_nothing_and_compiles_no_template(
    alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    compiling = base.Template.compile_nodelist

    def noted(template: base.Template) -> Any:
        compiled.append(str(template.name))
        return compiling(template)

    monkeypatch.setattr(base.Template, "compile_nodelist", noted)
    reads, written = {}, []
    for path in PATHS:
        with CaptureQueriesContext(connection) as queries:
            alice.get(path)
        told = [query["sql"] for query in queries]
        by_key = f'"{Session._meta.db_table}"."key_hash" ='
        reads[path] = sum(by_key in query and query.startswith("SELECT") for query in told)
        written += [query for query in told if query.startswith(WRITES)]

    assert reads == dict.fromkeys(PATHS, 1)
    assert written == []
    assert compiled == []


@pytest.mark.demo
@pytest.mark.django_db(transaction=True)
def test_a_page_with_a_secret_says_nothing_that_another_site_can_choose(alice: Client) -> None:
    """Its length would tell, letter by letter, whether the choice is like the secret: BREACH."""
    page = alice.get(
        f"{SECRET_PAGE}?code={CHOSEN}&next=/{CHOSEN}/&{CHOSEN}={CHOSEN}#{CHOSEN}",
        headers={"Referer": f"https://{CHOSEN}.example.com/{CHOSEN}", "User-Agent": CHOSEN},
    )

    assert 'id="setup-key"' in page.text
    assert CHOSEN not in page.text


@pytest.mark.demo
@pytest.mark.django_db(transaction=True)
def test_a_page_is_compressed_to_another_length_each_time(alice: Client) -> None:
    answers = [alice.get(SECRET_PAGE, headers={"Accept-Encoding": "gzip"}) for _again in range(20)]

    tokens = {alice.get(SECRET_PAGE).context["csrf_token"]._wrapped for _again in range(3)}
    assert {answer["Content-Encoding"] for answer in answers} == {"gzip"}
    assert 'id="setup-key"' in gzip.decompress(answers[0].content).decode()
    assert len({len(answer.content) for answer in answers}) > 5
    assert len(tokens) == 3  # and the one secret that all pages have is written anew


@pytest.mark.django_db
def test_a_file_is_compressed_beforehand_and_never_asked_for_again(
    tmp_path: Path, settings: Any, rf: RequestFactory
) -> None:
    settings.STATIC_ROOT = tmp_path
    storage = {"BACKEND": "accountsite.appearance.static_files.Storage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])
    (script,) = tmp_path.glob("js/site.*.js")

    serving = WhiteNoiseMiddleware(lambda _request: HttpResponse(status=404))
    answer = serving(rf.get(f"/static/js/{script.name}", headers={"Accept-Encoding": "gzip, br"}))

    assert answer["Content-Encoding"] == "br"
    assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
    assert brotli.decompress(answer.getvalue()) == script.read_bytes()
    answer.close()


def test_budgets_are_held_where_no_measure_is_beyond_them() -> None:
    """The run of `make bench` ends by this."""
    held = {"start": {"median": 1.9}, "weight": weighing(45_000)}
    missed = {"start": {"median": 2.1}, "weight": weighing(45_000)}

    assert report.are_held(held)
    assert not report.are_held(missed)


def weighing(first: int) -> dict[str, Any]:
    visit = {"first": {"bytes": first, "requests": 8}, "repeat": {"bytes": 8000, "requests": 1}}
    return {"pages": {"overview": visit}, "back": {"milliseconds": 1.0, "was_kept_alive": False}}
