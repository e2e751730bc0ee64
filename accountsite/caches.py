"""The cache that all processes share, which may be away or emptied at any time.

What is kept there is a copy of what somebody else says, mostly Logto. What must not be forgotten is
in the database: sessions, attempts, turns, codes that were used. So no trouble with Redis is an
error of a page: what can't be had is asked for anew, and each process remembers it by itself
until Redis is back.
"""

import hmac
import logging
import pickle
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.utils.crypto import get_random_string, salted_hmac
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

WAIT_SECONDS = 1.0  # for a connection, and for an answer
PAUSE_SECONDS = 5.0  # after a failure, during which nobody waits for Redis
MARK_BYTES = 32

CONNECTION = {
    "socket_connect_timeout": WAIT_SECONDS,
    "socket_timeout": WAIT_SECONDS,
    "health_check_interval": 30,  # seconds in which nothing was asked
    # A connection that a restart broke is made anew at once; without connection there is no hope.
    "retry": Retry(NoBackoff(), 1, supported_errors=(NoConnection,)),
}


class Unreadable(Exception):
    """Somebody else put it there, or a release of this site that kept something else."""


class Shared(RedisCache):
    """Django's cache in Redis, and in the memory of this process while Redis is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        given = params.get("OPTIONS", {})
        options = {**CONNECTION, "serializer": Marked(), **given}
        super().__init__(server, {**params, "OPTIONS": options})
        self._address = str(server)
        self._here = LocMemCache(f"{__name__}:{server}", {**params, "OPTIONS": {}})

    # The methods of Django's caches, in its order and with its names

    def add(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Keep it if nothing is kept. Tells whether it was."""
        return self._asked(
            lambda: super(Shared, self).add(key, value, timeout, version),
            lambda: self._here.add(key, value, timeout, version),
        )

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """What is kept."""
        return self._asked(
            lambda: super(Shared, self).get(key, default, version),
            lambda: self._here.get(key, default, version),
            unreadable=default,
        )

    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Keep it."""
        self._asked(
            lambda: super(Shared, self).set(key, value, timeout, version),
            lambda: self._here.set(key, value, timeout, version),
        )

    def touch(
        self, key: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep it for longer. Tells whether it was kept."""
        return self._asked(
            lambda: super(Shared, self).touch(key, timeout, version),
            lambda: self._here.touch(key, timeout, version),
        )

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget it, here too: the next time that Redis is away, nothing old comes up."""
        was_here = self._here.delete(key, version)
        return self._asked(lambda: super(Shared, self).delete(key, version), lambda: was_here)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        """What is kept of them."""
        wanted = list(keys)
        if not wanted:
            return {}
        return self._asked(
            lambda: super(Shared, self).get_many(wanted, version),
            lambda: self._here.get_many(wanted, version),
            unreadable={},
        )

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Whether anything is kept."""
        return self._asked(
            lambda: super(Shared, self).has_key(key, version),
            lambda: self._here.has_key(key, version),
        )

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count. Raises ValueError where nothing is kept."""
        return self._asked(
            lambda: super(Shared, self).incr(key, delta, version),
            lambda: self._here.incr(key, delta, version),
        )

    def set_many(
        self,
        data: dict[Any, Any],
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[Any]:
        """Keep them all."""
        return self._asked(
            lambda: super(Shared, self).set_many(data, timeout, version),
            lambda: self._here.set_many(data, timeout, version),
        )

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        """Forget them."""
        unwanted = list(keys)
        self._here.delete_many(unwanted, version)
        self._asked(lambda: super(Shared, self).delete_many(unwanted, version), lambda: None)

    def clear(self) -> None:
        """Forget everything."""
        self._here.clear()
        self._asked(super().clear, lambda: None)

    def ask(self) -> None:
        """Look whether Redis itself keeps what it is given. Raises RedisError or OSError."""
        key = self.make_key(f"asked:{get_random_string(12)}")
        super().set(key, key, 10)
        if super().get(key) != key:
            raise RedisError("it does not keep what it is given")
        super().delete(key)

    def answers(self) -> bool:
        """Whether Redis itself does its work."""
        try:
            self.ask()
        except (RedisError, OSError, Unreadable) as error:
            logger.warning("Redis does not answer: %s", error)
            return False
        return True

    def _asked[T](self, there: Callable[[], T], here: Callable[[], T], **instead: T) -> T:
        """What Redis says, or else the memory of this process."""
        if not _may_ask(self._address):
            return here()
        try:
            answer = there()
        except Unreadable:
            return instead["unreadable"]
        except (RedisError, OSError) as error:
            _failed(self._address, error)
            return here()
        _answered(self._address)
        return answer


class Marked:
    """Values as bytes with a mark that only this site can make.

    Python's pickles do what they were told to when they are read: whoever can write to Redis could
    otherwise run programs here. Whole numbers stay as they are, so that Redis can count.
    """

    def dumps(self, value: Any) -> bytes | int:
        """The bytes for a value."""
        if type(value) is int:
            return value
        pickled = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        return _mark(pickled) + pickled

    def loads(self, data: bytes) -> Any:
        """The value. Raises Unreadable."""
        if data.removeprefix(b"-").isdigit():
            return int(data)
        mark, pickled = data[:MARK_BYTES], data[MARK_BYTES:]
        if not hmac.compare_digest(mark, _mark(pickled)):
            raise Unreadable
        try:
            return pickle.loads(pickled)  # noqa: S301 - our own, by its mark
        except (pickle.UnpicklingError, AttributeError, ImportError, TypeError) as error:
            raise Unreadable from error


def _mark(pickled: bytes) -> bytes:
    """A new SECRET_KEY begins the cache anew."""
    return salted_hmac("accountsite.caches", pickled, algorithm="sha256").digest()


# For each address, until when nobody asks it, of all threads of this process: a Redis that does not
# answer makes one page wait for a second, and not all of them.
_paused_until: dict[str, float] = {}
_lock = threading.Lock()


def _may_ask(address: str) -> bool:
    with _lock:
        until = _paused_until.get(address)
        if until is None:
            return True
        now = time.monotonic()
        if now < until:
            return False
        _paused_until[address] = now + PAUSE_SECONDS  # this one looks; the others go on without
        return True


def _failed(address: str, error: Exception) -> None:
    with _lock:
        was_there = address not in _paused_until
        _paused_until[address] = time.monotonic() + PAUSE_SECONDS
    if was_there:
        logger.warning("Redis is away; each process remembers for itself: %s", error)


def _answered(address: str) -> None:
    if address not in _paused_until:
        return
    with _lock:
        was_away = _paused_until.pop(address, None) is not None
    if was_away:
        logger.warning("Redis is back")
