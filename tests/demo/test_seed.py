"""The people of the demo tenant: the same each time, and hard on a page."""

import re

import pytest

from accountsite.demo import people, seed, state
from accountsite.demo.api import users


@pytest.fixture
def memory() -> state.Tenant:
    """A tenant in this process, seeded."""
    seed.fill(state.tenant, options())
    return state.tenant


def options() -> seed.Options:
    return seed.Options(
        endpoint="http://localhost:3301",
        site="http://localhost:8000",
        client_id="web",
        client_secret="s1",
        m2m_client_id="m2m",
        m2m_client_secret="s2",
        roleless_client_id="roleless",
        roleless_client_secret="s3",
        webhook_signing_key="s4",
    )


def who(memory: state.Tenant) -> list[tuple]:
    keys = ("id", "username", "primaryEmail", "primaryPhone", "name", "isSuspended")
    return [tuple(user.record[key] for key in keys) for user in memory.users.values()]


def test_it_is_the_same_each_time(memory: state.Tenant):
    before = who(memory)

    seed.fill(memory, options())

    assert who(memory) == before
    assert len(before) == 1005


def test_the_five_are_what_the_launcher_says(memory: state.Tenant):
    for person in seed.PEOPLE:
        user = memory.find_user(person["email"])
        assert user is not None
        assert user.record["username"] == person["username"]
        assert user.knows(person["password"]) == bool(person["password"])

    states = [memory.users[people.id_of(name)].is_suspended for name in ("alice", "carol")]
    assert states == [False, True]


def test_identifiers_are_each_somebody_s_own(memory: state.Tenant):
    for position in (0, 1, 2, 3):
        values = [row[position] for row in who(memory) if row[position] is not None]
        assert len(values) == len(set(values))


def test_everybody_can_be_shown_and_came_in_order(memory: state.Tenant):
    for user in memory.users.values():
        users.check_readable(user)
        assert re.fullmatch("[0-9a-z]{12}", user.id)
        assert re.fullmatch(r"[A-Za-z_]\w*", user.record["username"] or "_", re.ASCII)
        assert re.fullmatch(r"[a-z]+\.[a-z]+\.\d+@example\.\w+|\w+@example\.com", email(user))

    times = [user.record["createdAt"] for user in memory.users.values()]
    assert times == sorted(times)


def email(user: state.User) -> str:
    return str(user.record["primaryEmail"])


def test_names_come_from_many_scripts_and_some_are_hostile(memory: state.Tenant):
    names = "\n".join(str(row[4]) for row in who(memory))

    for part in (
        "김민준",
        "佐藤",
        "محمد",
        "נועה",
        "Müller",
        "Nguyễn",
        "<script>",
        "🦆" * 64,
        "x" * 128,
    ):
        assert part in names


def test_the_site_s_application_may_be_called_by_either_loopback_name(memory: state.Tenant):
    metadata = memory.applications["web"]["oidcClientMetadata"]

    assert metadata["redirectUris"] == [
        "http://localhost:8000/sign-in/callback/",
        "http://127.0.0.1:8000/sign-in/callback/",
    ]
    assert metadata["backchannelLogoutSessionRequired"] is True
