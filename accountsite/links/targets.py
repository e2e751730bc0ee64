"""Where people may be sent back to: to hosts that the operator listed, and nowhere else."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

LONGEST = 2000  # characters of an address
PORTS = {"https": 443, "http": 80}
LOOPBACK = {"localhost", "127.0.0.1"}
# Browsers read a backslash as a slash, and drop tabs and line ends: what looks like a path of ours,
# or a good host, is another one then. What is not ASCII has its encodings, xn--… and %…, which
# nobody takes for a letter that looks alike.
PRINTABLE = re.compile(r"[!-\[\]-~]+")
# Neither names nor passwords before the host, nor escapes in it.
NETLOC = re.compile(r"(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(?P<port>[0-9]{1,5}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address that it is safe to lead to, and what people know it by."""

    url: str
    label: str


def allowed(url: str) -> Target | None:
    """The target, if it is https (or http on this very machine) at a host that is listed.

    None for anything else. The host and its port must be the listed ones: nothing is completed.
    """
    if len(url) > LONGEST or not PRINTABLE.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    found = NETLOC.fullmatch(parts.netloc.lower())
    if found is None or parts.scheme not in PORTS:
        return None
    host = found["host"]
    if parts.scheme == "http" and host not in LOOPBACK:
        return None
    standard = PORTS[parts.scheme]
    port = int(found["port"] or standard)
    name = host if port == standard else f"{host}:{port}"
    if name not in settings.RETURN_HOSTS:
        return None
    return Target(url=url, label=settings.RETURN_HOSTS[name] or name)
