"""Whether an account awaits its deletion, which every page asks.

Where all processes share a cache, pages cost no query: what is known is kept there for a minute.
"""

from typing import Final

from django.core.cache import cache

from accountsite.deletion.models import Deletion

KEPT_SECONDS = 60
NOTHING: Final = "nothing"


def read(account_id: str) -> Deletion | None:
    """The deletion, from the database, by an index."""
    found: Deletion | None = Deletion.objects.filter(account_id=account_id).first()
    return found


def known(account_id: str) -> Deletion | None:
    """The deletion, as it was a minute ago at worst."""
    kept = cache.get(_key(account_id))
    if kept is None:
        kept = read(account_id) or NOTHING
        cache.set(_key(account_id), kept, KEPT_SECONDS)
    return kept if isinstance(kept, Deletion) else None


def changed(account_id: str) -> None:
    """It is not as it was."""
    cache.delete(_key(account_id))


def _key(account_id: str) -> str:
    return f"deletion:{account_id}"
