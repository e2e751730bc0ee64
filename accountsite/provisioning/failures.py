"""Why the tenant could not be set up: one sentence for the operator, that says what mends it."""

from django.conf import settings

from accountsite.logto import errors

CONSOLE = (
    "assign it the role “Logto Management API access”: Console > Applications > its page > Roles"
)


def sentence(error: errors.LogtoError) -> str:
    """What happened, and what to do. No secret stands in it."""
    endpoint = settings.LOGTO_ENDPOINT
    if isinstance(error, errors.NotOffered):
        return f"What answers at {endpoint} is not Logto, or too old: check LOGTO_ENDPOINT."
    if isinstance(error, errors.Unavailable):
        return f"Logto does not answer at {endpoint} as it should ({error}): check LOGTO_ENDPOINT."
    if isinstance(error, errors.TooManyRequests):
        return "Logto has had too many requests: wait a minute, and run this again."
    if isinstance(error, errors.Unauthorized | errors.Forbidden):
        return _of_access(error)
    if isinstance(error, errors.Conflict) or _is_taken(error):
        return f"Something of that name appeared meanwhile ({error}): run this again."
    return f"Logto refused a change ({error}): it has to be 1.42 or later."


def _is_taken(error: errors.LogtoError) -> bool:
    return isinstance(error, errors.Rejected) and error.code.endswith("_in_use")


def _of_access(error: errors.Rejected) -> str:
    application = f"the application {settings.LOGTO_M2M_APP_ID}"
    if isinstance(error, errors.Forbidden):
        if error.code in {"", "auth.forbidden"}:
            return f"Logto knows {application}, which may not use the Management API: {CONSOLE}."
        return f"Logto does not allow it ({error.code}): the tenant’s plan may have no more room."
    if error.code == "oidc.invalid_client":
        return (
            f"Logto does not accept LOGTO_M2M_APP_SECRET for {application}: both must be those of "
            f"a machine-to-machine application of {settings.LOGTO_ENDPOINT}."
        )
    if error.code == "oidc.invalid_target":
        return (
            f"Logto has no API {settings.LOGTO_MANAGEMENT_API_RESOURCE}: set "
            "LOGTO_MANAGEMENT_API_RESOURCE to what the Console shows under API resources."
        )
    return f"Logto gives {application} no access ({error.code or error.status})."
