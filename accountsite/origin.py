"""Where the request that we work for comes from: for services, which see no request."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Self

LONGEST_USER_AGENT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A client's address, past the proxies that the operator trusts, and what its browser says."""

    address: str = ""
    user_agent: str = ""

    @classmethod
    def of(cls, *, address: str, user_agent: str) -> Self:
        """A client as it was told of; what of it can't be kept or shown is left out."""
        # What is not printable could not be stored (NUL), or would garble a log or a mail.
        printable = "".join(filter(str.isprintable, user_agent))
        return cls(address=address, user_agent=printable[:LONGEST_USER_AGENT])


NOWHERE = Origin()  # a task, a command: nobody's browser

_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def plain(address: str) -> str:
    """An address as people know it: one of IPv4 is no other where a server speaks IPv6 as well.

    Such a server calls 192.0.2.1 `::ffff:192.0.2.1`; Logto does without a proxy (measured).
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped) if mapped else address


def current() -> Origin:
    """The origin of the request at hand; NOWHERE outside of requests."""
    return _current.get()


def enter(*, address: str, user_agent: str) -> None:
    """Work for this client from now on, until the next request of this thread says otherwise."""
    _current.set(Origin.of(address=address, user_agent=user_agent))


@contextmanager
def bound(origin: Origin) -> Iterator[None]:
    """Work for this origin inside the block."""
    token = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(token)
