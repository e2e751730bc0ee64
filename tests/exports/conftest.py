"""The export against the demo tenant, over a real socket, as it reads much of it."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accountsite.confirmation import proofs
from tests.demo_process import Tenant

PATH = "/privacy/export/"
FILE = f"{PATH}file/"


@dataclass
class Copy:
    """A downloaded file, opened."""

    names: list[str]
    data: dict[str, Any]
    page: BeautifulSoup
    text: str

    @classmethod
    def of(cls, content: bytes) -> "Copy":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            page = archive.read("my-data.html").decode()
            written = archive.read("my-data.json").decode()
            return cls(
                names=archive.namelist(),
                data=json.loads(written),
                page=BeautifulSoup(page, "html.parser"),
                text=page + written,
            )

    def chapter(self, name: str) -> str:
        """What a reader sees of one part, in one line."""
        section = self.page.find("section", {"aria-labelledby": name})
        assert section is not None, name
        return " ".join(section.get_text(" ").split())


@pytest.fixture
def tenant(demo_tenant: Tenant, settings: Any) -> Iterator[Tenant]:
    """The demo tenant as it was seeded, which is this site's."""
    demo_tenant.reset()
    settings.LOGTO_ENDPOINT = demo_tenant.endpoint
    settings.LOGTO_M2M_APP_ID = demo_tenant.m2m_client_id
    settings.LOGTO_M2M_APP_SECRET = demo_tenant.m2m_client_secret
    yield demo_tenant
    demo_tenant.reset()


@pytest.fixture
def visit(sign_in: Callable[..., Client], tenant: Tenant) -> Callable[[str], Client]:
    """A browser in which somebody of the tenant has just proved that it's them."""

    def visit(username: str) -> Client:
        user = tenant.user(username)
        client = sign_in(Client(), id=user["id"], email=user["primaryEmail"])
        session = client.session
        proofs.note(session)
        session.save()
        return client

    return visit


@pytest.fixture
def alice(visit: Callable[[str], Client]) -> Client:
    return visit("alice")


def request(client: Client, **form: Any) -> Any:
    """Ask for a copy."""
    return client.post(PATH, form)


def copy(client: Client) -> Copy:
    """Ask for a copy, and open it."""
    assert request(client).status_code == 303
    answer = client.get(FILE)
    assert answer.status_code == 200, answer
    return Copy.of(answer.content)
