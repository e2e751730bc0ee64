"""What the overview says of the person's data."""

import pytest

from accountsite.exports.models import Export, State
from accountsite.logto import users
from accountsite.overview import copies
from tests.conftest import ALICE
from tests.signin.conftest import user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (None, "What is kept about you: look at it, download it, or delete it."),
        (State.WAITING, "Your data is being put together."),
        (State.READY, "The copy of your data is ready to download."),
        (State.FAILED, "What is kept about you: look at it, download it, or delete it."),
    ],
)
def test_a_copy_that_waits_is_told_of(state, told):
    if state:
        Export.objects.create(account_id=ALICE, state=state)

    assert copies.standing(users.User.from_json(user()), None).text == told
