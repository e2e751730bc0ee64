"""authlib's connection to the tenant, measured like every other call of Logto."""

import time
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.requests_client import OAuth2Session

from accountsite import measurements
from accountsite.logto import correlation

ENDPOINTS = ("/oidc/.well-known/openid-configuration", "/oidc/token", "/oidc/jwks")


class Connection(OAuth2Session):  # type: ignore[misc] # authlib has no types
    """Sends what authlib asks it to, with the id of the page request."""

    def send(self, request: Any, **options: Any) -> Any:
        """The answer, as from `requests`, whose errors it raises."""
        if request_id := correlation.request_id.get():
            request.headers[correlation.HEADER] = request_id
        began, outcome = time.perf_counter(), "unavailable"
        try:
            response = super().send(request, **options)
            outcome = _outcome(response.status_code)
            return response
        finally:
            path = urlsplit(request.url).path
            measurements.tell(
                measurements.LogtoCall(
                    method=request.method,
                    # The tenant's own document says where they are: it could say anything.
                    endpoint=path if path in ENDPOINTS else measurements.OTHER,
                    outcome=outcome,
                    seconds=time.perf_counter() - began,
                )
            )


def _outcome(status: int) -> str:
    if status < HTTPStatus.BAD_REQUEST:
        return "ok"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "unavailable"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "limited"
    is_ours = status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    return "unauthorized" if is_ours else "refused"
