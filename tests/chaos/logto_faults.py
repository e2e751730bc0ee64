"""What can be wrong with Logto."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.chaos.place import Count, Place

ALL = "/(api|oidc)"  # what the tenant does for the site; its own pages for people go on
CLOCKS = 120  # seconds that they differ


@contextmanager
def slow(place: Place) -> Iterator[Count]:
    """It takes five seconds for each answer, which is as long as the site waits."""
    with _at_the_tenant(place, {"delay_ms": 5000}) as count:
        yield count


@contextmanager
def errors(place: Place) -> Iterator[Count]:
    """One request in twenty fails, some of them after they took effect."""
    with _at_the_tenant(
        place,
        {"status": 500, "chance": 0.02},
        {"status": 503, "chance": 0.01},
        {"status": 502, "chance": 0.02, "after": True},
    ) as count:
        yield count


@contextmanager
def dropped(place: Place) -> Iterator[Count]:
    """Connections break, before or after the request took effect."""
    with _at_the_tenant(
        place, {"drop": True, "chance": 0.1}, {"drop": True, "chance": 0.1, "after": True}
    ) as count:
        yield count


@contextmanager
def down(place: Place) -> Iterator[Count]:
    """It answers nobody."""
    faults = place.stack.tenant.faults
    before = faults.turned_away()
    faults.everywhere(down=True)
    try:
        yield lambda: faults.turned_away() - before
    finally:
        faults.everywhere(down=False)


@contextmanager
def busy(place: Place) -> Iterator[Count]:
    """It asks half of the time to be left alone for two seconds."""
    with _at_the_tenant(
        place, {"status": 429, "retry_after": 2, "chance": 0.5, "path": "/api/"}
    ) as count:
        yield count


@contextmanager
def revoked(place: Place) -> Iterator[Count]:
    """The token with which the site calls it is worth nothing any more."""
    place.stack.tenant.revoke_tokens()
    yield place.stack.tenant.refused_tokens


@contextmanager
def rotated(place: Place) -> Iterator[Count]:
    """It signs with another key, and goes on showing the old one."""
    with _seen(place, "/oidc/jwks") as count:
        place.stack.tenant.rotate_keys(keep_old=True)
        yield count


@contextmanager
def replaced(place: Place) -> Iterator[Count]:
    """It signs with another key, and all that the old one signed is worth nothing."""
    with _seen(place, "/oidc/jwks") as count:
        place.stack.tenant.rotate_keys(keep_old=False)
        yield count


@contextmanager
def ahead(place: Place) -> Iterator[Count]:
    """Its clock is two minutes ahead of the site's."""
    with _clock(place, CLOCKS) as count:
        yield count


@contextmanager
def behind(place: Place) -> Iterator[Count]:
    """Its clock is two minutes behind the site's."""
    with _clock(place, -CLOCKS) as count:
        yield count


@contextmanager
def _at_the_tenant(place: Place, *faults: dict[str, Any]) -> Iterator[Count]:
    """Have the tenant do so. Gives how often it did."""
    name = f"chaos-{place.dice.randrange(10**9)}"
    control = place.stack.tenant.faults
    for fault in faults:
        given = {"path": ALL, "seed": place.dice.randrange(10**9), **fault}
        control.add(name=name, **given)
    try:
        yield lambda: sum(control.hits(name))
    finally:
        control.remove(name)


@contextmanager
def _seen(place: Place, path: str) -> Iterator[Count]:
    """Count what comes by there."""
    with _at_the_tenant(place, {"path": path}) as count:
        yield count


@contextmanager
def _clock(place: Place, seconds: float) -> Iterator[Count]:
    """Set it wrong. Counts the tokens that are issued by it."""
    place.stack.tenant.set_clock(ahead=seconds)
    # The tokens that the site has tell nothing of it; a new one does.
    place.stack.tenant.revoke_tokens()
    try:
        with _seen(place, "/oidc/token") as count:
            yield count
    finally:
        place.stack.tenant.set_clock(ahead=0)
