"""One template, two answers: the whole page, or the part of it that htmx swaps.

With `middleware.py` this is the only place that asks whether htmx is calling.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accountsite.links import returns
from accountsite.logto import errors
from accountsite.refusals import Refusal, told
from accountsite.signin import drafts

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accountsite.signin.account import Account

Context = dict[str, Any]


class SiteRequest(HttpRequest):
    """A request with what our middleware adds: what views with open doors get."""

    account: "Account | None"
    htmx: HtmxDetails
    id: str
    client_address: str


class AccountRequest(SiteRequest):
    """A request of somebody who is signed in: what views behind the gate get."""

    account: "Account"


def submitted(request: HttpRequest) -> QueryDict | None:
    """What the person sent with a POST, else None: a form's first argument."""
    return request.POST if request.method == "POST" else None


def files(request: HttpRequest) -> "MultiValueDict[str, UploadedFile[bytes]] | None":
    """The files of a POST, else None: a form's second argument."""
    return request.FILES if request.method == "POST" else None


def kept(request: HttpRequest, initial: Mapping[str, Any]) -> dict[str, Any]:
    """A form's initial values, overlaid with what was typed here when the session had expired.

    That draft is given out once, to the person who typed it, on the page it was meant for.
    """
    return {**initial, **drafts.take(request)}


def page(
    request: HttpRequest, template: str, context: Context, *, status: int | None = None
) -> HttpResponse:
    """The page, or its `#card` if htmx asked for a part. A refused form answers 422."""
    name = f"{template}#card" if wants_part(request) else template
    response = render(request, name, context, status=status or _status(context))
    if wait := getattr(context.get("form"), "retry_after", 0):
        response["Retry-After"] = str(wait)
    return response


def saved(
    request: HttpRequest, template: str, context: Context, *, to: str | None = None
) -> HttpResponse:
    """After a change: the `#saved` partial for htmx, else a redirect, to this very page.

    Who came from another app to do just this goes back there instead.
    """
    if away := returns.follow(request):
        return _leave(request, away)
    if wants_part(request):
        return render(request, f"{template}#saved", context)
    response = HttpResponseRedirect(to or request.path)
    response.status_code = 303  # the browser follows with GET, whatever it sent
    return response


def refuse(form: BaseForm, refusal: Refusal, *, field: str | None = None) -> None:
    """Put a service's refusal beside a field, or above them all.

    `page` then answers 422, or 429 if the refusal is to be waited out.
    """
    form.add_error(field, told(refusal))
    form.retry_after = getattr(refusal, "retry_after", 0)  # type: ignore[attr-defined]


class told_in:  # noqa: N801 - reads as the statement it is
    """Tells in the form why the block's change can't be made: there, what was typed stays.

    A refusal goes beside the field. `page` then answers 422, 429, or 503 if Logto did not answer.
    """

    def __init__(self, form: BaseForm, *, field: str | None = None) -> None:
        self.form, self.field = form, field

    def __enter__(self) -> None:
        """Nothing is told yet."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        """Take what can be told; anything else goes on."""
        match error:
            case Refusal():
                refuse(self.form, error, field=self.field)
            case errors.TooManyRequests():
                _fail(self.form, _busy(error.retry_after))
            case errors.Unavailable():
                tell_of_outage(self.form)
            case _:
                return False
        return True


def tell_of_outage(form: BaseForm) -> None:
    """Say in the form that Logto did not answer; `page` then answers 503."""
    _fail(form, _unavailable())


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page, which takes the place of an element."""
    htmx = cast("SiteRequest", request).htmx
    return bool(htmx) and htmx.request_type != "full" and not htmx.history_restore_request


def leave_for(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to another page: by redirect, or by htmx, which can't follow one.

    After a change, who came from another app to do just this goes back there instead.
    """
    return _leave(request, returns.follow(request, instead_of=url) or url)


def _fail(form: BaseForm, words: str) -> None:
    form.is_outage = True  # type: ignore[attr-defined]
    form.add_error(None, words)


def _leave(request: HttpRequest, url: str) -> HttpResponse:
    if cast("SiteRequest", request).htmx:
        return HttpResponseClientRedirect(url)
    response = HttpResponseRedirect(url)
    response.status_code = 302 if request.method in {"GET", "HEAD"} else 303
    return response


def _status(context: Context) -> int:
    form = context.get("form")
    if getattr(form, "retry_after", 0):
        return 429
    if getattr(form, "is_outage", False):
        return 503
    return 422 if isinstance(form, BaseForm) and form.is_bound and form.errors else 200


def _unavailable() -> str:
    return _(
        "Your account could not be reached, so this may not have been saved. "
        "What you entered is still here: try again in a moment."
    )


def _busy(seconds: int | None) -> str:
    if not seconds:
        return _("There were too many changes at once. Try again in a moment.")
    return ngettext(
        "There were too many changes at once. Try again in %(count)d second.",
        "There were too many changes at once. Try again in %(count)d seconds.",
        seconds,
    ) % {"count": seconds}
