"""The Management API of the demo tenant."""

import pytest

from tests.demo.management import Api
from tests.demo_process import Tenant


@pytest.fixture
def api(demo_tenant: Tenant) -> Api:
    """The API of a tenant that is as it was seeded."""
    demo_tenant.reset()
    return Api(demo_tenant)
