"""What Prometheus is told, and that it stays little: each label comes from a closed set."""

import ast
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.backends.utils import CursorWrapper
from django.forms import Form
from django.tasks import task
from django.test import Client
from django.urls import URLPattern, get_resolver
from django_tasks_db.models import DBTaskResult
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from accountsite import measurements, pages
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.audit.models import Outcome
from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from accountsite.logto import errors, users
from accountsite.operations import figures, metrics, work
from accountsite.refusals import Refusal
from accountsite.schedule import jobs
from accountsite.signin.connection import ENDPOINTS
from accountsite.signin.models import EndReason
from accountsite.webhooks import effects
from accountsite.webhooks import services as webhooks
from tests.conftest import ALICE, API

ROOT = settings.BASE_DIR / "accountsite"
DOCUMENT = settings.BASE_DIR / "docs" / "observability.md"
HOSTILE = ["alice@example.com", "Alice", "x" * 200, 'a"b\\c', "../../etc", "%00"]


@pytest.fixture
def counted() -> Iterator[Callable[..., float]]:
    """How much was added to a metric since the test began."""
    metrics.listen()
    before = dict(_samples())

    def counted(name: str, **labels: str) -> float:
        key = (f"accountsite_{name}", tuple(sorted(labels.items())))
        return dict(_samples()).get(key, 0.0) - before.get(key, 0.0)

    yield counted
    metrics.forget()


def _samples() -> Iterator[tuple[tuple[str, tuple[tuple[str, str], ...]], float]]:
    for family in REGISTRY.collect():
        if family.name.startswith("accountsite_"):
            for sample in family.samples:
                yield (sample.name, tuple(sorted(sample.labels.items()))), sample.value


def test_a_page_is_counted_by_its_name_and_timed(client: Client, db: None, counted: Any) -> None:
    client.get("/webhooks/logto/?code=1")

    labels = {"route": "webhooks:logto", "method": "GET"}
    assert counted("pages_total", **labels, status="404") == 1
    assert counted("page_seconds_count", **labels) == 1
    assert 0 < counted("page_seconds_sum", **labels) < 10


def test_a_call_of_logto_is_counted_with_its_outcome(wire: Any, counted: Any) -> None:
    wire.get(f"{API}/users/{ALICE}", status=503)

    with pytest.raises(errors.Unavailable):
        users.get(ALICE)

    labels = {"endpoint": "/api/users/{}", "method": "GET"}
    assert counted("logto_calls_total", **labels, outcome="unavailable") == 1
    assert counted("logto_call_seconds_count", **labels) == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_a_refusal_and_a_limit_are_counted(counted: Any) -> None:
    with trail.change(Action.EMAIL_CHANGED, ALICE):
        pass
    with pages.told_in(Form({})), trail.change(Action.EMAIL_CHANGED, ALICE):
        raise Refusal("No.")
    for _again in range(5):
        attempts.count(Kind.PASSWORD, account=ALICE)
    with pages.told_in(Form({})):
        attempts.count(Kind.PASSWORD, account=ALICE)

    change = {"action": Action.EMAIL_CHANGED.value}
    assert counted("changes_total", **change, outcome="done") == 1
    assert counted("changes_total", **change, outcome="refused") == 1
    assert counted("refusals_total", kind="refusals.Refusal") == 1
    assert counted("refusals_total", kind="limits.TooMany") == 1
    assert counted("limits_hit_total", kind="password") == 1


@task
def add(one: int, other: int) -> int:
    """A task of this test."""
    return one // other


@pytest.mark.django_db
def test_a_task_is_counted_when_it_is_queued_and_when_it_ends(counted: Any) -> None:
    add.enqueue(1, 1)
    add.enqueue(1, 0)

    name = {"task": add.module_path}
    assert counted("tasks_total", **name, outcome="queued") == 2
    assert counted("tasks_total", **name, outcome="done") == 1
    assert counted("tasks_total", **name, outcome="failed") == 1
    assert counted("task_seconds_count", **name) == 2


def test_a_sign_in_that_comes_to_nothing_is_counted(client: Client, db: None, counted: Any) -> None:
    client.get("/sign-in/callback/?state=none&code=1")

    assert counted("sign_ins_total", outcome="state") == 1


def test_no_label_holds_what_others_choose(
    client: Client, db: None, wire: Any, counted: Any, settings: Any
) -> None:
    settings.WEBHOOK_SECRETS = ["key"]
    for word in HOSTILE:
        client.get(f"/{word}/")
        client.get(f"/profile/{word}/")
        client.get("/sign-in/callback/", {"state": word, "error": word, "iss": word})
        client.generic(re.sub(r"\W", "", word).upper() or "X", "/signed-out/")
        client.post("/webhooks/logto/", word, content_type="text/plain")
        webhooks.count(word, "kept")
        with pytest.raises(errors.LogtoError):
            users.get(word)

    allowed = closed_sets()
    strange = {
        (name, label, value)
        for (name, labels), _value in _samples()
        for label, value in labels
        if label != "le" and value not in allowed[_metric(name), label]
    }
    assert strange == set()
    assert counted("webhooks_total", event="other", outcome="kept") == len(HOSTILE)
    assert counted("pages_total", route="unknown", method="GET", status="404") > 0


def _metric(name: str) -> str:
    return re.sub(r"^accountsite_|_(total|created|count|sum|bucket)$", "", name)


def closed_sets() -> dict[tuple[str, str], set[str]]:
    """Every value that a label of a metric may have."""
    methods = {*work.METHODS, measurements.OTHER}
    routes = {*routes_of(get_resolver()), *measurements.NO_ROUTE}
    endpoints = {*endpoints_of_logto(), *ENDPOINTS, measurements.OTHER}
    names = {job.name for job in jobs.JOBS}
    ends = {"queued", "done", "failed"}
    return {
        ("pages", "route"): routes,
        ("pages", "method"): methods,
        ("pages", "status"): {str(number) for number in range(200, 600)},
        ("page_seconds", "route"): routes,
        ("page_seconds", "method"): methods,
        ("logto_calls", "endpoint"): endpoints,
        ("logto_calls", "method"): methods,
        ("logto_calls", "outcome"): {*measurements.OUTCOMES},
        ("logto_call_seconds", "endpoint"): endpoints,
        ("logto_call_seconds", "method"): methods,
        ("logto_retries", "endpoint"): endpoints,
        ("logto_retries", "method"): methods,
        ("logto_retries", "reason"): {*measurements.REASONS},
        ("sign_ins", "outcome"): {*measurements.SIGN_INS},
        ("sessions_ended", "reason"): {*EndReason.values},
        ("refusals", "kind"): {*refusals_of(Refusal)},
        ("limits_hit", "kind"): {*Kind},
        ("changes", "action"): {*Action.values},
        ("changes", "outcome"): {*Outcome.values},
        ("mails", "outcome"): {*measurements.MAILS},
        ("webhooks", "event"): {*effects.BY_EVENT, measurements.OTHER},
        ("webhooks", "outcome"): {*measurements.WEBHOOKS},
        ("tasks", "task"): {add.module_path, *tasks()},
        ("tasks", "outcome"): ends,
        ("task_seconds", "task"): {add.module_path, *tasks()},
        ("jobs", "job"): names,
        ("jobs", "outcome"): ends,
        ("job_seconds", "job"): names,
        ("job_done_timestamp_seconds", "job"): names,
    }


def routes_of(resolver: Any, prefix: str = "") -> Iterator[str]:
    """The names of all URLs."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            name = pattern.name or pattern.lookup_str
            yield f"{prefix}{name}"
        else:
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes_of(pattern, inner)


def refusals_of(kind: type[Refusal]) -> Iterator[str]:
    """The names of a kind of refusals and all below it."""
    section = kind.__module__.removeprefix("accountsite.").partition(".")[0]
    yield f"{section}.{kind.__name__}"
    for below in kind.__subclasses__():
        yield from refusals_of(below)


def tasks() -> Iterator[str]:
    """Where tasks are declared, by their decorator."""
    for path in ROOT.rglob("*.py"):
        module = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        for name in re.findall(r"^@task\b.*\ndef (\w+)", path.read_text(), re.MULTILINE):
            yield f"{module}.{name}"


VERBS = {"get", "page", "every", "post", "put", "patch", "delete", "send", "_call", "_change"}


def calls_of_logto() -> Iterator[tuple[Path, ast.Call]]:
    """Every call in the package whose function is one of those that take a route."""
    for path in (ROOT / "logto").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) in VERBS:
                yield path, node


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def endpoints_of_logto() -> Iterator[str]:
    """Every literal path in the package that talks to Logto, as `transport` is given it."""
    for path in (ROOT / "logto").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and str(node.value).startswith("/"):
                yield str(node.value)
                yield f"/api{node.value}"


def test_no_path_of_logto_is_built_of_ids() -> None:
    built = {
        f"{path.name}:{node.lineno}"
        for path, node in calls_of_logto()
        for part in node.args
        if isinstance(part, ast.JoinedStr) and ast.unparse(part) != "f'/api{route}'"
    }

    assert built == set()


def test_every_metric_is_documented_with_its_labels_and_nothing_else_is() -> None:
    documented = dict(
        re.findall(r"^\| `(accountsite_\w+)` \| ([^|]*) \|", DOCUMENT.read_text(), re.MULTILINE)
    )

    exposed = dict.fromkeys(figures.NAMES, "")
    exposed["accountsite_build_info"] = "`version`, `python`, `django`"
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            (family,) = metric.describe()
            suffix = "_total" if family.type == "counter" else ""
            labels = ", ".join(f"`{label}`" for label in metric._labelnames)
            exposed[f"{family.name}{suffix}"] = labels
    assert {name: labels.strip() for name, labels in documented.items()} == exposed


@pytest.mark.django_db(transaction=True)
def test_what_is_true_at_the_moment_is_read_when_it_is_asked_for(alice: Client) -> None:
    DBTaskResult.objects.create(
        task_path=add.module_path, args_kwargs={"args": [1, 1], "kwargs": {}}
    )

    read = {family.name: family.samples[0].value for family in figures.Figures().collect()}

    assert set(read) == set(figures.NAMES)
    assert read["accountsite_sessions"] == 1
    assert read["accountsite_tasks_waiting"] == 1
    assert 0 <= read["accountsite_tasks_oldest_seconds"] < 60
    assert read["accountsite_mails_waiting"] == 0


@pytest.mark.django_db(transaction=True)
def test_who_asks_often_does_not_burden_the_database() -> None:
    told, asked = figures.Figures(), []

    with mock.patch.object(CursorWrapper, "execute", autospec=True) as execute:
        execute.side_effect = lambda *sql: asked.append(sql)
        list(told.collect())
        once = len(asked)
        for _again in range(5):
            list(told.collect())

    assert len(asked) == once > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_without_its_database_the_site_says_that(error: type[Exception]) -> None:
    with mock.patch.object(CursorWrapper, "execute", side_effect=error):
        read = {family.name: family.samples[0].value for family in figures.Figures().collect()}

    assert read == {"accountsite_build_info": 1, "accountsite_database_up": 0}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_hangs_keeps_nobody_from_the_other_figures() -> None:
    goes_on = threading.Event()

    with mock.patch.object(CursorWrapper, "execute", side_effect=lambda *_sql: goes_on.wait(20)):
        began = time.monotonic()
        read = {family.name: family.samples[0].value for family in figures.Figures().collect()}
        took = time.monotonic() - began
        goes_on.set()

    assert read == {"accountsite_build_info": 1, "accountsite_database_up": 0}
    assert took < 8  # Prometheus gives up after ten


def test_counting_costs_a_page_next_to_nothing(counted: Any) -> None:
    began = time.perf_counter()
    for _again in range(300):
        # What a page with three calls of Logto and one change tells.
        for _call in range(4):
            measurements.tell(
                measurements.LogtoCall(
                    method="GET", endpoint="/api/users/{}", outcome="ok", seconds=0.02
                )
            )
        measurements.tell(measurements.Change(action="email_changed", outcome="done"))
        measurements.tell(
            measurements.Page(route="profile:profile", method="GET", status=200, seconds=0.05)
        )
    milliseconds = (time.perf_counter() - began) * 1000 / 300

    assert milliseconds < 1  # some 0.03 on a machine with nothing else to do
