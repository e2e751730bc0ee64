"""Parts of a run, for the tests of the judgement. Unless told otherwise, all went well in it."""

from typing import Any

from tests.chaos import ledger
from tests.chaos.records import Act, Answer, Event, Notice, Record, Said, Strike
from tests.chaos.truth import Evidence, Write

ZOE = "zoe000000001"
RENAMING = r"PATCH /api/users/[^/]+$"


def act(**facts: Any) -> Act:
    """Zoe changed her name, and was told so."""
    given: dict[str, Any] = {
        "person": "zoe",
        "account_id": ZOE,
        "name": "name",
        "writes": RENAMING,
        "fact": "name",
        "value": "Zoe Two",
        "said": Said.DONE,
        "request_ids": ["page-1"],
    }
    return Act(**given | facts)


def write(**facts: Any) -> Write:
    """Logto did it."""
    given = {"method": "PATCH", "path": f"/api/users/{ZOE}", "request_id": "page-1"}
    return Write(**given | facts)


def event(**facts: Any) -> Event:
    """The trail has it."""
    given: dict[str, Any] = {
        "id": 1,
        "account_id": ZOE,
        "action": "username.changed",
        "outcome": "done",
        "request_id": "page-1",
    }
    return Event(**given | facts)


def answer(**facts: Any) -> Answer:
    """A page that the site served."""
    given: dict[str, Any] = {
        "person": "zoe",
        "method": "GET",
        "path": "/profile/",
        "status": 200,
        "began": 10.0,
        "ended": 11.0,
        "request_id": "page-1",
    }
    return Answer(**given | facts)


def strike(**facts: Any) -> Strike:
    """Something was wrong while Zoe was at it."""
    given: dict[str, Any] = {"name": "Logto down", "began": 9.0, "ended": 12.0, "explains": "503 "}
    return Strike(**given | facts)


def judged(**parts: Any) -> ledger.Verdict:
    """The verdict on a run in which all went well, but for these parts."""
    record = Record(
        answers=parts.pop("answers", [answer()]),
        acts=parts.pop("acts", [act()]),
        signed_out=parts.pop("signed_out", []),
        outages=parts.pop("outages", []),
        strikes=parts.pop("strikes", []),
        stalls=parts.pop("stalls", []),
        denied=parts.pop("denied", []),
    )
    given: dict[str, Any] = {
        "writes": [write()],
        "events": [event()],
        "notices": [Notice(id=7, event_id=1, state="sent")],
        "mailed": {7},
        "found": {(ZOE, "name"): "Zoe Two"},
    }
    return ledger.judge(Evidence(record=record, **given | parts))
