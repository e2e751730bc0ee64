"""What is left when a process dies in the middle, and what two at once leave."""

import json
import sqlite3

import pytest

from tests.other_process import python

PRELUDE = """
import json
import os
import responses
from tests.security.logto import Logto

API = "http://127.0.0.1:9/api"
wire = responses.RequestsMock(assert_all_requests_are_fired=False)
wire.start()
wire.post("http://127.0.0.1:9/oidc/token", json={
    "access_token": "m2m", "expires_in": 3600, "token_type": "Bearer", "scope": "all"})
logto = Logto(wire, API)
logto.has("Totp", "BackupCode")
codes = logto.factor("BackupCode")["id"]

def die_after(call):
    def then(done):
        if done == call:
            print(json.dumps([each["type"] for each in logto.factors]), flush=True)
            os._exit(9)
    logto.then = then
"""

PASSWORD = """
from accountsite.security import passwords
passwords.change("alice0000001", "Lantern-Maple-31", sid=None, signs_out=False)
"""
REPLACE_APP = """
from accountsite.security import authenticators, pending
made = pending.Pending(secret="A" * 32, made_at=0, is_proved=True, is_sent=True)
authenticators.bind("alice0000001", made, shown="", own=None)
"""
REMOVE_APP = """
from accountsite.factors import services
logto.has("WebAuthn")
services.remove("alice0000001", factor_id=logto.factor("Totp")["id"])
"""
NEW_CODES = """
from accountsite.security import backup_codes
backup_codes.generate("alice0000001", shown=codes)
"""
TURN_OFF = """
from accountsite.security import switch
switch.turn("alice0000001", on=False)
"""


@pytest.mark.parametrize(
    ("action", "change", "call"),
    [
        ("password.changed", PASSWORD, "PATCH password"),
        ("authenticator.replaced", REPLACE_APP, "POST mfa-verifications"),
        ("authenticator.removed", REMOVE_APP, "DELETE mfa-verifications"),
        ("backup_codes.generated", NEW_CODES, "POST mfa-verifications"),
        ("two_step.turned_off", TURN_OFF, "PATCH logto-configs"),
    ],
)
def test_a_change_whose_answer_nobody_wrote_down_stands_as_started(tmp_path, action, change, call):
    database = tmp_path / "db.sqlite3"

    died = python(f"{PRELUDE}\ndie_after({call!r})\n{change}", database)

    assert died.returncode == 9, died.stderr
    assert rows(database) == [(action, "started")]


def test_a_process_that_died_between_old_and_new_codes_leaves_an_account_that_goes_on(tmp_path):
    """Alone they are a lesser protection, not a locked door; the turn ends by itself."""
    database = tmp_path / "db.sqlite3"

    died = python(f"{PRELUDE}\ndie_after('DELETE mfa-verifications')\n{NEW_CODES}", database)

    assert json.loads(died.stdout) == ["Totp"]
    assert rows(database) == [("backup_codes.generated", "started")]


TWO_AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from accountsite.limits.turns import Busy
from accountsite.factors.services import ChangedElsewhere
from accountsite.security import backup_codes
logto.slows()

def generate(_number):
    try:
        return backup_codes.generate("alice0000001", shown=codes)
    except (Busy, ChangedElsewhere):
        return None

with ThreadPoolExecutor(6) as pool:
    shown = [made for made in pool.map(generate, range(6)) if made]
print(json.dumps([shown, logto.factor("BackupCode")["codes"], len(logto.codes_known)]))
"""


def test_of_two_who_make_new_codes_at_once_one_is_shown_those_that_work(tmp_path):
    done = python(PRELUDE + TWO_AT_ONCE, tmp_path / "db.sqlite3")

    assert done.returncode == 0, done.stderr
    shown, kept, times = json.loads(done.stdout)
    assert shown == [kept]
    assert times == 1


def rows(database):
    """What the audit trail on disk tells."""
    connection = sqlite3.connect(database)
    try:
        return connection.execute("SELECT action, outcome FROM audit_auditevent").fetchall()
    finally:
        connection.close()
