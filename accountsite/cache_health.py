"""Whether the cache does its work: for operators, as pages do without."""

from django.core.cache import DEFAULT_CACHE_ALIAS, caches


def answers() -> bool:
    """Whether Redis does; the memory of a process always does.

    Redis's client, which is 15 MB of each process, is only there where it is used.
    """
    asked = getattr(caches[DEFAULT_CACHE_ALIAS], "answers", None)
    return asked is None or bool(asked())
