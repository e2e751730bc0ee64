"""A process that is killed between any two steps leaves a deletion that another one ends."""

import json
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.other_process import python

PRELUDE = """
import json
import os
import signal
import sys
import responses
from datetime import timedelta
from django.utils import timezone
from accountsite.audit.actions import Action
from accountsite.audit import trail
from accountsite.deletion import endings
from accountsite.deletion.models import Deletion
from tests.logto import answers

API = "http://127.0.0.1:9/api"
ALICE = "alice0000001"
THERE = %(there)r
wire = responses.RequestsMock(assert_all_requests_are_fired=False)
wire.start()
wire.post("http://127.0.0.1:9/oidc/token", json={
    "access_token": "m2m", "expires_in": 3600, "token_type": "Bearer", "scope": "all"})
wire.get(f"{API}/organization-roles", json=[])
missing = {"code": "entity.not_found", "message": "-"}

def die(_request=None):
    os.kill(os.getpid(), signal.SIGKILL)

def answer(body):
    def tell(_request):
        is_there = os.path.exists(THERE)
        return (200, {}, json.dumps(body)) if is_there else (404, {}, json.dumps(missing))
    return tell

def delete(_request):
    os.remove(THERE)
    if "after delete" == %(dies)r:
        die()
    return 204, {}, ""

wire.add_callback("GET", f"{API}/users/{ALICE}", answer(answers.user(id=ALICE)))
wire.add_callback("GET", f"{API}/users/{ALICE}/organizations", answer([]))
wire.add_callback("DELETE", f"{API}/users/{ALICE}", delete)
"""
FIRST = """
now = timezone.now()
Deletion.objects.create(account_id=ALICE, due_at=now, next_attempt_at=now,
    email="alice@example.com", language="en", time_zone="UTC")
trail.record(Action.PROFILE_CHANGED, ALICE)

def watch(frame, event, _argument):
    spot = f"{event} {frame.f_code.co_name}"
    if spot == %(dies)r and "accountsite" in frame.f_code.co_filename:
        die()

sys.setprofile(watch)
endings.carry_out_due()
print("not killed")
"""
NEXT = """
Deletion.objects.update(next_attempt_at=timezone.now())
endings.carry_out_due()
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    """A database with all tables, made once."""
    database = tmp_path_factory.mktemp("deletion") / "db.sqlite3"
    assert python("", database).returncode == 0
    return database


@pytest.mark.parametrize(
    "dies",
    [
        "return claimed",  # it is taken, and nothing done
        "call delete",  # it can't be kept any more, and the call to Logto is about to be made
        "after delete",  # Logto deleted the account, and nobody wrote it down
        "return went",  # Logto's part is over
        "return announce",  # the last mail is on its way
        "return forget_account",  # the row of the deletion is left
    ],
)
def test_another_process_ends_it(tmp_path, empty, dies):
    database, there = tmp_path / "db.sqlite3", tmp_path / "alice"
    shutil.copy(empty, database)
    there.touch()
    prelude = PRELUDE % {"there": str(there), "dies": dies}

    died = python(prelude + FIRST % {"dies": dies}, database)
    ended = python(prelude.replace("after delete", "never") + NEXT, database)

    assert died.returncode == -signal.SIGKILL, died.stdout + died.stderr
    assert ended.returncode == 0, ended.stderr
    assert not there.exists()
    with closing(sqlite3.connect(database)) as connection:
        [(left,)] = connection.execute("SELECT count(*) FROM deletion_deletion").fetchall()
        events = connection.execute(
            "SELECT action, outcome, account_id FROM audit_auditevent"
        ).fetchall()
        mails = connection.execute("SELECT recipient FROM notices_notice").fetchall()
    assert left == 0
    assert {action for action, _outcome, _account in events} == {"account.deleted"}
    assert [outcome for _action, outcome, _account in events].count("done") == 1
    assert "alice" not in json.dumps(events)
    assert mails == [("ada@example.com",)]
