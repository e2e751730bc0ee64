"""Webhooks of the demo tenant: signed, once, and remembered."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from accountsite.demo import webhooks
from tests.demo.management import Api


class Receiver:
    """Collects what arrives, and answers with a status of the test's choice."""

    def __init__(self) -> None:
        self.deliveries: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.seconds = 0.0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(receiver.seconds)
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.deliveries.append((headers, raw))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(raw) for _headers, raw in self.deliveries]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on loopback."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.02,))
    thread.start()
    yield receiver
    receiver.server.shutdown()
    thread.join()
    receiver.server.server_close()


def until[T](look: Callable[[], T]) -> T:
    """What a look finds once there is something."""
    give_up = time.monotonic() + 5
    while not (found := look()) and time.monotonic() < give_up:
        time.sleep(0.02)
    return found


def listen(api: Api, receiver: Receiver, *events: str) -> Any:
    body = {"name": "Test", "events": list(events), "config": {"url": receiver.url}}
    return api.post("/hooks", body, 201)


def test_a_delivery_is_signed_over_its_raw_body(api: Api, receiver: Receiver):
    hook = listen(api, receiver, "User.Data.Updated")

    api.patch(f"/users/{api.person('alice')['id']}", {"name": "Älice 🦆"})

    [(headers, raw)] = until(lambda: receiver.deliveries)
    signature = webhooks.signature(hook["signingKey"], raw)
    assert headers["logto-signature-sha-256"] == signature
    assert json.loads(raw)["data"]["name"] == "Älice 🦆"


def test_a_failed_delivery_is_not_repeated_and_shows_in_the_hook_s_log(
    api: Api, receiver: Receiver
):
    receiver.status = 500
    hook = listen(api, receiver, "User.Created")

    api.new_user()

    [row] = until(lambda: api.get(f"/hooks/{hook['id']}/recent-logs"))
    assert (row["key"], row["payload"]["result"]) == ("TriggerHook.User.Created", "Error")
    assert row["payload"]["response"]["statusCode"] == 500
    stats = api.get(f"/hooks/{hook['id']}", includeExecutionStats="true")["executionStats"]
    assert stats == {"requestCount": 1, "successCount": 0}
    assert len(receiver.deliveries) == 1


def test_a_reset_lets_deliveries_on_their_way_arrive_first(api: Api, receiver: Receiver):
    receiver.seconds = 0.3
    listen(api, receiver, "User.Created")
    api.new_user()

    api.tenant.reset()

    assert len(receiver.deliveries) == 1


def test_members_who_come_and_go_are_told_by_id(api: Api, receiver: Receiver):
    listen(api, receiver, "Organization.Membership.Updated")
    [organization] = api.get("/organizations")
    path = f"/organizations/{organization['id']}/users"
    user_id = api.new_user().removeprefix("/users/")

    api.post(path, {"userIds": [user_id]}, 201)
    api.delete(f"{path}/{user_id}")

    until(lambda: len(receiver.deliveries) == 2)
    data = [body["data"] for body in receiver.bodies]
    told = {"organizationId": organization["id"]}
    assert told | {"addedUserIds": [user_id]} in data
    assert told | {"removedUserIds": [user_id]} in data


def test_a_test_is_delivered_at_once_and_tells_what_went_wrong(api: Api, receiver: Receiver):
    hook = listen(api, receiver, "User.Created")
    path, body = f"/hooks/{hook['id']}/test", {"events": ["PostSignIn"]}

    api.post(path, body | {"config": {"url": receiver.url}}, 204)
    receiver.status = 503
    failed = api.post(path, body | {"config": {"url": receiver.url}}, 422)
    nobody = api.post(path, body | {"config": {"url": "http://127.0.0.1:9/hook"}}, 422)

    assert receiver.bodies[0]["event"] == "PostSignIn"
    assert failed["code"] == "hook.endpoint_responded_with_error"
    assert nobody["code"] == "hook.send_test_payload_failed"


def test_a_hook_to_a_file_is_never_opened(api: Api, tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("nobody may read this")
    body = {"name": "Test", "events": ["User.Created"], "config": {"url": secret.as_uri()}}
    hook = api.post("/hooks", body, 201)

    api.new_user()

    [row] = until(lambda: api.get(f"/hooks/{hook['id']}/recent-logs"))
    assert row["payload"]["result"] == "Error"
    assert "nobody may read this" not in json.dumps(row)


def test_the_site_s_own_hook_sends_to_its_receiver(api: Api):
    [hook] = api.get("/hooks")

    assert hook["config"]["url"].endswith("/webhooks/logto/")
    assert hook["enabled"]
    assert hook["signingKey"] == api.tenant.credentials.webhook_signing_key
