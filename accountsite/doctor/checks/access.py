"""Whether the tenant lets this site in, and knows where it is."""

import functools
import ipaddress
import socket
from collections.abc import Iterator, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accountsite import environment
from accountsite.doctor import findings
from accountsite.doctor.findings import Finding
from accountsite.doctor.sources import Sources
from accountsite.logto import applications, credentials, errors, resources, roles
from accountsite.logto.applications import Application, Type
from accountsite.signin import oidc
from accountsite.signin.models import UsedLogoutToken

PERMISSION = "all"  # the one that the Management API has
BAD_REQUEST, UNAUTHORIZED = 400, 401
NO_REDIRECT_URI = "oidc.invalid_redirect_uri"
LATELY = timedelta(days=30)


def management(sources: Sources) -> Iterator[Finding]:
    """The machine-to-machine application gets a token."""
    try:
        sources.get(credentials.fetch)
    except errors.Unauthorized as refusal:
        yield _no_token(refusal)
        return
    yield findings.ok(_("The machine-to-machine application gets tokens."))


def management_role(sources: Sources) -> Iterator[Finding]:
    """The token opens the Management API: one without a role is given out too, and does not."""
    try:
        sources.get(roles.every)
    except errors.Unauthorized:
        yield findings.error(
            _("The Management API does not take the tokens that Logto gives this site."),
            _(
                "Set LOGTO_MANAGEMENT_API_RESOURCE to the API identifier of the Logto Management"
                " API, as the Console shows it under API resources."
            ),
        )
        return
    yield findings.ok(_("The Management API lets this site in."))


def application(sources: Sources) -> Iterator[Finding]:
    """The token endpoint knows the application by which people sign in, and its secret."""
    try:
        credentials.check_application()
    except errors.TooManyRequests:
        raise
    except errors.Rejected as refusal:
        if refusal.code == NO_REDIRECT_URI:
            yield findings.skipped(
                _("Logto looks at no secret of an application that has no redirect URI.")
            )
            return
        yield _unknown_application(refusal)
        return
    yield findings.ok(_("Logto knows LOGTO_APP_ID with LOGTO_APP_SECRET."))


def application_kind(sources: Sources) -> Iterator[Finding]:
    """It is a Traditional web application, and the tenant's own."""
    name = {"application": settings.LOGTO_APP_ID}
    try:
        ours = sources.get(_ours)
    except errors.NotFound:
        yield findings.error(
            _("The Management API knows no application %(application)s.") % name,
            _("Set LOGTO_APP_ID and the other LOGTO_ variables to things of the same tenant."),
        )
        return
    mend = _("Make an application of the type Traditional web, and use its id and secret.")
    if ours.type is not Type.TRADITIONAL:
        yield findings.error(
            _("The application %(application)s is not of the type Traditional web.") % name, mend
        )
    elif ours.is_third_party:
        yield findings.error(
            _("The application %(application)s is a third-party one, which may change little.")
            % name,
            mend,
        )
    else:
        yield findings.ok(_("The application is a Traditional web application of the tenant."))


def redirect_uris(sources: Sources) -> Iterator[Finding]:
    """The address that a sign-in comes back to is registered."""
    ours = sources.get(_ours)
    yield _registered(
        ours.redirect_uris, oidc.redirect_uri(), _("Nobody can sign in."), _("redirect URIs")
    )


def post_logout_uris(sources: Sources) -> Iterator[Finding]:
    """The address that a sign-out comes back to is registered."""
    wanted = f"{settings.SITE_URL}{reverse('signin:signed_out')}"
    ours = sources.get(_ours)
    yield _registered(
        ours.post_logout_redirect_uris,
        wanted,
        _("Who signs out does not come back here."),
        _("post sign-out redirect URIs"),
    )


def backchannel(sources: Sources) -> Iterator[Finding]:
    """Logto tells this site when somebody signs out elsewhere, where it can reach it."""
    wanted = f"{settings.SITE_URL}{reverse('signin:backchannel')}"
    if sources.get(_ours).backchannel_logout_uri != wanted:
        yield findings.warning(
            _("Who signs out elsewhere, or is signed out, stays signed in here."),
            _mend_address(wanted, _("backchannel logout URI")),
        )
    elif environment.is_loopback(wanted) and not environment.is_loopback(settings.LOGTO_ENDPOINT):
        yield findings.warning(
            _("Logto can’t reach %(address)s, which is on this machine alone.")
            % {"address": wanted},
            _("Set SITE_URL to the address by which others know this site."),
        )
    elif (address := _private_address(wanted)) and not _heard_of_a_sign_out():
        # Since 1.42 Logto's own protection (SSRF) ends such calls, and says so to nobody.
        yield findings.warning(
            _(
                "This site is at %(address)s, in a private network, where Logto tells nobody of"
                " sign-outs elsewhere unless it is made to. In 30 days it has told of none."
            )
            % {"address": address},
            _(
                "Start Logto with OIDC_PROVIDER_SSRF_PROTECTION_DISABLED=true, unless Logto finds"
                " this site at a public address."
            ),
        )
    else:
        yield findings.ok(_("Logto tells this site when somebody signs out elsewhere."))


def sid(sources: Sources) -> Iterator[Finding]:
    """ID tokens name their session: only so is the browser at hand known among a person's."""
    ours = sources.get(_ours)
    if not (ours.requires_backchannel_session and ours.backchannel_logout_uri):
        yield findings.error(
            _("ID tokens don’t say which session they are of (`sid`)."),
            _(
                "Switch on “Is session required?” beside the backchannel logout URI of the"
                " application. `manage.py provision` does it."
            ),
        )
        return
    yield findings.ok(_("ID tokens say which session they are of."))


def default_resource(sources: Sources) -> Iterator[Finding]:
    """No API is the default one: else access tokens are JWTs for it, and no use for accounts."""
    defaults = [one for one in sources.get(resources.every) if one.is_default]
    if defaults:
        yield findings.error(
            _("The API %(name)s is the tenant’s default, so people’s tokens are for it.")
            % {"name": defaults[0].indicator},
            _(
                "Take the default away in the Console, under API resources: the Account API takes"
                " opaque tokens alone, by which passkeys are added and some accounts connected."
            ),
        )
        return
    yield findings.ok(_("The tenant has no default API resource."))


def token_exchange(sources: Sources) -> Iterator[Finding]:
    """The application that exchanges personal access tokens may do so."""
    if not (settings.TOKENS and settings.TOKENS_APP_ID):
        yield findings.ok(_("No application is named that exchanges personal access tokens."))
        return
    try:
        named = applications.get(settings.TOKENS_APP_ID)
    except errors.NotFound:
        named = None
    if named is None or not named.allows_token_exchange:
        yield findings.warning(
            _("The application of ACCOUNTSITE_TOKENS_APP_ID can’t exchange tokens."),
            _("Allow token exchange in its settings in the Console, or name another."),
        )
        return
    if not named.gets_tokens:
        yield findings.warning(
            _(
                "The application of ACCOUNTSITE_TOKENS_APP_ID has no redirect URI, so Logto gives"
                " it no tokens."
            ),
            _mend_address(f"{settings.SITE_URL}{reverse('tokens:tokens')}", _("redirect URIs")),
        )
        return
    yield findings.ok(_("Personal access tokens can be exchanged."))


def staff_roles(sources: Sources) -> Iterator[Finding]:
    """The roles exist by which the admin lets people in."""
    known = {role.name: role for role in sources.get(roles.every)}
    wanted = (
        settings.ACCOUNTSITE_ADMIN_ROLE,
        settings.ACCOUNTSITE_HELPER_ROLE,
        settings.ACCOUNTSITE_VIEWER_ROLE,
    )
    missing = [name for name in wanted if name not in known]
    if missing:
        yield findings.warning(
            _("The tenant has no role %(names)s.") % {"names": ", ".join(missing)},
            _("Make it in the Console, as a role for users, or let `manage.py provision` do it."),
        )
    elif not roles.holders(known[settings.ACCOUNTSITE_ADMIN_ROLE].id, page_size=1).items:
        yield findings.warning(
            _("Nobody has the role %(name)s, so nobody manages people here.")
            % {"name": settings.ACCOUNTSITE_ADMIN_ROLE},
            _("Give it to somebody in the Console, under User management."),
        )
    else:
        yield findings.ok(_("The roles of admins are there, and somebody has them."))


def _private_address(url: str) -> str:
    """The address of this host, if all of them are in networks of one's own; else nothing.

    One of this machine says nothing about where Logto finds the host.
    """
    try:
        known = socket.getaddrinfo(urlsplit(url).hostname, None, type=socket.SOCK_STREAM)
    except OSError:
        return ""
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in known]
    if any(address.is_global or address.is_loopback for address in addresses):
        return ""
    return str(addresses[0]) if addresses else ""


def _heard_of_a_sign_out() -> bool:
    """Whether Logto has told of one lately: the last of its tokens is always kept."""
    return UsedLogoutToken.objects.filter(received_at__gte=timezone.now() - LATELY).exists()


def _ours() -> Application:
    return applications.get(settings.LOGTO_APP_ID)


def _no_token(refusal: errors.Unauthorized) -> Finding:
    if refusal.code == "oidc.invalid_target":
        return findings.error(
            _("Logto knows no API %(resource)s.")
            % {"resource": settings.LOGTO_MANAGEMENT_API_RESOURCE},
            _(
                "Set LOGTO_MANAGEMENT_API_RESOURCE to the API identifier of the Logto Management"
                " API, as the Console shows it under API resources."
            ),
        )
    if refusal.status == UNAUTHORIZED:
        return findings.error(
            _("LOGTO_M2M_APP_SECRET is not a secret of the machine-to-machine application."),
            _("Copy the secret anew from the Console, and look whether it has expired."),
        )
    if refusal.code == "oidc.invalid_client":
        return findings.error(
            _("Logto knows no application %(application)s.")
            % {"application": settings.LOGTO_M2M_APP_ID},
            _("Set LOGTO_M2M_APP_ID to the id of a machine-to-machine application."),
        )
    return findings.error(
        _("The application %(application)s gets no tokens: %(code)s.")
        % {"application": settings.LOGTO_M2M_APP_ID, "code": refusal.code},
        _("Set LOGTO_M2M_APP_ID to the id of a machine-to-machine application."),
    )


def _unknown_application(refusal: errors.Rejected) -> Finding:
    name = {"application": settings.LOGTO_APP_ID, "code": refusal.code}
    if refusal.status == UNAUTHORIZED:
        return findings.error(
            _("LOGTO_APP_SECRET is not a secret of the application %(application)s.") % name,
            _("Copy the secret anew from the Console, and look whether it has expired."),
        )
    if refusal.code == "oidc.invalid_client":
        return findings.error(
            _("Logto knows no application %(application)s.") % name,
            _("Set LOGTO_APP_ID to the id of a Traditional web application."),
        )
    return findings.error(
        _("Nobody can sign in with the application %(application)s: %(code)s.") % name,
        _("Set LOGTO_APP_ID to the id of a Traditional web application."),
    )


def _registered(known: Sequence[str], wanted: str, else_: str, where: str) -> Finding:
    """Whether an address is among those registered, letter by letter as Logto compares them."""
    if wanted in known:
        return findings.ok(
            _("%(address)s is among the %(where)s.") % {"address": wanted, "where": where}
        )
    mend = _mend_address(wanted, where)
    near = next(filter(functools.partial(_is_alike, wanted), known), None)
    if near is None:
        return findings.error(else_, mend)
    says = _("%(else)s Registered is %(near)s, which differs.") % {"else": else_, "near": near}
    return findings.error(says, mend)


def _is_alike(wanted: str, known: str) -> bool:
    """Whether it differs in scheme, case, a slash at the end or the host alone."""
    path = urlsplit(wanted).path.rstrip("/")
    return urlsplit(known).path.rstrip("/").lower() == path


def _mend_address(wanted: str, where: str) -> str:
    return _(
        "Add exactly %(address)s to the %(where)s of the application in the Console."
        " `manage.py provision` does it."
    ) % {"address": wanted, "where": where}
