"""Two processes of the site behind nginx, and their worker, to be killed."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests import site_process
from tests.cluster import moments
from tests.cluster.visitor import Visitor
from tests.stack import nginx, stack
from tests.stack.stack import Stack

REDIS_NUMBER = 96 + site_process.NUMBER


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All of it, with settings as for real, in the PostgreSQL and the Redis of this run."""
    if "TEST_SERVICES" not in os.environ:
        pytest.skip("It takes PostgreSQL and Redis: python -m tests.services -- pytest")
    if not nginx.is_installed():
        pytest.skip("nginx is not installed")
    with stack.running(
        tmp_path_factory.mktemp("cluster"),
        # Many are killed at once, each in the middle of something else.
        threads=48,
        database_url=os.environ["DATABASE_URL"],
        redis_url=f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{REDIS_NUMBER}",
        ACCOUNTSITE_DATABASE_CONNECTIONS="48",
        ACCOUNTSITE_RETURN_HOSTS="",
    ) as running:
        moments.build_gates(running.environment["DATABASE_URL"])
        yield running


@pytest.fixture(scope="session")
def admin(cluster: Stack) -> Visitor:
    """Somebody who may do everything in the admin."""
    tenant = cluster.tenant
    dave = Visitor(cluster.origin, tenant, "dave", tenant.password_of("dave"), "127.0.2.1")
    dave.sign_in()
    return dave


@pytest.fixture
def wire() -> Any:
    """The network as it is: only this machine is in these tests."""
