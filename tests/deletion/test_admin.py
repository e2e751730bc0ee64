"""What admins see of the accounts that are about to go."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from accountsite.deletion.models import Deletion, Held
from accountsite.signin import staff
from accountsite.signin.staff import Level
from tests.conftest import ALICE

pytestmark = pytest.mark.django_db

LIST = "/admin/deletion/deletion/"


@pytest.fixture
def admin(client: Client) -> Client:
    """Somebody who may do all that a role of the tenant brings."""
    user = User.objects.create_user("logto:dave", is_staff=True)
    user.user_permissions.set(staff._permissions(Level.MANAGE))
    client.force_login(user)
    return client


@pytest.fixture
def row(db: None) -> Deletion:
    now = timezone.now()
    return Deletion.objects.create(
        account_id=ALICE, due_at=now, next_attempt_at=now, held=Held.LAST_ADMIN, email="a@x.com"
    )


def test_they_see_which_one_waits_and_why(admin, row):
    page = admin.get(LIST).content.decode()

    assert ALICE in page
    assert "The last admin of an organization" in page
    assert "a@x.com" not in page


def test_they_change_nothing_there(admin, row):
    admin.post(
        LIST, {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}, follow=True
    )

    assert Deletion.objects.exists()
    assert admin.get(f"{LIST}add/").status_code == 403


def test_without_a_right_there_is_nothing_to_see(client):
    client.force_login(User.objects.create_user("logto:bob", is_staff=True))

    assert client.get(LIST).status_code == 403
