"""Which ways to sign in an account has."""

from typing import Any

import pytest

from accountsite.limits import turns
from accountsite.logto.sign_in_experience import SignInExperience
from accountsite.logto.users import User
from accountsite.ways import services as ways
from accountsite.ways.services import Kind
from tests.logto import answers


def person(**changes: Any) -> User:
    return User.from_json(answers.user(identities={}) | changes)


def tenant(*methods: tuple[str, bool, bool], **changes: Any) -> SignInExperience:
    """A tenant with these ways to sign in: identifier, by password, by code."""
    offered = [
        {"identifier": name, "password": password, "verificationCode": code}
        for name, password, code in methods
    ]
    defaults = {"socialSignInConnectorTargets": [], "singleSignOnEnabled": False}
    return SignInExperience.from_json(
        answers.sign_in_experience(signIn={"methods": offered}, **defaults | changes)
    )


def found(user: User, experience: SignInExperience) -> list[str]:
    return [str(way) for way in ways.of(user, experience)]


@pytest.mark.parametrize(
    ("password", "code", "has_password", "way"),
    [
        (True, True, True, ["ada@example.com, with a code or your password"]),
        (True, True, False, ["ada@example.com, with a code"]),
        (False, True, True, ["ada@example.com, with a code"]),
        (True, False, True, ["ada@example.com, with your password"]),
        (True, False, False, []),
        (False, False, True, []),
    ],
)
def test_an_identifier_is_a_way_if_they_can_prove_it(
    way: list[str], *, password: bool, code: bool, has_password: bool
) -> None:
    assert found(person(hasPassword=has_password), tenant(("email", password, code))) == way


def test_a_username_takes_a_password() -> None:
    assert found(person(), tenant(("username", True, True))) == ["ada, with your password"]
    assert found(person(hasPassword=False), tenant(("username", True, True))) == []


def test_a_phone_is_written_as_people_do() -> None:
    user = person(primaryPhone="821012345678")

    assert found(user, tenant(("phone", False, True))) == ["+82 10-1234-5678, with a code"]


def test_what_they_do_not_have_is_no_way() -> None:
    assert found(person(primaryEmail=None), tenant(("email", True, True))) == []


def test_a_social_account_counts_where_its_provider_is_offered() -> None:
    user = person(identities={"github": answers.identity()})

    assert found(user, tenant()) == []
    (way,) = ways.of(user, tenant(socialSignInConnectorTargets=["github"]), {"github": "GitHub"})
    assert (way.kind, way.target, str(way)) == (
        Kind.SOCIAL,
        "github",
        "GitHub, as Ada on GitHub",
    )


def test_an_enterprise_account_counts_where_it_is_offered() -> None:
    user = person(ssoIdentities=[answers.enterprise_identity()])

    assert found(user, tenant()) == []
    assert found(user, tenant(singleSignOnEnabled=True)) == [
        "Your organization’s sign-in, as Ada at work"
    ]


def test_what_is_removed_does_not_remain() -> None:
    user = person(identities={"github": answers.identity(), "google": answers.identity()})
    experience = tenant(("email", True, True), socialSignInConnectorTargets=["github", "google"])

    without_github = ways.after_removal(user, experience, Kind.SOCIAL, "github")

    assert [(way.kind, way.target) for way in without_github] == [
        (Kind.EMAIL, ""),
        (Kind.SOCIAL, "google"),
    ]


def test_the_last_way_is_refused_and_any_other_is_not() -> None:
    user = person(identities={"github": answers.identity()})
    experience = tenant(("email", True, True), socialSignInConnectorTargets=["github"])

    ways.check_removal(user, experience, Kind.EMAIL)
    ways.check_removal(user, experience, Kind.SOCIAL, "github")
    alone = person(identities={"github": answers.identity()}, primaryEmail=None)
    with pytest.raises(ways.LastWay):
        ways.check_removal(alone, experience, Kind.SOCIAL, "github")
    with pytest.raises(ways.LastWay):
        ways.check_removal(person(), experience, Kind.EMAIL)


@pytest.mark.django_db(transaction=True)
def test_one_is_removed_at_a_time_for_each_person() -> None:
    with ways.one_at_a_time("u1"):
        with ways.one_at_a_time("u2"):
            pass
        with pytest.raises(turns.Busy), ways.one_at_a_time("u1"):
            pass
    with ways.one_at_a_time("u1"):
        pass
