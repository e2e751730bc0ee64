"""What every request gets: an id, a language, headers, and a page of its own in an outage."""

import ipaddress
import logging
import re
import secrets
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import trans_real

from accountsite import errors as pages_of_errors
from accountsite import origin
from accountsite.limits import attempts
from accountsite.logto import correlation, errors, recollection, tenant
from accountsite.pages import SiteRequest
from accountsite.signin import preferences

logger = logging.getLogger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestContext(MiddlewareMixin):
    """`request.id`, which goes to Logto and into every log line, and `request.client_address`."""

    def process_request(self, request: HttpRequest) -> None:
        """Take the proxy's id if there is a proxy to trust, else make one."""
        given = request.headers.get("X-Request-ID", "")
        trusted = settings.TRUSTED_PROXIES and REQUEST_ID.fullmatch(given)
        mine = cast("SiteRequest", request)
        mine.id = given if trusted else secrets.token_hex(8)
        mine.client_address = client_address(request)
        correlation.request_id.set(mine.id)
        recollection.begin()
        origin.enter(address=mine.client_address, user_agent=request.headers.get("User-Agent", ""))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Give the id out, for support."""
        recollection.end()
        response["X-Request-ID"] = cast("SiteRequest", request).id
        return response


class PageHeaders(MiddlewareMixin):
    """Account pages are nobody else's to keep, and differ for htmx."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Say so, unless the view said something else."""
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ("HX-Request", "HX-Request-Type"))
        return response


class PersonalLocale(MiddlewareMixin):
    """The language and time zone that the person chose, else those their browser asks for."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate both for this request."""
        liked = preferences.get(request)
        translation.activate(liked.language or _language_of_browser(request))
        request.LANGUAGE_CODE = translation.get_language()
        if liked.time_zone:
            timezone.activate(liked.time_zone)
        else:
            timezone.deactivate()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Name the language, and remember a change of preferences in the browser."""
        response.headers.setdefault("Content-Language", translation.get_language() or "en")
        patch_vary_headers(response, ("Accept-Language",))
        preferences.write_cookies(request, response)
        return response


class Outage(MiddlewareMixin):
    """Logto slow, down or wrong, or too much asked: a page that says so, and what to do."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for what Logto failed us with; anything else goes on."""
        if isinstance(error, errors.TooManyRequests):
            return pages_of_errors.busy(request, wait=error.retry_after)
        if isinstance(error, attempts.TooMany):
            return pages_of_errors.too_many(request, error, wait=error.retry_after)
        if isinstance(error, errors.Unauthorized | errors.Forbidden):
            # Ours to mend, not the person's: the credentials or rights of this site are wrong.
            logger.error("Logto refuses this site's own credentials: %s", error)
            return pages_of_errors.unavailable(request)
        if isinstance(error, errors.Unavailable):
            logger.warning("Logto is unavailable: %s", error)
            return pages_of_errors.unavailable(request)
        return None


def client_address(request: HttpRequest) -> str:
    """Where the request comes from, past as many proxies as the operator vouches for.

    Each proxy appends the address it was called from to X-Forwarded-For; what stands left of
    those entries anyone can have written.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop]
    direct = origin.plain(str(request.META.get("REMOTE_ADDR", "")))
    if not settings.TRUSTED_PROXIES or len(hops) < settings.TRUSTED_PROXIES:
        return direct
    try:
        return origin.plain(str(ipaddress.ip_address(hops[-settings.TRUSTED_PROXIES])))
    except ValueError:
        return direct


def _language_of_browser(request: HttpRequest) -> str:
    for accepted, _quality in trans_real.parse_accept_lang_header(
        request.headers.get("Accept-Language", "").lower()
    ):
        if language := preferences.supported(accepted):
            return language
    return _language_of_tenant()


def _language_of_tenant() -> str:
    """What the tenant falls back to, as far as that is known without waiting for it."""
    known = tenant.cached()
    fallback = known.sign_in_experience.fallback_language if known else ""
    return preferences.supported(fallback) or settings.LANGUAGE_CODE
