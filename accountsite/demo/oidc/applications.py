"""`/api/applications`: as far as an installer of a site needs it."""

import secrets
from typing import Any

from accountsite.demo import state
from accountsite.demo.api import calls, errors, guard, paging
from accountsite.demo.oidc import store
from accountsite.demo.state import Json

TYPES = ("Native", "SPA", "Traditional", "MachineToMachine", "Protected", "SAML")
DEFAULT_SECRET = "Default secret"  # noqa: S105 - its name

METADATA = guard.obj(
    {
        "redirectUris": guard.array(guard.url()),
        "postLogoutRedirectUris": guard.array(guard.url()),
        "backchannelLogoutUri": guard.optional(guard.url()),
        "backchannelLogoutSessionRequired": guard.optional(guard.boolean()),
        "logoUri": guard.optional(guard.text()),
    }
)
CHANGE = {
    "description": guard.optional(guard.nullable(guard.text())),
    "oidcClientMetadata": guard.optional(METADATA),
    "customClientMetadata": guard.optional(guard.free_object()),
    "customData": guard.optional(guard.free_object()),
    "isThirdParty": guard.optional(guard.boolean()),
}
NAME = guard.text(minimum=1, maximum=256)
NEW = guard.obj({"name": NAME, "type": guard.one_of(*TYPES)} | CHANGE)
PATCH = guard.obj({"name": guard.optional(NAME)} | CHANGE)
NEW_SECRET = guard.obj({"name": NAME, "expiresAt": guard.optional(guard.nullable(guard.number()))})
SECRET_NAME = guard.obj({"name": NAME})


def listing(call: calls.Call) -> Any:
    """Every application, or those of the `types`, newest first; paged on request."""
    types = call.query.getlist("types")
    found = [
        application
        for application in reversed(state.tenant.applications.values())
        if not types or application["type"] in types
    ]
    return paging.page(call, found) if paging.is_asked(call) else found


def create(call: calls.Call) -> Json:
    """Make an application, with one secret."""
    application: Json = {
        "tenantId": state.TENANT_ID,
        "id": state.new_id(21),
        "description": None,
        "oidcClientMetadata": {"redirectUris": [], "postLogoutRedirectUris": []},
        "customClientMetadata": {},
        "protectedAppMetadata": None,
        "customData": {},
        "isThirdParty": False,
        "appLevelAccessControlEnabled": False,
        "createdAt": state.now(),
    } | call.body(NEW)
    state.tenant.applications[application["id"]] = application
    _add_secret(application["id"], DEFAULT_SECRET, None)
    return application


def get(call: calls.Call, application_id: str) -> Json:
    """One application, without its secrets."""
    return _find(application_id)


def update(call: calls.Call, application_id: str) -> Json:
    """Change what is sent. Each field is replaced whole, oidcClientMetadata too."""
    application = _find(application_id)
    application |= call.body(PATCH)
    return application


def delete(call: calls.Call, application_id: str) -> None:
    """Remove an application, and what its tokens hang on."""
    _find(application_id)
    del state.tenant.applications[application_id]
    state.tenant.application_secrets.pop(application_id, None)
    state.tenant.application_roles.pop(application_id, None)
    for grant_id in [g.id for g in store.grants.values() if g.client_id == application_id]:
        store.revoke_grant(grant_id)


def list_secrets(call: calls.Call, application_id: str) -> list[Json]:
    """The secrets of an application, in clear."""
    _find(application_id)
    return state.tenant.application_secrets.get(application_id, [])


def create_secret(call: calls.Call, application_id: str) -> calls.Answer:
    """Make another secret, under a name of its own."""
    _find(application_id)
    body = call.body(NEW_SECRET)
    _refuse_taken_name(application_id, body["name"])
    return calls.created(_add_secret(application_id, body["name"], body.get("expiresAt")))


def rename_secret(call: calls.Call, application_id: str, name: str) -> Json:
    """Give a secret another name."""
    row = _find_secret(application_id, name)
    body = call.body(SECRET_NAME)
    if body["name"] != name:
        _refuse_taken_name(application_id, body["name"])
    row["name"] = body["name"]
    return row


def delete_secret(call: calls.Call, application_id: str, name: str) -> None:
    """Remove a secret; the application can no longer use it."""
    state.tenant.application_secrets[application_id].remove(_find_secret(application_id, name))


def _add_secret(application_id: str, name: str, expires_at: int | None) -> Json:
    row = {
        "tenantId": state.TENANT_ID,
        "applicationId": application_id,
        "name": name,
        "value": secrets.token_urlsafe(24),
        "createdAt": state.now(),
        "expiresAt": expires_at,
    }
    state.tenant.application_secrets.setdefault(application_id, []).append(row)
    return row


def _find(application_id: str) -> Json:
    application = state.tenant.applications.get(application_id)
    if application is None:
        raise errors.no_such("application", application_id)
    return application


def _find_secret(application_id: str, name: str) -> Json:
    _find(application_id)
    for row in state.tenant.application_secrets.get(application_id, ()):
        if row["name"] == name:
            return row
    raise errors.not_found()


def _refuse_taken_name(application_id: str, name: str) -> None:
    if any(row["name"] == name for row in state.tenant.application_secrets[application_id]):
        code = "application.secret_name_exists"
        raise errors.Refused(422, code, "Another secret has this name.")


urlpatterns = [
    calls.route("/applications", GET=listing, POST=create),
    calls.route("/applications/:id", GET=get, PATCH=update, DELETE=delete),
    calls.route("/applications/:id/secrets", GET=list_secrets, POST=create_secret),
    calls.route("/applications/:id/secrets/:name", PATCH=rename_secret, DELETE=delete_secret),
]
