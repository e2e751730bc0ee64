"""Checks of what the operator set: each says in one sentence what it wants.

They are used by settings.py alone. A value comes from `NAME`, or from the file named by
`NAME_FILE`, as secrets are mounted into containers.
"""

import re
import ssl
import sys
from collections.abc import Callable, Container, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from environs import EnvError, FileAwareEnv
from marshmallow import ValidationError

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1"}
DEMO_ID_PREFIX = "demo-"
LEAST_SECRET = 32  # characters
LEAST_VARIETY = 5  # different ones among them
# A name in letters that every browser knows; one in others is written as xn--….
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
MAIL_SCHEMES = {
    "smtp": {},  # for a relay beside the site: nothing is encrypted
    "submission": {"use_tls": True},  # STARTTLS, port 587
    "smtps": {"use_ssl": True},  # port 465
}
MAIL_SECONDS = 20  # that a mail server may take for each answer


class Wrong(Exception):
    """A value that the site can't start with. Its text is one line for the operator."""


class Environment:
    """The process environment, read by name, with each problem named."""

    def __init__(self) -> None:
        self._env = FileAwareEnv(strip_whitespace=True)

    def text(
        self, name: str, wants: str, *checks: Callable[[str], bool], default: str | None = None
    ) -> str:
        """The value, or the default. Raises Wrong if it is missing, or a check refuses it."""
        value: str = self._read(self._env.str, name, wants, default).strip()
        if value == default:
            return value
        if not value or not all(check(value) for check in checks):
            raise Wrong(f"{name} {'is wrong' if value else 'is empty'}: it wants {wants}.")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True for 1, true, yes, on; false for 0, false, no, off. Raises Wrong."""
        flag: bool = self._read(self._env.bool, name, "1 or 0", default)
        return flag

    def number(self, name: str, *, default: int, least: int = 0, most: int | None = None) -> int:
        """A whole number. Raises Wrong."""
        wants = f"a whole number, {least} or more" if most is None else f"a number up to {most}"
        number: int = self._read(self._env.int, name, wants, default)
        if number < least or (most is not None and number > most):
            raise Wrong(f"{name} is wrong: it wants {wants}.")
        return number

    def words(self, name: str) -> list[str]:
        """What stands between commas; nothing if it is not set."""
        words = self._read(self._env.list, name, "words", [])
        return [word.strip() for word in words if word.strip()]

    def hosts(self, name: str) -> dict[str, str]:
        """Hosts, each with what people call it, if that is given: `app.example.com=Notes`.

        Raises Wrong for what is more or less than a host: a scheme, a path, a wildcard.
        """
        found: dict[str, str] = {}
        for word in self.words(name):
            host, _separator, label = (part.strip() for part in word.partition("="))
            if not HOST.fullmatch(host.lower()):
                raise Wrong(
                    f"{name} is wrong: it wants hosts such as app.example.com=Notes, without https://,"
                    f" and with commas between them; {word!r} is none."
                )
            found[host.lower().removesuffix(":443")] = label
        return found

    def database(self, name: str, engines: Container[str], *, default: str) -> dict[str, Any]:
        """Django's own dictionary of a database, from its URL. Raises Wrong for other engines."""
        wants = (
            "an address such as postgres://user:password@host/name or sqlite:////data/db.sqlite3"
        )
        found = dict(self._read(self._env.dj_db_url, name, wants, default))
        if found.get("ENGINE") not in engines:
            raise Wrong(f"{name} is wrong: it wants {wants}.")
        return found

    def _read(self, read: Callable[..., Any], name: str, wants: str, default: Any) -> Any:
        try:
            return read(name) if default is None else read(name, default)
        except (EnvError, ValidationError, ValueError) as error:
            state = "is not set" if "not set" in str(error) else "is wrong"
            if "readable file" in str(error):
                state = f"can't be read from the file that {name}_FILE names"
            raise Wrong(f"{name} {state}: it wants {wants}.") from error


def runs(command: str) -> bool:
    """Whether this process is that command of manage.py. No variable can make it look so."""
    return [Path(sys.argv[0]).name, *sys.argv[1:2]] == ["manage.py", command]


def is_origin(value: str) -> bool:
    """Whether it is scheme and host, and nothing behind them: https://auth.example.com."""
    try:
        parts = urlsplit(value)
        has_good_port = parts.port is None or 0 < parts.port < 2**16
    except ValueError:
        return False
    rest = (parts.path.rstrip("/"), parts.query, parts.fragment, parts.username)
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and has_good_port
        and not any(rest)
    )


def origins(hosts: Iterable[str]) -> list[str]:
    """What these hosts are to a browser: https, and on this machine http as well."""
    found = [f"https://{host}" for host in hosts]
    return found + [f"http://{host}" for host in hosts if host.partition(":")[0] in LOOPBACK]


def is_safe_origin(value: str) -> bool:
    """Whether it is https, or on this very machine: sign-in must not travel in the clear."""
    return is_origin(value) and (urlsplit(value).scheme == "https" or is_loopback(value))


def is_loopback(value: str) -> bool:
    """Whether an origin is on this machine."""
    return (urlsplit(value).hostname or "") in LOOPBACK


def is_url(value: str) -> bool:
    """Whether it is an absolute http(s) URL."""
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def is_dsn(value: str) -> bool:
    """Whether it is a DSN of Sentry: an URL with a key and a project, https://key@host/7."""
    parts = urlsplit(value)
    return is_url(value) and bool(parts.username) and parts.path.rpartition("/")[2].isdigit()


def is_ca_bundle(value: str) -> bool:
    """Whether it is a file that can be read, with certificates of authorities in it (PEM)."""
    try:
        return bool(ssl.create_default_context(cafile=value).get_ca_certs())
    except OSError:  # which ssl's own errors are, too
        return False


def is_mail_server(value: str) -> bool:
    """Whether it is `none`, `console`, or the URL of a mail server."""
    parts = urlsplit(value)
    return value in {"none", "console"} or (parts.scheme in MAIL_SCHEMES and bool(parts.hostname))


def mailers(url: str) -> dict[str, Any]:
    """Django's MAILERS for what `is_mail_server` accepts. Without a server, sending raises."""
    if url == "none":
        return {}
    if url == "console":
        return {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
    parts = urlsplit(url)
    options = {
        **MAIL_SCHEMES[parts.scheme],
        "host": parts.hostname,
        "port": parts.port,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "timeout": MAIL_SECONDS,
    }
    return {
        "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
    }


def is_bucket(value: str) -> bool:
    """Whether it is `none`, or names a bucket, such as s3://bucket/folder?region=eu-west-1."""
    parts = urlsplit(value)
    wrong = set(parse_qs(parts.query)) - {"region", "endpoint"}
    return value == "none" or (
        parts.scheme == "s3" and bool(parts.hostname) and "@" not in parts.netloc and not wrong
    )


def pictures(address: str, *, folder: Path) -> dict[str, Any]:
    """Django's storage for what `is_bucket` accepts; with `none` it is the folder."""
    if address == "none":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        }
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    options = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "region_name": query.get("region"),
        "endpoint_url": query.get("endpoint"),
    }
    return {"BACKEND": "accountsite.buckets.Bucket", "OPTIONS": options}


def is_long_secret(value: str) -> bool:
    """Whether nobody guesses it: 32 characters or more, and not all alike."""
    return len(value) >= LEAST_SECRET and len(set(value)) >= LEAST_VARIETY


def is_not_demo(value: str) -> bool:
    """Whether it is an application of a real tenant, not of the demo's."""
    return not value.startswith(DEMO_ID_PREFIX)


def management_api_resource(endpoint: str) -> str:
    """The resource indicator of the Management API, as far as the endpoint tells.

    Logto Cloud names it after the tenant; a self-hosted Logto calls it the same everywhere,
    whatever its host (measured on 1.42). A custom domain of Logto Cloud can't be told from a
    self-hosted one: there the operator sets LOGTO_MANAGEMENT_API_RESOURCE.
    """
    host = urlsplit(endpoint).hostname or ""
    return f"https://{host}/api" if host.endswith(".logto.app") else "https://default.logto.app/api"
