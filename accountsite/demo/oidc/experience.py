"""`/api/experience`: what Logto's own sign-in page calls, as far as a password sign-in goes.

Programs sign in with it where a person would use the pages. It knows the interaction by the cookie
of the browser; of several sign-ins at once in one browser, it means the newest.
"""

from django.urls import reverse

from accountsite.demo import state
from accountsite.demo.api import calls, errors, guard
from accountsite.demo.oidc import flow, sign_in, store
from accountsite.demo.oidc.authorization import sender
from accountsite.demo.state import Json

START = guard.obj({"interactionEvent": guard.one_of("SignIn", "Register", "ForgotPassword")})
IDENTIFIER = guard.obj({"type": guard.one_of("username", "email", "phone"), "value": guard.text()})
PASSWORD = guard.obj({"identifier": IDENTIFIER, "password": guard.text()})
CODE = guard.obj({"code": guard.text()})
VERIFIED = guard.obj({"verificationId": guard.text()})


def start(call: calls.Call) -> None:
    """Begin. Only sign-in is offered: 403 for the others."""
    _interaction(call)
    if call.body(START)["interactionEvent"] != "SignIn":
        raise errors.Refused(403, "auth.forbidden", "This tenant lets nobody do that here.")


def password(call: calls.Call) -> Json:
    """Prove a password."""
    body = call.body(PASSWORD)
    identifier = body["identifier"]
    record = sign_in.with_password(
        _interaction(call), identifier["value"], body["password"], kind=identifier["type"]
    )
    return {"verificationId": record["id"]}


def totp(call: calls.Call) -> Json:
    """Prove a code of the authenticator app."""
    return {"verificationId": sign_in.with_totp(_interaction(call), call.body(CODE)["code"])["id"]}


def backup_code(call: calls.Call) -> Json:
    """Spend a backup code."""
    record = sign_in.with_backup_code(_interaction(call), call.body(CODE)["code"])
    return {"verificationId": record["id"]}


def identification(call: calls.Call) -> None:
    """Say who it is, by a proof that was given."""
    interaction, wanted = _interaction(call), call.body(VERIFIED)["verificationId"]
    if wanted not in {record["id"] for record in interaction.records}:
        message = "There is no such verification."
        raise errors.Refused(404, "session.verification_session_not_found", message)
    sign_in.identify(interaction)


def submit(call: calls.Call) -> Json:
    """Finish, and tell where the browser is to go on."""
    interaction = _interaction(call)
    sign_in.complete(interaction, sender(call.request))
    return {"redirectTo": state.tenant.endpoint + reverse("demo:resume", args=[interaction.id])}


def _interaction(call: calls.Call) -> store.Interaction:
    interaction = flow.current(call.request)
    if interaction is None:
        message = "There is no sign-in under way. Start again from the application."
        raise errors.Refused(400, "session.not_found", message)
    return interaction


urlpatterns = [
    calls.route("/experience", public=True, PUT=start),
    calls.route("/experience/verification/password", public=True, POST=password),
    calls.route("/experience/verification/totp/verify", public=True, POST=totp),
    calls.route("/experience/verification/backup-code/verify", public=True, POST=backup_code),
    calls.route("/experience/identification", public=True, POST=identification),
    calls.route("/experience/submit", public=True, POST=submit),
]
