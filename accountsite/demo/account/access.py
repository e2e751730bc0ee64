"""Who calls the Account API, and what they may do there.

    urlpatterns = [access.route("/my-account", GET=me.get, PATCH=me.update)]

A handler takes the call, the person and what the path's parameters hold. It first reads the body,
then says what it needs, in Logto's order, and then changes something:

    def delete(call: Call, person: Person) -> None:
        person.must_prove()
        person.must_edit("email")
        ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern

from accountsite.demo import state, webhooks
from accountsite.demo.account import records
from accountsite.demo.api import calls, errors
from accountsite.demo.oidc import bearer, store
from accountsite.demo.oidc.authorization import sender

PROOF_HEADER = "logto-verification-id"

type Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose token it is, and what the token is good for."""

    user: state.User
    client_id: str
    grant_id: str
    scopes: frozenset[str]
    has_proof: bool

    @property
    def can_prove(self) -> bool:
        """Whether they have anything that a proof can be made of."""
        record = self.user.record
        has_address = bool(record["primaryEmail"] or record["primaryPhone"])
        return self.user.password is not None or has_address

    def must_prove(self) -> None:
        """Raises errors.Refused, 401, without a fresh proof that they are who they are."""
        if not self.has_proof:
            code = "verification_record.permission_denied"
            raise errors.Refused(401, code, "Prove first who you are.")

    def must_prove_if_they_can(self) -> None:
        """The same, but not for those who have no password, email or phone."""
        if self.can_prove:
            self.must_prove()

    def must_edit(self, *areas: str) -> None:
        """Raises errors.Refused, 400, unless the account center lets people change these."""
        if any(_switch(area) != "Edit" for area in areas):
            code = "account_center.field_not_editable"
            raise errors.Refused(400, code, "This tenant does not let you change this.")

    def must_see(self, area: str) -> None:
        """Raises errors.Refused, 400, unless the account center shows this to people."""
        if not is_shown(area):
            code = "account_center.field_not_enabled"
            raise errors.Refused(400, code, "This tenant does not show this.")

    def must_hold(self, scope: str, *, status: int = 401, code: str = "auth.unauthorized") -> None:
        """Raises errors.Refused unless the token has this scope. Logto's status is often 400."""
        if scope not in self.scopes:
            raise errors.Refused(status, code, bearer.UNAUTHORIZED)

    def must_be_at_home(self) -> None:
        """Raises errors.Refused, 403, where an application of a third party calls."""
        application = state.tenant.applications.get(self.client_id)
        if application is None or application["isThirdParty"]:
            code = "auth.third_party_application_forbidden"
            raise errors.Refused(403, code, "This is not for applications of third parties.")


def route(pattern: str, **handlers: Handler) -> URLPattern:
    """A path of the Account API with a handler for each method; see calls.route."""
    mine = {method: _for_its_person(handler) for method, handler in handlers.items()}
    return calls.route(pattern, public=True, locked=True, fires=None, **mine)


def is_shown(area: str) -> bool:
    """Whether people may see this part of their account."""
    return _switch(area) in ("Edit", "ReadOnly")


def changed(call: calls.Call, user: state.User) -> None:
    """Note and tell that a person changed something. The webhook does not say by which call."""
    user.touch()
    event = "User.Data.Updated"
    told = {"event": event, "createdAt": state.iso_time(state.now()), **sender(call.request)}
    webhooks.fire(event, told | {"data": user.record})


def _for_its_person(handler: Handler) -> Handler:
    @wraps(handler)
    def wrapped(call: calls.Call, *params: str) -> Any:
        person = _authenticate(call.request)
        if not state.tenant.account_center["enabled"]:
            raise errors.Refused(400, "account_center.not_enabled", "The account center is off.")
        return handler(call, person, *params)

    return wrapped


def _authenticate(request: HttpRequest) -> Person:
    """Raises errors.Refused: 401 auth.…, and 403 auth.forbidden for a token without openid."""
    token = store.find_proof(bearer.token_of(request), "access")
    user = state.tenant.users.get(token.user_id) if token else None
    if token is None or user is None:
        raise errors.Refused(401, "auth.unauthorized", bearer.UNAUTHORIZED)
    scopes = frozenset(token.scope.split())
    if "openid" not in scopes:
        raise errors.Refused(403, "auth.forbidden", "This token may not do that.")
    return Person(
        user=user,
        client_id=token.client_id,
        grant_id=token.grant_id,
        scopes=scopes,
        has_proof=records.proves(request.headers.get(PROOF_HEADER), user),
    )


def _switch(area: str) -> str:
    """Off, ReadOnly or Edit. Passkeys follow the other factors where nothing is said of them."""
    fields = state.tenant.account_center["fields"]
    fallback = fields.get("mfa", "Off") if area == "passkey" else "Off"
    return str(fields.get(area, fallback))
