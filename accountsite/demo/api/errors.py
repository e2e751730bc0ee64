"""How the Management API says no.

Every refusal is `{code, message, data?, details?}`; a failure of the server itself has only a
message. Codes are Logto's, sentences are ours: nobody may depend on them.
"""

import json
import logging
from typing import Any

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

JSON_TYPE = "application/json; charset=utf-8"


class Refused(Exception):
    """The call is refused with a status and, unless it is the server's own failure, a code."""

    def __init__(
        self,
        status: int,
        code: str | None,
        message: str,
        *,
        data: Any = None,
        details: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.data = data
        self.details = details

    def response(self) -> HttpResponse:
        """The answer that tells it."""
        body = {
            "code": self.code,
            "data": self.data,
            "details": self.details,
            "message": self.message,
        }
        shown = {key: value for key, value in body.items() if value is not None}
        return json_response(shown, self.status)


def json_response(value: Any, status: int = 200) -> HttpResponse:
    """JSON as Logto writes it: compact, UTF-8, the charset in the header."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate is legal in JSON's \\u notation but not in UTF-8.
    return HttpResponse(text.encode("utf-8", "replace"), status=status, content_type=JSON_TYPE)


def plain_response(status: int, text: str) -> HttpResponse:
    """What Logto's router answers before any call is reached: plain text, no code."""
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def not_found() -> Refused:
    """No such thing, or no such user: the usual 404."""
    return Refused(404, "entity.not_found", "There is nothing here.")


def no_such(kind: str, key: str) -> Refused:
    """No such thing, where Logto's 404 tells the kind and the id."""
    return Refused(404, "entity.not_exists_with_id", f"There is no {kind} {key!r}.")


def not_there(kind: str) -> Refused:
    """The 404 of a change that found no row to change."""
    return Refused(404, "entity.not_exists", f"There is no such {kind}.")


def nothing_to_change() -> Refused:
    """A PATCH without any field that can be changed."""
    return Refused(422, "entity.invalid_input", "Send at least one field to change.")


def bad_request(message: str, *, data: Any = None) -> Refused:
    """Well-formed, yet not acceptable."""
    return Refused(400, "request.invalid_input", message, data=data)


def dangling(status: int = 422) -> Refused:
    """The call names something that does not exist."""
    code = "entity.relation_foreign_key_not_found"
    return Refused(status, code, "One of the ids belongs to nothing.")


def too_long(limit: int) -> Refused:
    """A value that does not fit its column."""
    data = {"message": f"at most {limit} characters fit"}
    return Refused(422, "entity.value_too_long", "A value is too long.", data=data)


def broken() -> Refused:
    """What the real server answers where it trips over itself: 500, a message and no code."""
    return Refused(500, None, "The tenant could not do this.")


def not_found_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Any path that leads nowhere (Django's handler404)."""
    return plain_response(404, "Not Found")


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug of this tenant, told as Logto tells its own (Django's handler500)."""
    return broken().response()
