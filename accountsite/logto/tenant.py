"""The tenant's configuration: what decides what people see.

Kept in the shared cache. For a minute it is used as it is; after that one caller fetches it anew
in the background while all go on with what is there, however old: a site that knows its tenant
keeps working while Logto is down.
"""

import functools
import hashlib
import json
import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.core.cache import cache

from accountsite.logto import client, errors, parallel, profile_fields, reading, recollection
from accountsite.logto.account_center import Access, AccountCenter, Control
from accountsite.logto.profile_fields import ProfileField
from accountsite.logto.sign_in_experience import SignInExperience

logger = logging.getLogger(__name__)

FRESH_SECONDS = 60
LOCK_SECONDS = 15  # longer than any request: after a failure, the pause before the next try

# Whole stylesheets and texts of Logto's own pages: nothing for us, and up to megabytes.
UNUSED = ("customCss", "customContent", "customUiAssets", "customUiCsp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """Everything about the tenant that shapes this site."""

    sign_in_experience: SignInExperience
    account_center: AccountCenter
    profile_fields: tuple[ProfileField, ...]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answers of the three endpoints, under our own names for them."""
        answers = reading.obj(data)
        return cls(
            sign_in_experience=SignInExperience.from_json(answers["sign_in_experience"]),
            account_center=AccountCenter.from_json(answers["account_center"]),
            profile_fields=profile_fields.of_json(answers["profile_fields"]),
        )

    def access(self, control: Control) -> Access:
        """What people may do with this field of their account."""
        return self.account_center.access(control)


def current() -> Tenant:
    """The tenant, as known; waits for Logto only if nothing is known yet.

    Raises Unavailable (and Unauthorized, Forbidden) if nothing is known and Logto fails.
    """
    kept = _kept()
    if kept is None:
        return _fetched_together()
    known, fetched_at = kept
    if time.time() - fetched_at >= FRESH_SECONDS and cache.add(_key("lock"), 1, LOCK_SECONDS):
        parallel.in_background(_refresh_quietly)
    return known


def cached() -> Tenant | None:
    """The tenant, if it is known, without asking Logto."""
    kept = _kept()
    return kept[0] if kept else None


def refresh() -> Tenant:
    """Ask Logto now, and keep the answer. Raises as `current` does."""
    fetched = parallel.gather(
        lambda: client.get("/sign-in-exp", read=_without_unused),
        lambda: client.get("/account-center", read=_without_unused),
        lambda: client.get("/custom-profile-fields", read=list),
    )
    names = ("sign_in_experience", "account_center", "profile_fields")
    text = json.dumps(dict(zip(names, fetched, strict=True)))
    try:
        known = _parsed(text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise errors.Unavailable("the tenant's configuration has an unknown shape") from error
    cache.set(_key("tenant"), (text, time.time()), None)
    recollection.forget(_key("tenant"))
    cache.delete(_key("lock"))
    return known


def _fetched_together() -> Tenant:
    """What the first caller of this process fetches, for all who come meanwhile, or its error."""
    global _flight  # noqa: PLW0603 - the one that is under way, if any
    with _boarding:
        if kept := _kept():
            return kept[0]
        is_first = _flight is None
        flight = _flight = _flight or Future()
    if not is_first:
        return flight.result()
    try:
        flight.set_result(refresh())
    except BaseException as error:
        flight.set_exception(error)
        raise
    finally:
        with _boarding:
            _flight = None
    return flight.result()


_boarding = threading.Lock()
_flight: Future[Tenant] | None = None


def _refresh_quietly() -> None:
    try:
        refresh()
    except errors.LogtoError as error:
        logger.warning("the tenant's configuration stays as it was: %s", error)


def _kept() -> tuple[Tenant, float] | None:
    """What the cache holds, unless a release with other needs put it there."""
    return recollection.of(_key("tenant"), _in_cache)


def _in_cache() -> tuple[Tenant, float] | None:
    kept = cache.get(_key("tenant"))
    if kept is None:
        return None
    try:
        text, fetched_at = kept
        return _parsed(text), float(fetched_at)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


@functools.lru_cache(maxsize=4)
def _parsed(text: str) -> Tenant:
    """JSON is what is cached, and survives an upgrade of this site; models are made once of it."""
    return Tenant.from_json(json.loads(text))


def _without_unused(data: Any) -> Mapping[str, Any]:
    return {key: value for key, value in reading.obj(data).items() if key not in UNUSED}


def _key(what: str) -> str:
    whose = hashlib.sha256(settings.LOGTO_ENDPOINT.encode()).hexdigest()[:16]
    return f"logto:{what}-settings:{whose}"
