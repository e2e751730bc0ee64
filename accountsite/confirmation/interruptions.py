"""What the person was doing when they were asked who they are, and how it goes on.

It waits in the server-side session, which is encrypted: for ten minutes, and once.
"""

import copy
import time
from typing import Any, TypedDict, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import resolve, reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from accountsite import pages

KEY = "interrupted"
WAITS = 600  # seconds
MOST_CHARACTERS = 64_000


class Interrupted(TypedDict):
    """A request that waits for a proof."""

    method: str
    path: str
    query: str
    fields: str
    had_files: bool
    in_place: bool
    """Whether htmx asked for a part of a page: then the question stands in that page."""
    purpose: str
    with_record: bool
    at: float


def keep(request: HttpRequest, *, purpose: str, with_record: bool = False) -> None:
    """Put this request by. A form that is absurdly long is not kept, only its page."""
    fields = urlencode(
        {
            name: request.POST.getlist(name)
            for name in request.POST
            if name != "csrfmiddlewaretoken"
        },
        doseq=True,
    )
    is_kept = len(fields) <= MOST_CHARACTERS and not request.FILES
    request.session[KEY] = Interrupted(
        method=request.method if is_kept and request.method == "POST" else "GET",
        path=request.path,
        query=request.META.get("QUERY_STRING", ""),
        fields=fields if is_kept else "",
        had_files=bool(request.FILES),
        in_place=pages.wants_part(request),
        purpose=purpose,
        with_record=with_record,
        at=time.time(),
    )


def waiting(session: Any) -> Interrupted | None:
    """What waits, unless it waited for too long."""
    kept: Interrupted | None = session.get(KEY)
    return kept if kept is not None and time.time() - kept["at"] < WAITS else None


def go_on(request: HttpRequest) -> HttpResponse:
    """Do what was interrupted, once: the page comes back, the form is sent.

    With htmx the answer is the card that the question took the place of.
    """
    kept = waiting(request.session)
    request.session.pop(KEY, None)
    if kept is None:
        return pages.leave_for(request, reverse("overview:overview"))
    if kept["had_files"]:
        messages.info(request, _("Choose the file again: files are not kept while you confirm."))
    is_part = kept["in_place"] and pages.wants_part(request)
    if kept["method"] == "GET" and not is_part:
        return pages.leave_for(
            request, kept["path"] + (f"?{kept['query']}" if kept["query"] else "")
        )
    match = resolve(kept["path"])
    answer = match.func(_again(request, kept, match), *match.args, **match.kwargs)
    return cast("HttpResponse", answer)


def _again(request: HttpRequest, kept: Interrupted, match: Any) -> HttpRequest:
    """The interrupted request, in the session and with the rights of the one at hand."""
    again = copy.copy(request)
    again.method = kept["method"]
    again.path = again.path_info = kept["path"]
    again.META = {
        **request.META,
        "REQUEST_METHOD": kept["method"],
        "PATH_INFO": kept["path"],
        "QUERY_STRING": kept["query"],
    }
    again.GET = QueryDict(kept["query"])
    # WSGIRequest parses these from its stream when they are first read; the stream is another's.
    again._post = QueryDict(kept["fields"])  # type: ignore[attr-defined] # noqa: SLF001
    again._files = MultiValueDict()  # type: ignore[attr-defined] # noqa: SLF001
    again.resolver_match = match
    return again
