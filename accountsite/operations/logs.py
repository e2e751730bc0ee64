"""Log lines: JSON for programs, text for people, and nothing in either that tells of a person.

A line knows the request it was written for, the account that is signed in, and the name of the
page. What messages of other programs quote is cut: addresses, queries, tokens. Errors are told by
their kind and where they happened, as their texts may hold anything.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from accountsite.logto import correlation, errors
from accountsite.operations import work

OUTAGE = 503
LONGEST = 2000  # characters of a message
FRAMES = 15  # of an error, the innermost
CAUSES = 3  # errors of a chain, the last ones
# What our own lines say besides, each a number or a word of a closed set.
FIELDS = (
    *("method", "status", "milliseconds", "logto_calls", "logto_milliseconds"),
    *("logto_route", "logto_status", "logto_code", "logto_request_id"),
)
# What ends words, and the parts of an address. Each cut begins where one has ended: however long a
# line is, it is gone through once.
END = r"\s\"'<>()\[\]=:,;"
CUTS = (
    (re.compile(r"(\w://[^\s/?\"'<>,]+)/[^\s\"'<>]+"), r"\1/…"),
    (re.compile(r"(/[^\s?\"'<>]*)\?[^\s\"'<>]+"), r"\1?…"),
    (re.compile(rf"(?<![^@{END}])[^@{END}]+?(?:@|%40)[^@{END}]+"), "[address]"),
    (re.compile(r"\beyJ[\w-]+(?:\.[\w-]*)+"), "[token]"),
    # The id of a task is as long as a token.
    (re.compile(r"(?<![\w-])(?!task-[0-9a-f-]{36}(?![\w-]))[\w-]{40,}"), "[token]"),
    (re.compile(r"(?:\+|%2B)\d(?:[ ().-]{0,2}\d){6,14}\b"), "[number]"),
    (re.compile(r"(?<![\w.-])\d{9,15}(?![\w.-])"), "[number]"),
)
SECURITY = "django.security."
MISTAKES = range(400, 500)


class NotAnOutage(logging.Filter):
    """Lets through what Django tells of requests, but for pages that tell of an outage themselves.

    Who made the page has logged why; an error behind it is told.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is worth a line."""
        return getattr(record, "status_code", 0) != OUTAGE or bool(record.exc_info)


class Line(logging.Formatter):
    """What both forms have in common."""

    def __init__(self, *, with_texts: bool = False) -> None:
        """`with_texts` tells errors with what they say: where all people are invented."""
        super().__init__()
        self._with_texts = with_texts

    def parts(self, record: logging.LogRecord) -> dict[str, Any]:
        """What there is to say, by name; what is empty is left out."""
        here = work_of(record)
        known = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": level_of(record),
            "logger": record.name,
            "message": message_of(record),
            "request_id": correlation.request_id.get() or getattr(here.request, "id", ""),
            "account": here.account,
            "route": here.route,
            "task": here.task,
            **{name: record.__dict__.get(name) for name in FIELDS},
            "error": self._error(record),
        }
        return {name: value for name, value in known.items() if value is not None and value != ""}

    def _error(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        return explained(error, with_text=self._with_texts) if error is not None else ""


class Json(Line):
    """One object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return json.dumps(self.parts(record), ensure_ascii=False, default=str)


class Text(Line):
    """One line, and below it the trace of an error."""

    def format(self, record: logging.LogRecord) -> str:
        """The lines."""
        parts = self.parts(record)
        line = (
            f"{parts['time']} {parts['level']} [{parts.get('request_id', '-')}]"
            f" {record.name}: {parts['message']}"
        )
        if "milliseconds" in parts:
            line += f" in {parts['milliseconds']:.0f} ms"
        if parts.get("logto_calls"):
            line += f", {parts['logto_calls']} calls of Logto {parts['logto_milliseconds']:.0f} ms"
        return "\n".join(filter(None, [line, parts.get("error", "")]))


def work_of(record: logging.LogRecord) -> work.Work:
    """What it was written for; Django tells of failed requests when they are over."""
    here = work.current()
    if here is work.NOTHING and (request := getattr(record, "request", None)):
        return work.Work(request=request)
    return here


def is_told_elsewhere(record: logging.LogRecord) -> bool:
    """Whether there is nothing of ours to mend: an outage, or what a client did wrong."""
    status = getattr(record, "status_code", 0)
    return status == OUTAGE or status in MISTAKES


def level_of(record: logging.LogRecord) -> str:
    """How bad it is. What a client sent, such as a host that is not ours, is no error of this site."""
    is_mistake = getattr(record, "status_code", 0) in MISTAKES
    return "WARNING" if is_mistake and record.levelno > logging.WARNING else record.levelname


def message_of(record: logging.LogRecord) -> str:
    """The message on one line, with the page's name in place of its path, and without quotes."""
    if record.name.startswith(SECURITY):
        return _suspicion_of(record)
    request = getattr(record, "request", None)
    path = getattr(request, "path", None)
    try:
        if path and isinstance(record.args, tuple) and path in record.args:
            named = tuple(work.route_of(request) if part == path else part for part in record.args)  # type: ignore[arg-type]
            text = str(record.msg) % named
        else:
            text = record.getMessage()
    except (
        TypeError,
        ValueError,
        KeyError,
    ):  # logging itself would print all arguments as they are
        text = str(record.msg)
    return scrubbed(text[:LONGEST])


def _suspicion_of(record: logging.LogRecord) -> str:
    """What Django finds suspicious of a request, in its own words: it quotes the client's as well."""
    kind = record.name.removeprefix(SECURITY)
    reason = str(record.args[0]) if kind == "csrf" and isinstance(record.args, tuple) else ""
    request = getattr(record, "request", None)
    route = work.route_of(request) if request is not None else ""
    return ": ".join(filter(None, [kind, route, reason.partition(" - ")[0].rstrip(".")]))


def scrubbed(text: str) -> str:
    """The text on one line, without addresses, what follows a host, tokens and phone numbers.

    What can't be seen, or does something to a terminal, is written as Python writes it.
    """
    for pattern, stand_in in CUTS:
        text = pattern.sub(stand_in, text)
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def explained(error: BaseException, *, with_text: bool = False) -> str:
    """Where an error happened and what it came of, as Python shows it, but without its words."""
    told: list[str] = []
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        trace = "".join(traceback.format_tb(at.__traceback__, limit=-FRAMES))
        told.append(f"{trace}{name_of(at)}{f': {at}' if with_text else ''}")
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
        if len(told) == CAUSES:
            break
    return "\nwhich led to\n".join(reversed(told))


def name_of(error: BaseException) -> str:
    """Its class, and what Logto calls it."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, errors.Rejected):
        return f"{kind} {error.status} {error.code}".rstrip()
    return kind
