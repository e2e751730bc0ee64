"""A browser without JavaScript, and an application to sign in to."""

import pytest

from tests.demo.oidc.visitor import Application, Browser, new_application
from tests.demo_process import Tenant


@pytest.fixture
def tenant(fresh_tenant: Tenant) -> Tenant:
    """The tenant as it was seeded."""
    return fresh_tenant


@pytest.fixture
def visitor(tenant: Tenant) -> Browser:
    """A browser that nobody has signed in with yet."""
    return Browser(tenant)


@pytest.fixture
def application(tenant: Tenant) -> Application:
    """An application of the tenant's own."""
    return new_application(tenant)
