"""How a token is used at this tenant: as facts, and as a command to copy.

A token is exchanged for an access token (RFC 8693); Logto's own name for the type of the token is
`urn:logto:token-type:personal_access_token` (measured). The application that does so needs token
exchange switched on; one without a secret names itself by `client_id` alone.
"""

import shlex
from dataclasses import dataclass

from django.conf import settings

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange"
TOKEN_TYPE = "urn:logto:token-type:personal_access_token"  # noqa: S105 - a type, no token
ANY_APP = "APP_ID"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a page tells about it."""

    endpoint: str
    grant_type: str
    token_type: str
    app_id: str  # empty where the operator names no application
    command: str


def current() -> Usage:
    """For this tenant. The token itself stands in it by a name: commands end up in histories."""
    endpoint = f"{settings.LOGTO_ENDPOINT}/oidc/token"
    return Usage(
        endpoint=endpoint,
        grant_type=GRANT_TYPE,
        token_type=TOKEN_TYPE,
        app_id=settings.TOKENS_APP_ID,
        command=_command(endpoint, settings.TOKENS_APP_ID or ANY_APP),
    )


def _command(endpoint: str, app_id: str) -> str:
    fields = [
        f"client_id={app_id}",
        f"grant_type={GRANT_TYPE}",
        f"subject_token_type={TOKEN_TYPE}",
        "scope=openid profile",
    ]
    data = [f"-d {shlex.quote(field)}" for field in fields]
    return " \\\n  ".join([f"curl {endpoint}", *data, '-d "subject_token=$TOKEN"'])
