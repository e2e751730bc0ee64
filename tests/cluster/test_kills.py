"""A process is killed in the middle of a change: nothing is lost but the answer to who made it."""

import pytest

from tests.cluster import rounds
from tests.cluster.kinds import BY_ADMINS, OWN, Kind
from tests.cluster.visitor import Visitor
from tests.stack.stack import Stack

pytestmark = pytest.mark.demo
BATCH = 17  # people who are in the middle of something at the same kill


@pytest.fixture(scope="session")
def admin(cluster: Stack) -> Visitor:
    """Somebody who may do everything in the admin."""
    tenant = cluster.tenant
    dave = Visitor(cluster.origin, tenant, "dave", tenant.password_of("dave"), "127.0.2.1")
    dave.sign_in()
    return dave


@pytest.mark.parametrize("kinds", [OWN, BY_ADMINS], ids=["by the person", "by an admin"])
def test_what_is_killed_in_the_middle_of_a_change_loses_its_answer_and_nothing_else(
    cluster: Stack, admin: Visitor, kinds: tuple[Kind, ...]
) -> None:
    trouble = []
    for some in rounds.batches(kinds, BATCH):
        people = rounds.gather(cluster, some, admin)

        people.kill(0, arrives=False)
        people.judge(arrived=False, kills=1)

        people.wait_a_minute()
        cluster.sites[0].wait()
        people.kill(1, arrives=True)
        people.judge(arrived=True, kills=2)

        people.wait_a_minute()
        people.go_on()
        cluster.sites[1].wait()
        trouble += people.verdict.trouble()

    assert not trouble, "\n".join(trouble)
