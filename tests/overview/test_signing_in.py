"""What the first page says of the ways to sign in."""

import pytest

from accountsite.logto.tenant import Tenant
from accountsite.logto.users import User
from accountsite.overview import signing_in
from tests.logto import answers

NOTHING = {"username": None, "primaryEmail": None, "primaryPhone": None, "identities": {}}


def standing(*, center=None, methods=None, **user):
    experience = answers.sign_in_experience()
    if methods is not None:
        experience["signIn"] = {"methods": [method(name) for name in methods]}
    known = Tenant.from_json(
        {
            "sign_in_experience": experience,
            "account_center": answers.account_center(**center or {"enabled": False}),
            "profile_fields": [],
        }
    )
    return signing_in.standing(User.from_json(answers.user(**NOTHING | user)), known)


def method(identifier):
    return {
        "identifier": identifier,
        "password": True,
        "verificationCode": identifier != "username",
        "isPasswordPrimary": True,
    }


@pytest.mark.parametrize(
    ("user", "text"),
    [
        ({}, "0 ways to sign in."),
        ({"username": "ada"}, "1 way to sign in."),
        ({"username": "ada", "primaryEmail": "ada@example.com"}, "2 ways to sign in."),
    ],
)
def test_their_number(user, text):
    assert standing(methods=["username", "email"], hasPassword=True, **user).text == text


def test_to_a_single_way_another_can_be_added():
    step = standing(methods=["username", "email"], username="ada", hasPassword=True).step

    assert step is not None
    assert step.url == "/sign-in-methods/email/"


def test_what_is_there_already_is_not_suggested():
    only = {"primaryEmail": "ada@example.com"}

    step = standing(methods=["email", "phone"], **only).step

    assert step is not None
    assert step.url == "/sign-in-methods/phone/"


def test_what_nobody_signs_in_with_is_not_suggested():
    assert standing(methods=["username"], username="ada", hasPassword=True).step is None


def test_what_the_tenant_keeps_to_itself_is_not_suggested():
    center = {"fields": {"email": "ReadOnly", "phone": "Off"}}

    found = standing(
        methods=["username", "email", "phone"], center=center, username="ada", hasPassword=True
    )

    assert found.step is None


def test_with_two_ways_nothing_is_missing():
    two = {"username": "ada", "primaryEmail": "ada@example.com", "hasPassword": True}

    assert standing(methods=["username", "email", "phone"], **two).step is None
