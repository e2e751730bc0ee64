"""One HTTP request to the tenant, and every failure of it as one of our errors.

Connections are pooled, kept alive and shared by all threads. 2 s to connect, 5 s between two pieces
of an answer, 10 s for the whole of it. A read is sent once more on a broken connection or a 502,
503 or 504; a change only if the connection was never made.

The environment's proxies, .netrc and certificate variables are left alone on purpose: a proxy that
some other program needs should not see every token and every person's data, and .netrc would
replace our Authorization header. Whom a private authority vouches for, ACCOUNTSITE_CA_BUNDLE says.
Cookies are never kept: the connections serve many people.
"""

import functools
import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import quote

import requests
import urllib3
from django.conf import settings
from requests.adapters import HTTPAdapter

from accountsite import measurements
from accountsite.logto import correlation, errors, reading

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
WHOLE_SECONDS = 10.0
SLOW_MILLISECONDS = 1000.0
MAX_BYTES = 16 * 1024 * 1024
USER_AGENT = "accountsite"  # by which webhooks tell our own calls from others'
POOL_SIZE = 48  # what 16 threads of a worker and the pool of `parallel` can use at a time
TEMPORARY = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)

type Accept = Callable[[int, Any], bool]
type Query = Mapping[str, str | int | bool | None] | list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file for a multipart body."""

    content: bytes = field(repr=False)
    name: str
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Logto said, when it was not a refusal."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    def read[T](self, read: reading.Read[T]) -> T:
        """The model in it. Raises Unavailable if it holds anything else."""
        if read is reading.nothing:
            return read(None)
        try:
            return read(json.loads(self.content))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise errors.Unavailable("Logto's answer has another shape than we know") from error


def send(  # noqa: PLR0913 - one for each part of a request
    method: str,
    route: str,
    *ids: str,
    headers: Mapping[str, str] | None = None,
    query: Query | None = None,
    body: Any = None,
    form: Mapping[str, str] | None = None,
    upload: Upload | None = None,
    accept: Accept | None = None,
) -> Answer:
    """Send one request and wait for its answer.

    `route` is the path with `{}` for each id; ids are percent-encoded. `body` goes as JSON. A
    refusal whose status and JSON `accept` knows is an answer like another. Raises LogtoError.
    """
    sent = _Exchange(method=method, route=route, path=_path(route, ids))
    request = requests.Request(
        method,
        f"{settings.LOGTO_ENDPOINT}{sent.path}",
        params=pairs(query),
        headers={**_headers(), **(headers or {})},
        json=body,
        data=form,
        files={"file": (upload.name, upload.content, upload.content_type)} if upload else None,
    )
    try:
        answer = sent.perform(request)
    except errors.LogtoError as error:
        sent.log(error)
        raise
    problem = _problem(answer, accept)
    sent.log(problem, answer)
    if problem:
        raise problem
    return answer


@dataclass(slots=True, kw_only=True)
class _Exchange:
    """One request on its way, and what may be told of it: never a query, a header or a body."""

    method: str
    route: str
    path: str
    began: float = field(default_factory=time.perf_counter)

    def perform(self, request: requests.Request) -> Answer:
        """Raises Unavailable when no whole answer comes."""
        _under_way.set(self)
        try:
            # Not by a session of requests: for each call it would merge settings, of which there
            # are none, and look for cookies, which are never kept.
            with _adapter().send(
                request.prepare(),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                stream=True,
                verify=settings.CA_BUNDLE or True,
            ) as response:
                content = self._content(response)
                return Answer(
                    status=response.status_code, headers=response.headers, content=content
                )
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            cause = _cause(error)
            never_sent = isinstance(cause, urllib3.exceptions.ConnectTimeoutError)
            raise errors.Unavailable(
                f"no answer to {self.method} {self.route}: {type(cause).__name__}",
                maybe_done=not never_sent,
            ) from cause

    def _content(self, response: requests.Response) -> bytes:
        """All of the body, within the limits of time and size."""
        content = bytearray()
        deadline = self.began + WHOLE_SECONDS
        # `iter_content` would wait for a whole piece, however slowly its bytes come.
        while piece := response.raw.read1(65_536, decode_content=True):
            content += piece
            if len(content) > MAX_BYTES or time.perf_counter() > deadline:
                raise errors.Unavailable(f"the answer to {self.method} {self.route} does not end")
        return bytes(content)

    def log(self, problem: errors.LogtoError | None, answer: Answer | None = None) -> None:
        """One line for the exchange, with Logto's own id of it.

        Where something was read, and at once, it is for the curious: a page reads a dozen times,
        and its own line tells how often and how long.
        """
        status = answer.status if answer else 0
        code = getattr(problem, "code", "") or (type(problem).__name__ if problem else "")
        milliseconds = (time.perf_counter() - self.began) * 1000
        logto_id = answer.headers.get("logto-core-request-id", "") if answer else ""
        measurements.tell(
            measurements.LogtoCall(
                method=self.method,
                endpoint=self.route,
                outcome=_outcome(problem),
                seconds=milliseconds / 1000,
            )
        )
        is_news = self.method != "GET" or problem or milliseconds > SLOW_MILLISECONDS
        logger.log(
            logging.INFO if is_news else logging.DEBUG,
            "%s %s %s %s %.0f ms %s",
            self.method,
            self.route,
            status or "-",
            code or "-",
            milliseconds,
            logto_id or "-",
            extra={
                "logto_route": self.route,
                "logto_status": status,
                "logto_code": code,
                "logto_milliseconds": round(milliseconds, 1),
                "logto_request_id": logto_id,
            },
        )


def retried(method: str, endpoint: str, *, reason: str) -> None:
    """Measure that a call is sent once more; `reason` is one of `measurements.REASONS`."""
    measurements.tell(measurements.LogtoRetry(method=method, endpoint=endpoint, reason=reason))
    logger.warning("%s %s is sent once more: %s", method, endpoint, reason)


def _outcome(problem: errors.LogtoError | None) -> str:
    """One of `measurements.OUTCOMES`."""
    match problem:
        case None:
            return "ok"
        case errors.Unauthorized() | errors.Forbidden():
            return "unauthorized"
        case errors.TooManyRequests():
            return "limited"
        case errors.Rejected():
            return "refused"
        case errors.NotOffered():
            return "absent"
    return "unavailable"


_under_way: ContextVar[_Exchange] = ContextVar("exchange")


class _Again(urllib3.Retry):
    """urllib3's retry, but for a timeout while waiting: the person has waited long enough."""

    def increment(self, *args: Any, **kwargs: Any) -> Self:
        error = kwargs.get("error")
        if isinstance(error, urllib3.exceptions.ReadTimeoutError):
            raise error
        again = super().increment(*args, **kwargs)
        sent = _under_way.get()
        retried(sent.method, sent.route, reason="connection" if error else "status")
        return again


@functools.cache
def _adapter() -> HTTPAdapter:
    """The connections of this process, made at the first request, after any fork."""
    return HTTPAdapter(
        pool_connections=2,
        pool_maxsize=POOL_SIZE,
        max_retries=_Again(
            total=1,
            redirect=0,
            other=0,
            allowed_methods={"GET"},
            status_forcelist=TEMPORARY,
            raise_on_status=False,
            respect_retry_after_header=False,
        ),
    )


def _headers() -> dict[str, str]:
    own = {
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "User-Agent": USER_AGENT,
    }
    request_id = correlation.request_id.get()
    return {**own, correlation.HEADER: request_id} if request_id else own


def _path(route: str, ids: tuple[str, ...]) -> str:
    """Raises NotFound for an id that no path can name: `..` would climb out of it."""
    if any(value in {"", ".", ".."} for value in ids):
        raise errors.NotFound(status=404, code="entity.not_found", reason="an id that cannot be")
    return route.format(*(quote(value, safe="") for value in ids))


def pairs(query: Query | None) -> list[tuple[str, str]]:
    """A query as it goes out: None is left out, booleans are in lower case."""
    if isinstance(query, list):
        return query
    return [
        (key, str(value).lower() if isinstance(value, bool) else str(value))
        for key, value in (query or {}).items()
        if value is not None
    ]


def _problem(answer: Answer, accept: Accept | None) -> errors.LogtoError | None:
    """Why an answer is none, if so."""
    content_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status < HTTPStatus.MULTIPLE_CHOICES:
        is_page = content_type == "text/html"
        return errors.Unavailable("a web page where Logto's API should be") if is_page else None
    said = _json(answer)
    if accept is not None and accept(answer.status, said):
        return None
    if answer.status >= HTTPStatus.BAD_REQUEST and (refusal := _refusal(answer, said)):
        return refusal
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
        return errors.NotOffered(f"{answer.status}, and not in Logto's form", maybe_done=False)
    return errors.Unavailable(f"{answer.status} {content_type}".strip())


def _refusal(answer: Answer, said: Any) -> errors.Rejected | None:
    """Logto's own `{code, message, data?}`, or None: it comes from something before Logto.

    A 5xx is a refusal only with a code that we know. A 400 for broken JSON has only a message.
    """
    if not isinstance(said, dict) or not isinstance(said.get("message"), str):
        return None
    code = said["code"] if isinstance(said.get("code"), str) else ""
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not errors.is_known(code):
        return None
    if not code and answer.status != HTTPStatus.BAD_REQUEST:
        return None
    wait = answer.headers.get("retry-after", "")
    return errors.refusal(
        status=answer.status,
        code=code,
        data=said.get("data"),
        retry_after=int(wait) if wait.isascii() and wait.isdigit() else None,
    )


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.content)
    except ValueError:
        return None


def _cause(error: Exception) -> BaseException:
    """What broke, below the wrappers, whose words hold the whole address with its query."""
    inner: Any = error
    while isinstance(inner, requests.RequestException | urllib3.exceptions.MaxRetryError):
        reason = getattr(inner, "reason", None) or (inner.args[0] if inner.args else None)
        if not isinstance(reason, BaseException):
            return type(error)("")
        inner = reason
    return inner if isinstance(inner, BaseException) else error


class _WithoutQuery(logging.Filter):
    """Cuts the query from addresses that urllib3 logs: searches name people."""

    query = re.compile(r"\?[^\s\"']*")

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        record.msg, record.args = self.query.sub("?…", message), ()
        return True


for name in ("urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(name).addFilter(_WithoutQuery())
