"""A process is killed in the middle of a change: nothing is lost but the answer to who made it."""

import pytest

from tests.cluster import rounds
from tests.cluster.admins import BY_ADMINS
from tests.cluster.kinds import Kind
from tests.cluster.moments import Moment
from tests.cluster.own import OWN
from tests.cluster.visitor import Visitor
from tests.stack.stack import Stack

pytestmark = pytest.mark.demo
BATCH = 17  # people who are in the middle of something at the same kill


@pytest.mark.parametrize("kinds", [OWN, BY_ADMINS], ids=["by the person", "by an admin"])
def test_what_is_killed_in_the_middle_of_a_change_loses_its_answer_and_nothing_else(
    cluster: Stack, admin: Visitor, kinds: tuple[Kind, ...]
) -> None:
    trouble = []
    for some in rounds.batches(kinds, BATCH):
        people = rounds.gather(cluster, some, admin)
        for number, moment in enumerate(Moment):
            people.kill(number % 2, moment)
            people.judge()
            people.wait_an_hour()
        people.go_on(1)
        trouble += people.verdict.trouble()

    assert not trouble, "\n".join(trouble)
