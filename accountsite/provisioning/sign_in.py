"""The Traditional application that people sign in to the site with."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from accountsite.logto import applications
from accountsite.logto.applications import Application, Secret, Type
from accountsite.provisioning import marks
from accountsite.provisioning.inventory import Inventory
from accountsite.provisioning.sites import Site
from accountsite.provisioning.steps import Outcome, Step

NAME = "Account settings"  # people see it among the apps that they use


def provide(site: Site, found: Inventory) -> Iterator[Step]:
    """The application as the site needs it, with a secret that is good. Raises LogtoError."""
    application = of(site, found)
    if application is None:
        yield Step(outcome=Outcome.MADE, text=f'application "{NAME}"', act=partial(_make, site))
        return
    yield _right(site, application)
    if not good_secrets(application):
        text = f"secret of {_name(application)}: all of them have expired"
        if is_ours(site, application):
            name = f"Account settings {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
            act = partial(applications.create_secret, application.id, name=name)
            yield Step(outcome=Outcome.MADE, text=text, act=act)
        else:
            yield Step(outcome=Outcome.BY_HAND, text=f"{text}; make another in the Console")


def withdraw(site: Site, found: Inventory) -> Iterator[Step]:
    """The end of what was made for this site; with it ends every sign-in there."""
    for application in found.applications:
        if is_ours(site, application):
            act = partial(applications.delete, application.id)
            yield Step(outcome=Outcome.REMOVED, text=_name(application), act=act)
    left = of(site, found)
    if left and not is_ours(site, left):
        text = f"{_name(left)}, which this command did not make"
        yield Step(outcome=Outcome.LEFT, text=text)


def of(site: Site, found: Inventory) -> Application | None:
    """The application of the site: one that was made here, or else one that leads to it.

    Of several, as two runs at the same time might make them, it is always the oldest.
    """
    made = [application for application in found.applications if is_ours(site, application)]
    given = [
        application
        for application in found.applications
        if application.type is Type.TRADITIONAL
        and not application.is_third_party
        and site.redirect_uri in application.redirect_uris
    ]
    return min(made or given, key=lambda application: application.created_at, default=None)


def is_ours(site: Site, application: Application) -> bool:
    """Whether it was made here, for signing in to this site."""
    return marks.is_application_of(application, site, marks.Use.SIGN_IN)


def good_secrets(application: Application) -> tuple[Secret, ...]:
    """Its secrets that have not expired, first those that never will. Raises LogtoError."""
    now = datetime.now(UTC)
    good = [
        secret
        for secret in applications.secrets(application.id)
        if secret.expires_at is None or secret.expires_at > now
    ]
    return tuple(sorted(good, key=lambda secret: secret.expires_at is not None))


def _make(site: Site) -> Application:
    return applications.create_web(
        name=NAME,
        description=f"{marks.MADE_BY} for {site.origin}",
        redirect_uris=[site.redirect_uri],
        post_logout_redirect_uris=[site.post_logout_redirect_uri],
        backchannel_logout_uri=site.backchannel_logout_uri,
        custom_data=marks.of_application(site, marks.Use.SIGN_IN),
    )


def _right(site: Site, application: Application) -> Step:
    """What is wrong is changed in what was made here, and told of in what was not."""
    lacks = _lacks(site, application)
    if is_ours(site, application):
        if not lacks and application.always_issues_refresh_token:
            return Step(outcome=Outcome.RIGHT, text=_name(application))
        text = f"{_name(application)}: {', '.join(lacks) or 'refresh tokens'}"
        return Step(outcome=Outcome.CHANGED, text=text, act=partial(_mend, site, application))
    text = f"{_name(application)}, which this command did not make"
    if not lacks:
        return Step(outcome=Outcome.RIGHT, text=text)
    return Step(outcome=Outcome.BY_HAND, text=f"{text}: give it the {', the '.join(lacks)}")


def _lacks(site: Site, application: Application) -> list[str]:
    lacks = []
    if site.redirect_uri not in application.redirect_uris:
        lacks.append(f"redirect URI {site.redirect_uri}")
    if site.post_logout_redirect_uri not in application.post_logout_redirect_uris:
        lacks.append(f"post sign-out redirect URI {site.post_logout_redirect_uri}")
    if application.backchannel_logout_uri != site.backchannel_logout_uri:
        lacks.append(f"back-channel logout URI {site.backchannel_logout_uri}")
    if not application.requires_backchannel_session:
        lacks.append('switch "session required" of the back-channel logout')
    return lacks


def _mend(site: Site, application: Application) -> Application:
    """Add what is lacking, and keep whatever somebody else added."""
    redirects = [*application.redirect_uris, site.redirect_uri]
    post_logouts = [*application.post_logout_redirect_uris, site.post_logout_redirect_uri]
    return applications.update(
        application.id,
        oidc_metadata={
            **application.oidc_metadata,
            "redirectUris": list(dict.fromkeys(redirects)),
            "postLogoutRedirectUris": list(dict.fromkeys(post_logouts)),
            "backchannelLogoutUri": site.backchannel_logout_uri,
            "backchannelLogoutSessionRequired": True,
        },
        client_metadata={**application.client_metadata, "alwaysIssueRefreshToken": True},
    )


def _name(application: Application) -> str:
    return f'application "{application.name}" ({application.id})'
