"""Alice, signed in, and with a proof by her password."""

import pytest

from tests.demo.account.owner import Owner, signed_in
from tests.demo.oidc.visitor import Application, new_application
from tests.demo_process import Tenant


@pytest.fixture
def tenant(fresh_tenant: Tenant) -> Tenant:
    """The tenant as it was seeded."""
    return fresh_tenant


@pytest.fixture
def application(tenant: Tenant) -> Application:
    """An application of the tenant's own."""
    return new_application(tenant)


@pytest.fixture
def alice(tenant: Tenant, application: Application) -> Owner:
    """Alice, who has proved nothing yet."""
    return signed_in(tenant, application, "alice")


@pytest.fixture
def sure(alice: Owner) -> Owner:
    """Alice, who has proved her password."""
    alice.prove(alice.tenant.password_of("alice"))
    return alice
