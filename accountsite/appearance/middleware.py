"""The stylesheet's answer, given before anyone asks for a session."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accountsite.appearance import stylesheet as sheet
from accountsite.appearance.colours import Colour

A_YEAR = 365 * 24 * 3600
Answer = Callable[[HttpRequest], HttpResponse]


def stylesheet(get_response: Answer) -> Answer:
    """Serve /appearance/<light>-<dark>.<version>.css, which browsers may keep for good.

    As a view, behind the session, it would vary by cookie, and be fetched again after a sign-in.
    While a new version rolls out, a process may be asked for one it doesn't have: it then gives
    its own, for a minute only.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = sheet.ADDRESS.fullmatch(request.path_info)
        if asked is None:
            return get_response(request)
        light, dark, version = asked.groups()
        response = HttpResponse(
            sheet.text(Colour.parse(light), Colour.parse(dark)),
            content_type="text/css; charset=utf-8",
        )
        is_ours = version == sheet.version()
        response["Cache-Control"] = (
            f"public, max-age={A_YEAR}, immutable" if is_ours else "public, max-age=60"
        )
        return response

    return middleware
