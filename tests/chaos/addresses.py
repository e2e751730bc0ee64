"""Changing what one signs in with."""

from collections.abc import Mapping

from tests.chaos.browser import Page
from tests.chaos.people import USER, Person
from tests.chaos.records import Said


def change_email(person: Person) -> None:
    """Another address, proved by the code that it gets."""
    address = f"{person.name}-{person.dice.randrange(10**6)}@example.net"
    _change(person, "email", {"address": address}, fact="primaryEmail", value=address)


def change_phone(person: Person) -> None:
    """Another number in Korea, proved in the same way."""
    number = f"{person.dice.randrange(2000, 10_000)}{person.dice.randrange(10_000):04}"
    _change(
        person,
        "phone",
        {"country": "KR", "address": f"010-{number[:4]}-{number[4:]}"},
        fact="primaryPhone",
        value=f"8210{number}",
    )


def change_username(person: Person) -> None:
    """Another name to sign in with. What they type at sign-in from then on is their address."""
    username = f"{person.name}_{person.dice.randrange(10**6)}"
    act = person.change(
        "username",
        "/sign-in-methods/username/",
        writes=f"PATCH {USER}$",
        values={"username": username},
        fact="username",
        value=username,
    )
    if act.said is Said.DONE or person.is_uncertain_of("username"):
        person.identifiers.insert(0, username)


def _change(person: Person, kind: str, given: Mapping[str, str], *, fact: str, value: str) -> None:
    """Have a code sent, and send it back. The same number twice is another person's: refused."""
    tenant, path = person.world.tenant, f"/sign-in-methods/{kind}/"

    def code(page: Page) -> Mapping[str, str] | None:
        return {"code": tenant.newest_code(value) or "000000"}

    sent = person.change(
        f"{kind}, code",
        path,
        writes="POST /api/verification-codes$",
        values=given,
        done=f"form[action='{path}code/']",
    )
    if sent.said is Said.DONE:
        person.change(
            kind, f"{path}code/", writes=f"PATCH {USER}$", values=code, fact=fact, value=value
        )
