"""How the app that a person comes from speaks and looks: for this visit, this site does as well.

The parameters are those of OpenID Connect Core 1.0, section 3.1.2.1 (`ui_locales`), and our own
`theme`. They go before what the person chose on this site, since they chose the app's language as
well, and more lately. Nothing of it is written to their profile, and a choice that they make here ends
it.
"""

import re
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict

KEY = "visit"
NAMES = {"language": "ui_locales", "theme": "theme"}  # of a choice here, in a link
THEMES = ("system", "light", "dark")
MOST_LOCALES = 10
LOCALE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a link asked for; empty for what it did not.

    `ui_locales` are well-formed, the best first, with spaces between. This site may know none of them:
    Logto, which they are passed on to, speaks more languages.
    """

    ui_locales: str = ""
    theme: str = ""


def enter(request: HttpRequest) -> None:
    """Take what the address of this page asks for, or else what an earlier one of the visit did."""
    before = Visit(**request.session.get(KEY, {}))
    now = _with(before, request.GET) if request.GET else before
    if "next" in request.GET:  # a page that stands between the link and its page
        now = _with(now, _query_of(request.GET["next"]))
    request.visit = now  # type: ignore[attr-defined]
    if now != before and getattr(request, "account", None) is not None:
        keep(request)


def of(request: HttpRequest) -> Visit:
    """What holds for this request."""
    visit: Visit = getattr(request, "visit", Visit())
    return visit


def keep(request: HttpRequest) -> None:
    """Let it hold for the pages to come, too."""
    if (visit := of(request)) != Visit():
        request.session[KEY] = asdict(visit)


def end(request: HttpRequest, *choices: str) -> None:
    """What the person chooses on this site holds from now on: a `language`, a `theme`."""
    changes = {NAMES[choice]: "" for choice in choices if choice in NAMES}
    request.visit = replace(of(request), **changes)  # type: ignore[attr-defined]
    if KEY in request.session:
        request.session[KEY] = asdict(of(request))


def _with(visit: Visit, query: QueryDict) -> Visit:
    changes: dict[str, Any] = {}
    if "ui_locales" in query:
        locales = [each for each in str(query["ui_locales"]).split() if LOCALE.fullmatch(each)]
        changes["ui_locales"] = " ".join(locales[:MOST_LOCALES])
    if query.get("theme") in THEMES:
        changes["theme"] = query["theme"]
    return replace(visit, **changes)


def _query_of(address: str) -> QueryDict:
    try:
        return QueryDict(urlsplit(address).query)
    except ValueError:
        return QueryDict()
