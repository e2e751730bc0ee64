"""/my-account/sessions and /grants: where a person is signed in, and who may act for them."""

from accountsite.demo import state
from accountsite.demo.account.access import Person
from accountsite.demo.api import errors
from accountsite.demo.api.calls import Call
from accountsite.demo.oidc import sessions

SCOPE = "urn:logto:scope:sessions"
NOT_FOUND = 404


def listing(call: Call, person: Person) -> state.Json:
    """One's sessions; `isCurrent` is the one that the token came from."""
    _must_see(person)
    found = sessions.listing(call, person.user.id)["sessions"]
    return {"sessions": [row | {"isCurrent": _is_current(row, person)} for row in found]}


def delete(call: Call, person: Person, session_id: str) -> None:
    """End a session of one's own.

    For another one Logto answers 400 and gives the 404 that it meant as data (measured).
    """
    _must_change(person)
    try:
        sessions.delete(call, person.user.id, session_id)
    except errors.Refused as refusal:
        if refusal.status != NOT_FOUND:
            raise
        data = {"status": NOT_FOUND}
        raise errors.Refused(400, refusal.code, refusal.message, data=data) from refusal


def grants(call: Call, person: Person) -> state.Json:
    """What one lets applications do."""
    _must_see(person)
    return sessions.grants(call, person.user.id)


def delete_grant(call: Call, person: Person, grant_id: str) -> None:
    """End a grant of one's own, and kill its tokens."""
    _must_change(person)
    sessions.delete_grant(call, person.user.id, grant_id)


def _must_see(person: Person) -> None:
    person.must_prove()
    person.must_see("session")
    person.must_hold(SCOPE)


def _must_change(person: Person) -> None:
    person.must_prove()
    person.must_edit("session")
    person.must_hold(SCOPE)
    person.must_be_at_home()


def _is_current(row: state.Json, person: Person) -> bool:
    authorized = row["payload"]["authorizations"].get(person.client_id, {})
    return bool(authorized.get("grantId") == person.grant_id)
