"""The moments of a change at which its process can be killed, and how people are kept in one.

Before and after the call to Logto, PostgreSQL keeps them: a trigger on the trail waits for a lock
that is ours. So nothing of the site is changed, and no timing is guessed. During the call the tenant
keeps them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from enum import Enum

import psycopg

from tests.demo_process import Tenant
from tests.stack.stack import Stack

HELD = 5_500  # milliseconds that Logto keeps them, more than the site waits for it


class Moment(Enum):
    """Where they are when their process dies."""

    BEFORE = "before anything is written down"
    ASKED = "after it is written down that it begins, and before Logto does it"
    DONE = "after Logto's answer, and before the end is written down"

    @property
    def is_begun(self) -> bool:
        """Whether it stands in the trail."""
        return self is not Moment.BEFORE

    @property
    def is_done(self) -> bool:
        """Whether Logto did it."""
        return self is Moment.DONE


LOCKS = {Moment.BEFORE: 1, Moment.DONE: 2}

GATES = """
CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(TG_ARGV[0]::bigint);
    RETURN NEW;
END $$;
CREATE TRIGGER gate_of_begins BEFORE INSERT ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION gate(1);
CREATE TRIGGER gate_of_ends BEFORE UPDATE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION gate(2);
"""

WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = %s AND wait_event = 'advisory'
"""

# A server goes on with what a client asked for and did not live to hear the end of.
FORGET = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = %s
"""


def build_gates(database_url: str) -> None:
    """Put them, open, into a site's database."""
    with psycopg.connect(database_url) as connection:
        connection.execute(GATES)


@contextmanager
def gate(database_url: str, moment: Moment, program: str) -> Iterator[Callable[[], int]]:
    """Keep everybody at this moment until the end of the block. Tells how many of a program wait.

    It ends when the program is dead, and what that left unsaid stays so.
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCKS[moment]])

        def arrived() -> int:
            found = connection.execute(WAITING, [program]).fetchone()
            return int(found[0]) if found else 0

        yield arrived
        connection.execute(FORGET, [program])


@contextmanager
def asking(tenant: Tenant, calls: Sequence[tuple[str, str]]) -> Iterator[Callable[[], int]]:
    """Have the tenant keep each of these calls, and never do it. Tells how many it has."""
    tenant.faults.reset()
    for method, path in calls:
        tenant.faults.add(method=method, path=path, times=1, delay_ms=HELD, drop=True)

    yield lambda: sum(map(bool, tenant.faults.hits()))

    tenant.faults.reset()


def hold(
    stack: Stack, moment: Moment, calls: Sequence[tuple[str, str]], *, number: int
) -> AbstractContextManager[Callable[[], int]]:
    """Whichever way there is to keep who is at a site of the stack at this moment."""
    if moment is Moment.ASKED:
        return asking(stack.tenant, calls)
    return gate(stack.environment["DATABASE_URL"], moment, stack.sites[number].name)
