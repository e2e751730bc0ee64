"""What Prometheus is told: every name, and what each measurement adds to it.

Import this only in a process that counts, after `exposition.begin`: the client decides at its
import whether several processes count together. Labels come from closed sets: names of URLs,
templates of paths, enumerations. `docs/observability.md` lists them all.
"""

from prometheus_client import Counter, Gauge, Histogram

from accountsite import measurements

PREFIX = "accountsite"
# Seconds. A page takes some tens of milliseconds, and no call of Logto more than ten seconds.
PAGES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
CALLS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
TASKS = (0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0)


def _counter(name: str, says: str, *labels: str) -> Counter:
    return Counter(f"{PREFIX}_{name}", says, labels)


pages = _counter("pages", "Requests that were answered.", "route", "method", "status")
page_seconds = Histogram(
    f"{PREFIX}_page_seconds", "How long they took.", ("route", "method"), buckets=PAGES
)
logto_calls = _counter("logto_calls", "Calls of Logto.", "endpoint", "method", "outcome")
logto_call_seconds = Histogram(
    f"{PREFIX}_logto_call_seconds", "How long they took.", ("endpoint", "method"), buckets=CALLS
)
logto_retries = _counter(
    "logto_retries", "Calls of Logto that were sent once more.", "endpoint", "method", "reason"
)
sign_ins = _counter("sign_ins", "Sign-ins that were begun, and how they ended.", "outcome")
sessions_ended = _counter("sessions_ended", "Sessions that ended before their time.", "reason")
refusals = _counter("refusals", "What people were refused, by section and kind.", "kind")
limits_hit = _counter("limits_hit", "Attempts that were one too many.", "kind")
changes = _counter("changes", "Changes of accounts in the audit trail.", "action", "outcome")
mails = _counter("mails", "Mails about changes.", "outcome")
webhooks = _counter("webhooks", "Deliveries of Logto's webhooks.", "event", "outcome")
tasks = _counter("tasks", "Work that left a request.", "task", "outcome")
task_seconds = Histogram(f"{PREFIX}_task_seconds", "How long tasks ran.", ("task",), buckets=TASKS)
jobs = _counter("jobs", "Runs of scheduled jobs.", "job", "outcome")
job_seconds = Histogram(f"{PREFIX}_job_seconds", "How long jobs ran.", ("job",), buckets=TASKS)
job_done = Gauge(
    f"{PREFIX}_job_done_timestamp_seconds",
    "When a job was last done, in seconds since 1970.",
    ("job",),
    multiprocess_mode="max",
)


def page(told: measurements.Page) -> None:
    """A request was answered."""
    pages.labels(told.route, told.method, told.status).inc()
    page_seconds.labels(told.route, told.method).observe(told.seconds)


def logto_call(told: measurements.LogtoCall) -> None:
    """Logto was called."""
    logto_calls.labels(told.endpoint, told.method, told.outcome).inc()
    logto_call_seconds.labels(told.endpoint, told.method).observe(told.seconds)


def logto_retry(told: measurements.LogtoRetry) -> None:
    """Logto was called once more."""
    logto_retries.labels(told.endpoint, told.method, told.reason).inc()


def job(told: measurements.Job) -> None:
    """A job ran."""
    jobs.labels(told.name, told.outcome).inc()
    job_seconds.labels(told.name).observe(told.seconds)
    if told.outcome == "done":
        job_done.labels(told.name).set_to_current_time()


def task(told: measurements.Task) -> None:
    """A task was queued, or came to its end."""
    tasks.labels(told.name, told.outcome).inc()
    if told.seconds is not None:
        task_seconds.labels(told.name).observe(told.seconds)


LISTENERS = (
    (measurements.Page, page),
    (measurements.LogtoCall, logto_call),
    (measurements.LogtoRetry, logto_retry),
    (measurements.SignIn, lambda told: sign_ins.labels(told.outcome).inc()),
    (measurements.SessionsEnded, lambda told: sessions_ended.labels(told.reason).inc(told.number)),
    (measurements.Refused, lambda told: refusals.labels(told.kind).inc()),
    (measurements.LimitHit, lambda told: limits_hit.labels(told.kind).inc()),
    (measurements.Change, lambda told: changes.labels(told.action, told.outcome).inc()),
    (measurements.Mail, lambda told: mails.labels(told.outcome).inc()),
    (measurements.Webhook, lambda told: webhooks.labels(told.event, told.outcome).inc()),
    (measurements.Task, task),
    (measurements.Job, job),
)


def listen() -> None:
    """Count from now on."""
    for kind, listener in LISTENERS:
        measurements.listen(kind, listener)


def forget() -> None:
    """Count no more: for tests."""
    for kind, listener in LISTENERS:
        measurements.forget(kind, listener)
