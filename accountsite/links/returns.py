"""Who goes back where, after which task.

It is kept in the server-side session, by the path of the page that the link was for, and holds for
every page below that path: so it outlives a sign-in, a confirmation, and the steps of a task. Tasks
in two tabs don't disturb each other.
"""

import time
from typing import Any, TypedDict
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from accountsite.links import targets
from accountsite.links.targets import Target

KEY = "returns"
PARAMETER = "return_to"
LASTS = 3600  # seconds
MOST = 10  # tasks of one session
# Pages between two pages of a task: of those that are kept below the path beside it, the newest.
BETWEEN = {
    "/confirm/": "/",
    "/connections/leave/": "/connections/link/",
    "/connections/callback/": "/connections/link/",
    "/connections/replacement/": "/connections/link/",
}
ENDS_ON_GET = "/connections/callback/"  # where a provider sends people to
STAYS = {messages.WARNING, messages.ERROR}


class Kept(TypedDict):
    """A way back, and when the link was followed, in seconds."""

    url: str
    at: float


def keep(request: HttpRequest) -> None:
    """Remember the way back that this link names, if it is a good one; others are ignored."""
    if target := targets.allowed(request.GET.get(PARAMETER, "")):
        kept = _kept(request.session)
        kept.pop(request.path, None)
        newest = sorted(kept.items(), key=lambda item: item[1]["at"])[1 - MOST :]
        request.session[KEY] = {**dict(newest), request.path: Kept(url=target.url, at=time.time())}


def of(request: HttpRequest) -> Target | None:
    """The way back from this page, if there is one.

    It is checked again: the list of hosts may have changed, and a session is data like other data.
    """
    path = _path(request)
    if path is None:
        return None
    return _in_this_tab(request, path) or targets.allowed(_kept(request.session)[path]["url"])


def follow(request: HttpRequest, *, instead_of: str = "") -> str | None:
    """Where to go now that a task is done, once; None to stay.

    `instead_of` is the page that would be next. Where that is another task, this one goes on there, and
    the way back with it.

    A task is done when a request that changes something ends with a message of success, and no warning:
    that is to be read here. The way back is that of a task, not of a whole section, in which there
    may be more to do.
    """
    path = _path(request)
    changes = request.method == "POST" or request.path.startswith(ENDS_ON_GET)
    if path is None or not changes or is_section(path) or not _is_done(request):
        return None
    next_path = urlsplit(instead_of).path
    goes_on = bool(instead_of) and not is_section(next_path)
    target = None if goes_on else of(request)
    kept = _kept(request.session)
    done = kept.pop(path)
    request.session[KEY] = {**kept, next_path: done} if goes_on else kept
    if target is None:
        return None
    _queued(request).clear()  # the app says it in its own way; here it would come too late
    return target.url


def is_section(path: str) -> bool:
    """Whether it is the first page of a section, which is named like it."""
    try:
        match = resolve(path)
    except Resolver404:
        return True
    return match.namespaces[-1:] == [match.url_name]


def _path(request: HttpRequest) -> str | None:
    """The path that the way back of this page is kept by: of all above it, the nearest."""
    kept = _kept(request.session)
    for between, below in BETWEEN.items():
        if request.path.startswith(between):
            near = {path: each["at"] for path, each in kept.items() if path.startswith(below)}
            return max(near, key=near.__getitem__, default=None)
    above = [path for path in kept if request.path.startswith(path)]
    return max(above, key=len, default=None)


def _in_this_tab(request: HttpRequest, path: str) -> Target | None:
    """The way back in the address of the very page that the request comes from.

    Two tabs with the same task can have come from two apps.
    """
    pages = (
        request.get_full_path(),
        request.headers.get("HX-Current-URL", ""),
        request.headers.get("Referer", ""),
    )
    for page in pages:
        try:
            parts = urlsplit(page)
            named = parse_qs(parts.query).get(PARAMETER, [""])[0]
        except ValueError:
            continue
        if parts.path == path and (target := targets.allowed(named)):
            return target
    return None


def _kept(session: Any) -> dict[str, Kept]:
    oldest = time.time() - LASTS
    return {path: kept for path, kept in session.get(KEY, {}).items() if kept["at"] >= oldest}


def _is_done(request: HttpRequest) -> bool:
    levels = {message.level for message in _queued(request)}
    return messages.SUCCESS in levels and not levels & STAYS


def _queued(request: HttpRequest) -> list[Any]:
    """What this request has to tell; what an earlier one left to be told is not among it."""
    storage = messages.get_messages(request)
    return getattr(storage, "_queued_messages", [])
