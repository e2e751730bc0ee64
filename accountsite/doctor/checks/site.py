"""Whether the site is as others should find it."""

import json
import platform
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import checks
from django.utils import timezone
from django.utils.translation import gettext as _

from accountsite import environment
from accountsite.doctor import findings, outside, strength, support
from accountsite.doctor.findings import Finding
from accountsite.doctor.outside import Answer
from accountsite.doctor.sources import Sources
from accountsite.logto.status import Trouble
from accountsite.operations import checks as own

MANIFEST = "staticfiles.json"
LARGE = 2048  # bytes from which a text is always worth compressing
COMPRESSIBLE = {".css", ".js", ".svg"}
# System checks of which other lines tell: that of the cache, and that of the secrets.
SAID_ELSEWHERE = {own.NO_SHARED_CACHE, "security.W009", "security.W025"}


def https(sources: Sources) -> Iterator[Finding]:
    """Nobody's session travels in the clear."""
    site = {"site": settings.SITE_URL}
    if settings.IS_HTTPS:
        yield findings.ok(_("The site is at %(site)s, with https.") % site)
    elif environment.is_loopback(settings.SITE_URL):
        yield findings.ok(_("The site is at %(site)s, on this machine alone.") % site)
    else:
        yield findings.error(
            _("The site is at %(site)s, without https.") % site,
            _("Put a proxy with a certificate before it, and set SITE_URL to its https address."),
        )


def reachable(sources: Sources) -> Iterator[Finding]:
    """At SITE_URL this site answers, and no other."""
    seen = sources.get(outside.view)
    site = {"site": settings.SITE_URL, "status": seen.status}
    if seen.trouble is not None:
        yield _unreachable(seen.trouble)
    elif seen.answer is Answer.ECHO:
        yield findings.ok(_("This site answers at %(site)s.") % site)
    elif seen.answer is Answer.LOOP:
        yield findings.error(
            _("%(site)s leads to itself, again and again: the site takes https for http.") % site,
            _("Let the proxy set X-Forwarded-Proto, and ACCOUNTSITE_TRUSTED_PROXIES to 1 or more."),
        )
    elif seen.answer is Answer.STRANGER:
        yield findings.error(
            _("What answers at %(site)s is another site, or has another SECRET_KEY.") % site,
            _("Give all processes the same settings, and let SITE_URL lead to them."),
        )
    elif seen.answer is Answer.HOST:
        yield findings.error(
            _("The site is asked for by another name than that of %(site)s.") % site,
            _("Let the proxy pass the Host header on as it came."),
        )
    elif seen.answer is Answer.PROXY:
        yield findings.error(
            _("What answers at %(site)s does not reach the site: status %(status)d.") % site,
            _("Start the site, and let the proxy lead to its host and port."),
        )
    else:
        yield findings.error(
            _("%(site)s answers with status %(status)d.") % site,
            _("Look into the log of the site, and of the proxy before it."),
        )


def proxy(sources: Sources) -> Iterator[Finding]:
    """The site knows who calls: limits are counted by address, and history shows it."""
    seen = sources.get(outside.view).echo
    if seen is None:
        return
    if settings.IS_HTTPS and settings.TRUSTED_PROXIES and not seen.proxies:  # https ends at one
        yield findings.error(
            _("The proxy does not tell the site where requests come from."),
            _("Let it add the client’s address to X-Forwarded-For: now anybody can claim any."),
        )
        return
    numbers = {"proxies": seen.proxies, "trusted": settings.TRUSTED_PROXIES}
    says = _("Proxies before the site: %(proxies)d; it trusts: %(trusted)d.") % numbers
    if seen.believes_forged or seen.proxies < settings.TRUSTED_PROXIES:
        yield findings.error(
            says,
            _(
                "Set ACCOUNTSITE_TRUSTED_PROXIES to %(proxies)d: anybody can claim to be at any"
                " address."
            )
            % numbers,
        )
    elif seen.proxies > settings.TRUSTED_PROXIES:
        yield findings.error(
            says,
            _(
                "Set ACCOUNTSITE_TRUSTED_PROXIES to %(proxies)d: all people seem to come from one"
                " address, and share its limits."
            )
            % numbers,
        )
    else:
        yield findings.ok(_("The site knows where requests come from."))


def hsts(sources: Sources) -> Iterator[Finding]:
    """Browsers are told to come by https alone."""
    if settings.IS_HTTPS and sources.get(outside.view).trouble is not None:
        return
    if settings.IS_HTTPS and not sources.get(outside.view).has_hsts:
        yield findings.warning(
            _("The answers at %(site)s have no Strict-Transport-Security.")
            % {"site": settings.SITE_URL},
            _("Let the proxy pass that header on, which the site sends."),
        )
    elif settings.IS_HTTPS:
        yield findings.ok(_("Browsers are told to come by https alone."))
    else:
        yield findings.ok(_("Without https there is nothing to tell browsers about it."))


def static_files(sources: Sources) -> Iterator[Finding]:
    """Every file is there under its hashed name, and compressed beforehand."""
    mend = _("Run `manage.py collectstatic` again.")
    try:
        known = json.loads((settings.STATIC_ROOT / MANIFEST).read_text())["paths"]
    except (OSError, ValueError, KeyError):
        yield findings.error(_("There is no list of static files in ACCOUNTSITE_STATIC."), mend)
        return
    wanted = {path for finder in get_finders() for path, _storage in finder.list([])}
    missing = sorted(
        path for path in wanted if not (settings.STATIC_ROOT / known.get(path, "-")).is_file()
    )
    plain = sorted(path for path, name in known.items() if _is_plain(settings.STATIC_ROOT / name))
    numbers = {"count": len(missing) or len(plain), "example": [*missing, *plain, ""][0]}
    if missing:
        yield findings.error(
            _("Static files that are missing: %(count)d, such as %(example)s.") % numbers, mend
        )
    elif plain:
        yield findings.warning(
            _("Static files that are not compressed: %(count)d, such as %(example)s.") % numbers,
            mend,
        )
    else:
        yield findings.ok(
            _("Static files, all there and compressed: %(count)d.") % {"count": len(wanted)}
        )


def secrets(sources: Sources) -> Iterator[Finding]:
    """Nobody guesses them. They are told by their names alone."""
    named = {
        "SECRET_KEY": [settings.SECRET_KEY],
        "SECRET_KEY_FALLBACKS": settings.SECRET_KEY_FALLBACKS,
        "LOGTO_WEBHOOK_SECRET": settings.WEBHOOK_SECRETS,
        "LOGTO_APP_SECRET": [settings.LOGTO_APP_SECRET],
        "LOGTO_M2M_APP_SECRET": [settings.LOGTO_M2M_APP_SECRET],
    }
    weak = [name for name, values in named.items() if not all(map(strength.is_strong, values))]
    if weak:
        yield findings.error(
            _("Somebody could guess %(names)s.") % {"names": ", ".join(weak)},
            _(
                "Make another by `openssl rand -base64 48`; Logto makes its own anew in the Console."
            ),
        )
    elif strength.has_twins([value for values in named.values() for value in values]):
        yield findings.warning(
            _("Two secrets are the same."), _("Give each its own: who learns one knows both.")
        )
    elif settings.SECRET_KEY_FALLBACKS:
        yield findings.ok(
            _("The secrets are strong; retired keys that still count: %(count)d.")
            % {"count": len(settings.SECRET_KEY_FALLBACKS)}
        )
    else:
        yield findings.ok(_("The secrets are strong."))


def versions(sources: Sources) -> Iterator[Finding]:
    """What it runs on still gets security fixes."""
    for name, version, last_day in (
        ("Python", platform.python_version(), support.of_python()),
        ("Django", django.get_version(), support.of_django()),
    ):
        words = {"name": name, "version": version}
        if last_day is None:
            yield findings.ok(_("%(name)s %(version)s.") % words, about=name)
        elif last_day < timezone.now().date():
            yield findings.warning(
                _("%(name)s %(version)s gets no security fixes any more.") % words,
                _("Upgrade this site: a newer release runs on a newer version."),
                about=name,
            )
        else:
            yield findings.ok(
                _("%(name)s %(version)s, with security fixes until %(day)s.")
                % {**words, "day": last_day.isoformat()},
                about=name,
            )


def system(sources: Sources) -> Iterator[Finding]:
    """Django's own checks, and those of this site; those of a deployment where there is https."""
    found = [
        message
        for message in checks.run_checks(include_deployment_checks=settings.IS_HTTPS)
        if message.level >= checks.WARNING
        and not message.is_silenced()
        and message.id not in SAID_ELSEWHERE
    ]
    for message in found:
        make = findings.error if message.level >= checks.ERROR else findings.warning
        says = " ".join(str(message.msg).split())
        yield make(says, " ".join(str(message.hint or "").split()), about=message.id or "")
    if not found:
        yield findings.ok(_("Django’s system checks find nothing."))


def _unreachable(trouble: Trouble) -> Finding:
    """That this machine does not reach it need not mean that others don't."""
    site = {"site": settings.SITE_URL}
    match trouble:
        case Trouble.CERTIFICATE:
            return findings.error(
                _("The certificate of %(site)s is not good.") % site,
                _(
                    "Give the proxy a certificate for this name, of an authority that everybody trusts"
                    " or ACCOUNTSITE_CA_BUNDLE names."
                ),
            )
        case Trouble.NAME:
            says = _("The host name of %(site)s is not known here.") % site
        case Trouble.REFUSED:
            says = _("Nothing answers at %(site)s.") % site
        case _other:
            says = _("%(site)s does not answer in time.") % site
    return findings.warning(
        says, _("Start the site, and let this machine reach it by that name; then ask again.")
    )


def _is_plain(path: Path) -> bool:
    """Whether it should be compressed beforehand and is not."""
    if path.suffix not in COMPRESSIBLE or not path.is_file() or path.stat().st_size < LARGE:
        return False
    return not path.with_name(f"{path.name}.gz").is_file()
