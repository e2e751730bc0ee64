"""What the first page says of accounts elsewhere."""

import pytest

from accountsite.logto.tenant import Tenant
from accountsite.logto.users import User
from accountsite.overview import connected
from tests.logto import answers


def tenant(**center):
    return Tenant.from_json(
        {
            "sign_in_experience": answers.sign_in_experience(),
            "account_center": answers.account_center(**center),
            "profile_fields": [],
        }
    )


@pytest.mark.parametrize(
    ("targets", "text"),
    [
        ([], "No account elsewhere is connected."),
        (["github"], "1 account elsewhere is connected."),
        (["github", "google"], "2 accounts elsewhere are connected."),
    ],
)
def test_their_number(targets, text):
    user = User.from_json(
        answers.user(identities={target: answers.identity() for target in targets})
    )

    assert connected.standing(user, tenant(enabled=False)).text == text


def test_where_the_tenant_shows_none_none_are_counted():
    user = User.from_json(answers.user())

    told = connected.standing(user, tenant(fields={"social": "Off"})).text

    assert told == "No account elsewhere is connected."
