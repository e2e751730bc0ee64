"""The directory in front of the demo tenant, for members of the staff of each level."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib import auth
from django.core import mail
from django.http import HttpRequest
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.signin import staff
from accountsite.signin.account import Account
from accountsite.signin.staff import Level

ADMIN = "admin0000001"
WHY = {"reason": "They asked on the phone", "tells": "on"}
LIST = "/admin/directory/user/"


@pytest.fixture
def tenant(demo_tenant: Any, settings: Any) -> Iterator[Any]:
    """The demo tenant as it was seeded, with the site before it."""
    demo_tenant.reset()
    settings.LOGTO_ENDPOINT = demo_tenant.endpoint
    settings.LOGTO_M2M_APP_ID = demo_tenant.m2m_client_id
    settings.LOGTO_M2M_APP_SECRET = demo_tenant.m2m_client_secret
    yield demo_tenant
    demo_tenant.faults.reset()


@pytest.fixture
def as_staff(db: None) -> Callable[..., Client]:
    """A browser of somebody with this level, who came by a role of the tenant."""

    def as_staff(level: Level, account_id: str = ADMIN) -> Client:
        client = Client()
        account = Account(id=account_id, sid=None, signed_in=0, name="Ada Min")
        row = staff.keep(account, level)
        session = client.session
        request = HttpRequest()
        request.session = session
        auth.login(request, row, backend="django.contrib.auth.backends.ModelBackend")
        session.save()
        client.cookies["session"] = session.session_key
        return client

    return as_staff


@pytest.fixture
def manager(as_staff: Callable[..., Client]) -> Client:
    return as_staff(Level.MANAGE)


@pytest.fixture
def helper(as_staff: Callable[..., Client]) -> Client:
    return as_staff(Level.HELP, "helper000001")


@pytest.fixture
def viewer(as_staff: Callable[..., Client]) -> Client:
    return as_staff(Level.VIEW, "viewer000001")


@pytest.fixture
def act(tenant: Any) -> Callable[..., Any]:
    """Opens an action's page as a browser does, fills it in and sends it. Gives the answer."""

    def act(client: Client, who: str, deed: str, /, *, item: str = "", **given: Any) -> Any:
        address = page_of(tenant.user(who)["id"], deed)
        page = client.get(address, {"item": item} if item else {})
        assert page.status_code == 200, page
        return client.post(address, hidden(page) | WHY | given)

    return act


def page_of(account_id: str, deed: str = "change") -> str:
    """The address of one person, or of an action on them."""
    return f"{LIST}{account_id}/{deed}/"


def hidden(page: Any) -> dict[str, str]:
    """What a form carries along, and what it starts with."""
    form = inspected_admin(page).find("form", method="post", enctype=None, novalidate=True)
    found = {}
    for field in form.find_all("input"):
        if field.get("type") in ("hidden", "text") and field.get("name") != "csrfmiddlewaretoken":
            found[field["name"]] = field.get("value", "")
    for area in form.find_all("textarea"):
        found[area["name"]] = area.get_text().removeprefix("\n")
    for select in form.find_all("select"):
        chosen = [option["value"] for option in select.find_all("option", selected=True)]
        found[select["name"]] = chosen if select.has_attr("multiple") else "".join(chosen)
    return {name: value for name, value in found.items() if name != "reason"}


def inspected_admin(page: Any) -> BeautifulSoup:
    """The page, after a look at what the site's policy and screen readers want of it.

    Much of its markup is Django's own, which goes without some of our rules.
    """
    found = BeautifulSoup(page.content.decode(), "html.parser")
    ids = [tag["id"] for tag in found.find_all(id=True)]
    assert len(ids) == len(set(ids)), "ids are unique"
    assert not found.find_all("style"), "no inline style sheet"
    assert not found.find_all(style=True), "no inline style"
    assert all(tag.get("src") for tag in found.find_all("script")), "no inline script"
    assert len(found.find_all("h1")) == 1, "one h1"
    for form in found.find_all("form", method="post"):
        assert form.find("input", {"name": "csrfmiddlewaretoken"}), "a CSRF token"
    return found


def text(page: Any) -> str:
    """What is to be read on it."""
    return " ".join(inspected_admin(page).get_text(" ").split())


def newest() -> AuditEvent:
    """The newest row of the trail."""
    return AuditEvent.objects.order_by("-pk").first()


def mails_to(address: str) -> list[str]:
    """The subjects of the mails that somebody got."""
    return [letter.subject for letter in mail.outbox if address in letter.to]
