"""What the tests of limits share."""

import pytest

from accountsite import origin


@pytest.fixture(autouse=True)
def client_address():
    """A request from somewhere is at hand."""
    with origin.bound(origin.Origin(address="192.0.2.7")):
        yield
