"""The Native application with which programs exchange a person's token; only where it is asked for.

It needs no secret, so the site can name it in its example (ACCOUNTSITE_TOKENS_APP_ID).
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
    elif application.allows_token_exchange:
        yield Step(outcome=Outcome.RIGHT, text=_name(application))
    else:
        allowed = {**application.client_metadata, "allowTokenExchange": True}
        act = partial(applications.update, application.id, client_metadata=allowed)
        text = f"{_name(application)}: token exchange"
        yield Step(outcome=Outcome.CHANGED, text=text, act=act)


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
        description=f"{marks.MADE_BY} for {site.origin}",
        allows_token_exchange=True,
        custom_data=marks.of_application(site, marks.Use.TOKEN_EXCHANGE),
    )


def _name(application: Application) -> str:
    return f'application "{application.name}" ({application.id})'
