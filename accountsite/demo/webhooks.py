"""Webhooks: what happened is told to every hook that listens, signed, once, in the background.

The body is made at once, so that it shows things as they were; the delivery follows on a thread
of its own, is given ten seconds and never repeated, as Logto 1.42 does (measured). Each one shows
in the hook's recent logs afterwards.
"""

import hashlib
import hmac
import json
import queue
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from accountsite.demo import state

TIMEOUT = 10.0  # seconds
THREADS = 4
LOGS_KEPT = 1000  # for each hook
BODY_KEPT = 2000  # characters of an answer
USER_AGENT = "Logto (https://logto.io/)"

# Hooks call the machine that they name, not one that the environment's proxy finds.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_queue: queue.Queue["Delivery"] = queue.Queue()
_start = threading.Lock()
_threads: list[threading.Thread] = []


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call of one hook."""

    hook_id: str
    event: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended: an HTTP status and text, or no answer and why."""

    status: int | None
    text: str

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004


def changed(  # noqa: PLR0913 - the parts of a call that the body tells
    event: str,
    request: HttpRequest,
    *,
    route: str,
    params: dict[str, str],
    status: int,
    data: Any,
) -> None:
    """Tell that a call of the Management API changed something. `data` is what it answered."""
    fire(
        event,
        {
            "event": event,
            "createdAt": state.iso_time(state.now()),
            "userAgent": request.headers.get("User-Agent", ""),
            "ip": request.META.get("REMOTE_ADDR", ""),
            "path": request.path.removeprefix("/api"),
            "method": request.method,
            "status": status,
            "params": params,
            "matchedRoute": route,
            "data": data,
        },
    )


def interaction(  # noqa: PLR0913 - the parts of a sign-in that the body tells
    event: str,
    user: state.User,
    *,
    application: state.Json | None,
    session_id: str,
    ip: str,
    user_agent: str,
) -> None:
    """Tell of what a person did on the sign-in page: PostSignIn, PostRegister and so on."""
    kinds = {"PostRegister": "Register", "PostResetPassword": "ForgotPassword"}
    body = {
        "event": event,
        "interactionEvent": kinds.get(event, "SignIn"),
        "createdAt": state.iso_time(state.now()),
        "sessionId": session_id,
        "userAgent": user_agent,
        "userId": user.id,
        "userIp": ip,
        "user": user.record,
    }
    if application is not None:
        keys = ("id", "type", "name", "description")
        body["application"] = {key: application[key] for key in keys}
    fire(event, body)


def fire(event: str, body: state.Json) -> None:
    """Queue a delivery for each enabled hook that listens to the event."""
    with state.tenant.lock:
        for hook in state.tenant.hooks.values():
            if hook["enabled"] and event in hook["events"]:
                _queue.put(_delivery(hook, event, body))
                _be_ready()


def settle() -> None:
    """Wait until everything that was queued so far is delivered, or has failed to be.

    Each delivery gives up after its ten seconds, so this ends. The tenant's lock must be free.
    """
    _queue.join()


def test(hook: state.Json, event: str, config: state.Json) -> Outcome:
    """Deliver a made-up event now, and wait for the answer. It is not logged."""
    body = {"event": event, "createdAt": state.iso_time(state.now()), "userAgent": USER_AGENT}
    return _send(_delivery(hook | {"config": config}, event, body | {"data": {}}))


def signature(signing_key: str, body: bytes) -> str:
    """What `logto-signature-sha-256` holds: HMAC-SHA256 of the raw body, in hexadecimal."""
    return hmac.new(signing_key.encode(), body, hashlib.sha256).hexdigest()


def _delivery(hook: state.Json, event: str, body: state.Json) -> Delivery:
    raw = json.dumps(body | {"hookId": hook["id"]}, ensure_ascii=False, separators=(",", ":"))
    encoded = raw.encode("utf-8", "replace")
    headers = {
        "User-Agent": USER_AGENT,
        **hook["config"].get("headers", {}),
        "Content-Type": "application/json",
        "logto-signature-sha-256": signature(hook["signingKey"], encoded),
    }
    return Delivery(hook["id"], event, hook["config"]["url"], headers, encoded)


def _be_ready() -> None:
    """Start the threads with the first delivery: before, there may be a fork to come."""
    with _start:
        if not _threads:
            for number in range(THREADS):
                thread = threading.Thread(target=_work, name=f"webhooks-{number}", daemon=True)
                _threads.append(thread)
                thread.start()


def _work() -> None:
    while True:
        delivery = _queue.get()
        try:
            _log(delivery, _send(delivery))
        finally:
            _queue.task_done()


def _send(delivery: Delivery) -> Outcome:
    if not delivery.url.startswith(("http://", "https://")):
        return Outcome(None, "This is no web address.")
    try:
        request = urllib.request.Request(  # noqa: S310 - just checked
            delivery.url, data=delivery.body, headers=delivery.headers, method="POST"
        )
        with _opener.open(request, timeout=TIMEOUT) as response:
            return Outcome(response.status, _text(response.read(BODY_KEPT)))
    except urllib.error.HTTPError as error:
        return Outcome(error.code, _text(error.read(BODY_KEPT)))
    except (OSError, ValueError) as error:
        return Outcome(None, str(error))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _log(delivery: Delivery, outcome: Outcome) -> None:
    key = f"TriggerHook.{delivery.event}"
    payload: state.Json = {
        "key": key,
        "result": "Success" if outcome.is_success else "Error",
        "hookId": delivery.hook_id,
        "hookRequest": {"body": json.loads(delivery.body)},
    }
    if outcome.status is None:
        payload["error"] = outcome.text
    else:
        payload["response"] = {"statusCode": outcome.status, "body": outcome.text}
    row = {"id": state.new_id(21), "key": key, "payload": payload, "createdAt": state.now()}
    with state.tenant.lock:
        if delivery.hook_id in state.tenant.hooks:
            logs = state.tenant.hook_logs.setdefault(delivery.hook_id, [])
            logs.append(row)
            del logs[:-LOGS_KEPT]
