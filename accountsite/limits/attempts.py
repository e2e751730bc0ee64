"""Counting attempts, and refusing too many.

attempts.count(Kind.PASSWORD, account=account_id)  # raises TooMany
passwords.verify(account_id, password)
attempts.succeeded(Kind.PASSWORD, account=account_id)
"""

import ipaddress
import math
import time
from collections.abc import Iterator

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from limits import RateLimitItem
from limits.strategies import FixedWindowRateLimiter

from accountsite import measurements, origin
from accountsite.limits import rules, storage
from accountsite.limits.rules import Kind, Per
from accountsite.refusals import Refusal

IPV6_CUSTOMER = 64  # bits of an address


class TooMany(Refusal):
    """No more attempts for now. `retry_after` is in seconds; views answer 429."""

    def __init__(self, kind: Kind, *, retry_after: int) -> None:
        wait = words_for(retry_after)
        if kind == Kind.SEND:
            super().__init__(_("You can get another code in %(wait)s.") % {"wait": wait})
        else:
            super().__init__(_("Too many attempts. Try again in %(wait)s.") % {"wait": wait})
        self.kind = kind
        self.retry_after = retry_after


def count(kind: Kind, *, account: str, target: str = "") -> None:
    """Count an attempt before it is made: for the account, the target if any, and the client.

    `account` is an account's id, `target` an email address or phone number; the client's address is
    that of the request at hand. Raises TooMany, and then the attempt must not be made.
    """
    limiter = _limiter()
    for item, key in _counters(kind, account=account, target=target):
        if not limiter.hit(item, key):
            measurements.tell(measurements.LimitHit(kind=kind))
            raise TooMany(kind, retry_after=wait(kind, account=account, target=target))


def wait(kind: Kind, *, account: str, target: str = "") -> int:
    """How many seconds until the next attempt is allowed: 0 if it is allowed now. Counts nothing."""
    limiter = _limiter()
    ends = [
        limiter.get_window_stats(item, key).reset_time
        for item, key in _counters(kind, account=account, target=target)
        if not limiter.test(item, key)
    ]
    return max(1, math.ceil(max(ends) - time.time())) if ends else 0


def succeeded(kind: Kind, *, account: str, target: str = "") -> None:
    """Forget the failures before this success: of the account and the target.

    Those of the client stand: who knows one password could go on guessing another with it.
    """
    limiter = _limiter()
    for item, key in _counters(kind, account=account, target=target, with_client=False):
        limiter.clear(item, key)


def forget(account_id: str) -> None:
    """Forget what was counted for an account that is gone.

    What was counted for addresses that were written to stands until its window is over: it keeps
    them from being flooded, and does not tell whose they were.
    """
    limiter = _limiter()
    for rule in rules.RULES:
        if rule.per == Per.ACCOUNT:
            limiter.clear(rule.item, _hashed(account_id))


def words_for(seconds: int) -> str:
    """A wait in words, rounded up, such as `45 seconds`, `5 minutes` or `3 hours`."""
    if seconds <= rules.MINUTE:
        return ngettext("%d second", "%d seconds", seconds) % seconds
    if seconds <= rules.HOUR:
        minutes = math.ceil(seconds / rules.MINUTE)
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    hours = math.ceil(seconds / rules.HOUR)
    return ngettext("%d hour", "%d hours", hours) % hours


def _limiter() -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(storage.current())


def _counters(
    kind: Kind, *, account: str, target: str, with_client: bool = True
) -> Iterator[tuple[RateLimitItem, str]]:
    """Each rule that applies, with the key of its counter, in the order of the rules."""
    values = {
        Per.ADDRESS: _customer(origin.current().address) if with_client else "",
        Per.ACCOUNT: account,
        Per.TARGET: target.strip().lower(),
    }
    for rule in rules.RULES:
        if rule.kind == kind and values[rule.per]:
            yield rule.item, _hashed(values[rule.per])


def _hashed(value: str) -> str:
    """The counters tell nobody whose they are. A new SECRET_KEY begins them anew."""
    return salted_hmac("accountsite.limits", value, algorithm="sha256").hexdigest()


def _customer(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_CUSTOMER), strict=False))
    return str(parsed)
