"""What organizations are called that a person is only invited to: an invitation tells the id alone.

Names are no secret of the person's, so they are kept in the shared cache for some minutes. Whoever
looks at their invitations again then waits for one round trip, not for two.
"""

import functools
from collections.abc import Iterable, Mapping

from django.core.cache import cache

from accountsite.logto import errors, organizations, parallel

KEPT_SECONDS = 600


def of(organization_ids: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """The names by id, without those of organizations that there are no more. `known` is believed.

    Raises Unavailable.
    """
    wanted = dict.fromkeys(organization_ids)
    names = {each: known[each] for each in wanted if each in known}
    missing = [each for each in wanted if each not in names]
    kept = cache.get_many(map(_key, missing))
    names |= {each: kept[_key(each)] for each in missing if _key(each) in kept}
    asked = [each for each in missing if each not in names]
    found = parallel.gather(*(functools.partial(_name, each) for each in asked))
    fresh = {each: name for each, name in zip(asked, found, strict=True) if name is not None}
    if fresh:
        cache.set_many({_key(each): name for each, name in fresh.items()}, KEPT_SECONDS)
    return names | fresh


def _name(organization_id: str) -> str | None:
    try:
        return organizations.get(organization_id).name
    except errors.NotFound:
        return None


def _key(organization_id: str) -> str:
    return f"organization-name:{organization_id}"
