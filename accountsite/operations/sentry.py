"""Errors to Sentry, where SENTRY_DSN names one.

What the log tells at level ERROR goes there too, with the trace of the error. An event is built
anew of what is known to be no one's: kinds, places and lines of the program, page, request and
account. Texts of errors, values of variables, headers, cookies, bodies and addresses stay here.

Import this only where it is wanted. SENTRY_ENVIRONMENT and the like are read by Sentry's library.
"""

import logging
from typing import Any, cast

import sentry_sdk
from django.conf import settings
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration
from sentry_sdk.types import Event, Hint

from accountsite.logto import correlation
from accountsite.operations import logs, release, work

KEPT = (
    *("event_id", "timestamp", "platform", "level", "logger"),
    *("release", "environment", "sdk"),
)
OF_AN_ERROR = ("type", "module", "mechanism")
OF_A_FRAME = (
    *("filename", "abs_path", "module", "function", "lineno", "in_app"),
    *("pre_context", "context_line", "post_context"),
)


def begin() -> None:
    """Send from now on, from this process and those that it forks."""
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=release.version(),
        before_send=scrubbed,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            AtexitIntegration(callback=lambda _pending, _timeout: None),
            DedupeIntegration(),
            ExcepthookIntegration(),
            LoggingIntegration(level=None, event_level=logging.ERROR),
            ThreadingIntegration(),
        ],
    )


def scrubbed(event: Event, hint: Hint) -> Event | None:
    """What of an event may leave, or None for one that tells nothing that metrics don't."""
    record = hint.get("log_record")
    if record and logs.is_told_elsewhere(record):
        return None
    known = cast("dict[str, Any]", event)
    kept: dict[str, Any] = {name: known[name] for name in KEPT if name in known}
    here = logs.work_of(record) if record else work.current()
    tags = {"request_id": correlation.request_id.get(), "route": here.route, "task": here.task}
    kept["tags"] = {name: value for name, value in tags.items() if value}
    if record:
        kept["logentry"] = {"message": logs.message_of(record)}
    if here.account:
        kept["user"] = {"id": here.account}
    if "exception" in known:
        values = known["exception"].get("values") or []
        kept["exception"] = {"values": [_error(value) for value in values]}
    return cast("Event", kept)


def _error(value: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value[name] for name in OF_AN_ERROR if name in value}
    if frames := (value.get("stacktrace") or {}).get("frames"):
        kept["stacktrace"] = {
            "frames": [
                {name: frame[name] for name in OF_A_FRAME if name in frame} for frame in frames
            ]
        }
    return kept
