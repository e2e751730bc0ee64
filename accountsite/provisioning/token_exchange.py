"""The Native application with which programs exchange a person's token; only where it is asked for.

It needs no secret, so the site can name it in its example (ACCOUNTSITE_TOKENS_APP_ID). It needs a
redirect URI, though nobody is to sign in to it: Logto serves none without, see
`Application.gets_tokens`. It gets a page of the site, where a code goes that nobody exchanges.
"""

from collections.abc import Iterator
from functools import partial

from accountsite.logto import applications
from accountsite.logto.applications import Application
from accountsite.provisioning import marks
from accountsite.provisioning.inventory import Inventory
from accountsite.provisioning.sites import Site
from accountsite.provisioning.steps import Outcome, Step

NAME = "Personal access tokens"


def provide(site: Site, found: Inventory) -> Iterator[Step]:
    """The application, allowed to exchange tokens."""
    application = of(site, found)
    if application is None:
        yield Step(outcome=Outcome.MADE, text=f'application "{NAME}"', act=partial(_make, site))
    elif lacks := _lacks(application):
        text = f"{_name(application)}: {', '.join(lacks)}"
        yield Step(outcome=Outcome.CHANGED, text=text, act=partial(_mend, site, application))
    else:
        yield Step(outcome=Outcome.RIGHT, text=_name(application))


def withdraw(site: Site, found: Inventory) -> Iterator[Step]:
    """The end of what was made for this site; programs that use it no longer get tokens."""
    for application in _made(site, found):
        act = partial(applications.delete, application.id)
        yield Step(outcome=Outcome.REMOVED, text=_name(application), act=act)


def of(site: Site, found: Inventory) -> Application | None:
    """The application, if it was made here; the oldest of several."""
    made = _made(site, found)
    return min(made, key=lambda application: application.created_at, default=None)


def _made(site: Site, found: Inventory) -> list[Application]:
    return [
        application
        for application in found.applications
        if marks.is_application_of(application, site, marks.Use.TOKEN_EXCHANGE)
    ]


def _make(site: Site) -> Application:
    return applications.create_native(
        name=NAME,
        redirect_uris=[site.tokens_url],
        description=f"{marks.MADE_BY} for {site.origin}",
        allows_token_exchange=True,
        custom_data=marks.of_application(site, marks.Use.TOKEN_EXCHANGE),
    )


def _lacks(application: Application) -> list[str]:
    lacks = []
    if not application.allows_token_exchange:
        lacks.append("token exchange")
    if not application.gets_tokens:
        lacks.append("redirect URI")
    return lacks


def _mend(site: Site, application: Application) -> Application:
    """Add what is lacking, and keep whatever somebody else added."""
    redirects = application.redirect_uris or (site.tokens_url,)
    return applications.update(
        application.id,
        oidc_metadata={**application.oidc_metadata, "redirectUris": list(redirects)},
        client_metadata={**application.client_metadata, "allowTokenExchange": True},
    )


def _name(application: Application) -> str:
    return f'application "{application.name}" ({application.id})'
