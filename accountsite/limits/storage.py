"""Where counters are kept, for the `limits` library: in the database.

All processes share it, and without it nothing works here anyway. Redis would be no better place: an
emptied one would let people guess again, and codes that were used be used again.
"""

from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from limits.storage import Storage

from accountsite.limits.models import Counter

# One statement, so that of attempts at the same time each gets a number of its own.
HIT = """
    INSERT INTO limits_counter (key, hits, expires_at) VALUES (%(key)s, %(hits)s, %(expires_at)s)
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN limits_counter.expires_at <= %(now)s
            THEN excluded.hits ELSE limits_counter.hits + excluded.hits END,
        expires_at = CASE WHEN limits_counter.expires_at <= %(now)s
            THEN excluded.expires_at ELSE limits_counter.expires_at END
    RETURNING hits
"""


class DatabaseStorage(Storage):
    """Fixed windows in the table of `Counter`."""

    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        """What can go wrong here."""
        return DatabaseError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, in a new window of `expiry` seconds if there is none. Gives the new number.

        Raises RuntimeError inside of a transaction, whose rollback would forget the attempt.
        """
        now = timezone.now()
        values: dict[str, str | int] = {
            "key": key,
            "hits": amount,
            "now": _for_sql(now),
            "expires_at": _for_sql(now + timedelta(seconds=expiry)),
        }
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(HIT, values)
            [(hits,)] = cursor.fetchall()
        return int(hits)

    def get(self, key: str) -> int:
        """The number of the window that is open; 0 if none is."""
        row = Counter.objects.filter(pk=key, expires_at__gt=timezone.now()).first()
        return row.hits if row else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970; now if none is open."""
        now = timezone.now()
        row = Counter.objects.filter(pk=key, expires_at__gt=now).first()
        return (row.expires_at if row else now).timestamp()

    def check(self) -> bool:
        """Whether the table can be read."""
        Counter.objects.exists()
        return True

    def reset(self) -> int:
        """Forget everything."""
        return Counter.objects.all().delete()[0]

    def clear(self, key: str) -> None:
        """Forget this counter."""
        Counter.objects.filter(pk=key).delete()


def current() -> Storage:
    """The storage of this site."""
    return DatabaseStorage()


def forget_expired() -> int:
    """Delete counters whose window is over. Tells how many."""
    return Counter.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _for_sql(moment: datetime) -> str:
    return str(connection.ops.adapt_datetimefield_value(moment))
