"""`/api/users/{userId}/sessions` and `/grants`. An unknown user has none of either: 200."""

from accountsite.demo import state
from accountsite.demo.api import calls, errors, guard
from accountsite.demo.oidc import store
from accountsite.demo.state import Json

REVOKED = ("all", "firstParty")
APP_TYPES = ("firstParty", "thirdParty")


def listing(call: calls.Call, user_id: str) -> Json:
    """Every session of a person, oldest first."""
    return {"sessions": [session.as_json() for session in store.sessions_of(user_id)]}


def get(call: calls.Call, user_id: str, session_id: str) -> Json:
    """One session. Another person's is 404 too."""
    session = _find(session_id)
    if session.user_id != user_id:
        raise _not_found()
    return session.as_json()


def delete(call: calls.Call, user_id: str, session_id: str) -> None:
    """End a session, with the grants of all its applications, of the tenant's own, or with none.

    No application is told: there is no back-channel logout here, as in Logto.
    """
    revoked = _choice(call, "revokeGrantsTarget", REVOKED)
    session = _find(session_id)
    if session.user_id != user_id:
        message = "This session belongs to another account."
        raise errors.Refused(404, "oidc.invalid_session_account_id", message)
    del store.sessions[session.id]
    for client_id, authorized in session.authorizations.items():
        if revoked == "all" or (revoked == "firstParty" and not _is_third_party(client_id)):
            store.revoke_grant(authorized["grantId"])


def grants(call: calls.Call, user_id: str) -> Json:
    """What a person lets applications do, oldest first; on request only of one kind of them."""
    kind = _choice(call, "appType", APP_TYPES)
    now = store.seconds()
    found = [
        grant
        for grant in store.grants.values()
        if grant.user_id == user_id
        and grant.expires_at > now
        and kind in (None, "thirdParty" if _is_third_party(grant.client_id) else "firstParty")
    ]
    applications = state.tenant.applications
    return {"grants": [grant.as_json(applications.get(grant.client_id)) for grant in found]}


def delete_grant(call: calls.Call, user_id: str, grant_id: str) -> None:
    """End a grant and kill its tokens. Sessions stay, without the application in them."""
    grant = store.grants.get(grant_id)
    if grant is None or grant.user_id != user_id:
        raise errors.Refused(404, "oidc.invalid_grant", "There is no such grant.")
    store.revoke_grant(grant_id)
    for session in store.sessions_of(user_id):
        held = session.authorizations.get(grant.client_id, {})
        if held.get("grantId") == grant_id:
            del session.authorizations[grant.client_id]


def _find(session_id: str) -> store.Session:
    for session in store.sessions.values():
        if session.uid == session_id and session.expires_at > store.seconds():
            return session
    raise _not_found()


def _not_found() -> errors.Refused:
    return errors.Refused(404, "oidc.session_not_found", "There is no such session.")


def _choice(call: calls.Call, name: str, choices: tuple[str, ...]) -> str | None:
    check = guard.obj({name: guard.optional(guard.one_of(*choices))})
    chosen: str | None = guard.run(check, call.query.dict()).get(name)
    return chosen


def _is_third_party(client_id: str) -> bool:
    return bool(state.tenant.applications.get(client_id, {}).get("isThirdParty"))


urlpatterns = [
    calls.route("/users/:userId/sessions", GET=listing),
    calls.route("/users/:userId/sessions/:sessionId", GET=get, DELETE=delete),
    calls.route("/users/:userId/grants", GET=grants),
    calls.route("/users/:userId/grants/:grantId", DELETE=delete_grant),
]
