"""Whether Logto can be reached, and is who it should be."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from accountsite.doctor import findings
from accountsite.doctor.findings import Finding
from accountsite.doctor.sources import Sources
from accountsite.logto import discovery, errors, grants, sessions, status
from accountsite.logto.status import Trouble
from accountsite.signin import oidc

SLOW = 1000.0  # milliseconds
SKEW = 10.0  # seconds that clocks may be apart unnoticed: dates have whole ones
NOBODY = "accountsite-doctor"  # an account that no tenant has: ids have 12 characters


def endpoint(sources: Sources) -> Iterator[Finding]:
    """An answer to the health check, or what stands between."""
    try:
        seen = sources.get(status.look)
    except errors.Unavailable as error:
        yield _unreachable(status.trouble(error))
        return
    took = _("%(endpoint)s answers in %(milliseconds)d ms.") % {
        "endpoint": settings.LOGTO_ENDPOINT,
        "milliseconds": seen.milliseconds,
    }
    if seen.milliseconds > SLOW:
        yield findings.warning(took, _("Bring the site nearer to Logto: each page waits for it."))
    else:
        yield findings.ok(took)


def issuer(sources: Sources) -> Iterator[Finding]:
    """The discovery document is that of LOGTO_ENDPOINT, and leads nowhere else."""
    provider = sources.get(discovery.provider)
    if provider.issuer != oidc.issuer():
        yield findings.error(
            _("Logto calls itself %(theirs)s, and this site expects %(ours)s.")
            % {"theirs": provider.issuer, "ours": oidc.issuer()},
            _(
                "Set LOGTO_ENDPOINT to the address under which browsers know Logto, and ENDPOINT of"
                " Logto itself to the same."
            ),
        )
        return
    origin = f"{settings.LOGTO_ENDPOINT}/"
    away = [address for address in provider.addresses.values() if not address.startswith(origin)]
    if away:
        yield findings.error(
            _("Logto sends browsers to %(address)s, which is not at LOGTO_ENDPOINT.")
            % {"address": away[0]},
            _("Let the proxy before Logto pass on X-Forwarded-Proto and Host."),
        )
        return
    yield findings.ok(_("The issuer is %(issuer)s.") % {"issuer": provider.issuer})


def clock(sources: Sources) -> Iterator[Finding]:
    """This machine and Logto agree about the time, as tokens have a beginning and an end."""
    ahead = sources.get(status.look).ahead
    if ahead is None:
        yield findings.warning(
            _("Logto’s answers have no date, so the clocks can’t be compared."),
            _("Let the proxy before Logto pass on the Date header."),
        )
        return
    seconds = {"seconds": round(abs(ahead))}
    behind = _("This machine’s clock is %(seconds)d s behind Logto’s.") % seconds
    before = _("This machine’s clock is %(seconds)d s before Logto’s.") % seconds
    apart, mend = behind if ahead > 0 else before, _("Let both machines keep time by NTP.")
    if abs(ahead) > oidc.LEEWAY:
        yield findings.error(apart, mend)
    elif abs(ahead) > SKEW:
        yield findings.warning(apart, mend)
    else:
        yield findings.ok(_("This machine’s clock and Logto’s agree."))


def features(sources: Sources) -> Iterator[Finding]:
    """This Logto is new enough. It does not tell its version, but what it has tells it."""
    for ask in (sessions.of_user, grants.of_user):
        try:
            ask(NOBODY)
        except errors.NotFound:
            continue
        except errors.NotOffered:
            yield findings.warning(
                _("This Logto can’t tell where somebody is signed in, or which apps they use."),
                _("Upgrade Logto to 1.42 or later."),
            )
            return
    yield findings.ok(_("This Logto has all that the site needs."))


def _unreachable(trouble: Trouble) -> Finding:
    host = {"endpoint": settings.LOGTO_ENDPOINT}
    match trouble:
        case Trouble.NAME:
            return findings.error(
                _("The host name of %(endpoint)s is not known here.") % host,
                _("Correct LOGTO_ENDPOINT, or let this machine ask a DNS server that knows it."),
            )
        case Trouble.REFUSED:
            return findings.error(
                _("%(endpoint)s takes no connections.") % host,
                _("Start Logto, or correct the port in LOGTO_ENDPOINT."),
            )
        case Trouble.CERTIFICATE:
            return findings.error(
                _("The certificate of %(endpoint)s is not good, or it does not speak TLS.") % host,
                _(
                    "Give Logto a certificate for this name, of an authority that everybody trusts or"
                    " ACCOUNTSITE_CA_BUNDLE names."
                ),
            )
        case Trouble.SLOW:
            return findings.error(
                _("%(endpoint)s does not answer in time.") % host,
                _("Let the firewall pass connections from here, and look whether Logto is well."),
            )
        case Trouble.BROKEN:
            return findings.error(
                _("The connection to %(endpoint)s breaks off.") % host,
                _("Look at the proxy before Logto, and at its log."),
            )
    return findings.error(
        _("Something answers at %(endpoint)s, but not like Logto.") % host,
        _("Set LOGTO_ENDPOINT to Logto’s own address, which is not that of its Console."),
    )
