"""What the admin says while Logto does not answer, in its own looks."""

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accountsite.logto import errors
from accountsite.refusals import Refusal, told

logger = logging.getLogger(__name__)


def answers_for_logto(
    site: Any, view: Callable[..., HttpResponseBase]
) -> Callable[..., HttpResponseBase]:
    """The view, with a page that says so where Logto does not answer, or refuses this site."""

    @functools.wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (errors.Unavailable, errors.Unauthorized, errors.Forbidden) as error:
            logger.warning("no page of the directory: %s", error)
            return _page(request, site, error)
        except errors.TooManyRequests as error:
            response = _page(request, site, error)
            response["Retry-After"] = str(error.retry_after or 1)
            return response

    return answering


@contextmanager
def told_in(form: forms.Form) -> Iterator[None]:
    """Put a refusal or an outage above the form, whose values stay. `status_of` then knows."""
    try:
        yield
    except Refusal as refusal:
        form.add_error(None, told(refusal))
        form.status = 422  # type: ignore[attr-defined]
    except errors.TooManyRequests:
        form.add_error(None, _("Logto was asked too much at once. Try again in a moment."))
        form.status = 429  # type: ignore[attr-defined]
    except errors.Unavailable:
        form.add_error(
            None,
            _(
                "Logto did not answer, so this may or may not have been done. What you entered is "
                "still here: look at the account, then try again."
            ),
        )
        form.status = 503  # type: ignore[attr-defined]


def status_of(form: forms.Form) -> int:
    """With which status a page answers that shows this form."""
    if form.is_bound and form.errors:
        return int(getattr(form, "status", 422))
    return 200


def _page(request: HttpRequest, site: Any, error: errors.LogtoError) -> HttpResponse:
    """Whether to wait, or to look at the settings."""
    context = {
        **site.admin_site.each_context(request),
        "title": _("Logto does not answer"),
        "is_ours": isinstance(error, errors.Unauthorized | errors.Forbidden),
    }
    return TemplateResponse(request, "admin/directory/unavailable.html", context, status=503)
