"""Waits until everything that is still to come has come, then reads what is there."""

import json
import math
import re
import time
from typing import Any

import psycopg

from tests.chaos.records import Event, Notice, Record
from tests.chaos.truth import Evidence, Write
from tests.demo_process import Tenant
from tests.stack.mailbox import Mailbox
from tests.stack.stack import Stack

PATIENCE = 60.0  # seconds in which not one mail or task gets done
NOTICE = re.compile(r"<notice-(\d+)-")
# Waits of minutes and hours between two attempts are not waited for here: time is moved on.
LATER = (
    "UPDATE notices_notice SET next_attempt_at = now() WHERE state = 'queued'",
    """UPDATE django_tasks_database_dbtaskresult SET started_at = started_at - interval '1 hour'
    WHERE status = 'RUNNING'""",
)
# The jobs that look after what was left behind, which otherwise come round each minute or five. What
# was written by a clock that was ahead has its time still to come, and is not waited for either.
JOBS = """
from datetime import timedelta
from accountsite.notices import delivery, missed
from accountsite.schedule import leftovers
missed.tell(settled=-timedelta(minutes=5))
leftovers.begin_lost_again()
delivery.deliver_due()
"""
WAITING = (
    "SELECT (SELECT count(*) FROM notices_notice WHERE state = 'queued')"
    " + (SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status IN ('READY', 'RUNNING'))"
)


def settle(stack: Stack) -> None:
    """Until no mail and no task waits any more, as long as they become fewer."""
    least, give_up = math.inf, math.inf
    with psycopg.connect(_url(stack), autocommit=True) as connection:
        while time.monotonic() < give_up:
            for statement in LATER:
                connection.execute(statement)
            stack.manage("shell", "--no-imports", "--command", JOBS)
            row = connection.execute(WAITING).fetchone()
            waiting = row[0] if row else 0
            if waiting == 0:
                return
            if waiting < least:
                least, give_up = waiting, time.monotonic() + PATIENCE
            time.sleep(0.5)


def gather(stack: Stack, record: Record) -> Evidence:
    """Everything that the judgement needs."""
    with psycopg.connect(_url(stack)) as connection:
        events = [
            Event(
                id=key,
                account_id=account,
                action=action,
                outcome=outcome,
                request_id=request,
                actor=actor,
            )
            for key, account, action, outcome, request, actor in connection.execute(
                "SELECT id, account_id, action, outcome, request_id, actor_kind"
                " FROM audit_auditevent"
            )
        ]
        notices = [
            Notice(id=key, event_id=event, state=state)
            for key, event, state in connection.execute(
                "SELECT id, event_id, state FROM notices_notice"
            )
        ]
    return Evidence(
        record=record,
        writes=[Write.from_json(row) for row in stack.tenant.writes()],
        events=events,
        notices=notices,
        mailed=mailed(stack.mailbox),
        found=found(stack.tenant, record),
        sites=len(stack.sites),
    )


def mailed(mailbox: Mailbox) -> set[int]:
    """The ids of the notices that came; the same mail may have come twice."""
    ids = (NOTICE.match(str(mail.message["Message-ID"])) for mail in list(mailbox.mails))
    return {int(each[1]) for each in ids if each}


def found(tenant: Tenant, record: Record) -> dict[tuple[str, str], str]:
    """What the tenant says now of all that people changed."""
    facts = {(act.account_id, act.fact) for act in record.acts if act.fact}
    held: dict[str, Any] = {}
    for account in {account for account, _fact in facts}:
        held[account] = tenant.management("GET", f"/users/{account}").json()
    return {(account, fact): _text(held[account].get(fact)) for account, fact in facts}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _url(stack: Stack) -> str:
    return stack.environment["DATABASE_URL"].replace("postgres://", "postgresql://", 1)
