"""Who may use the admin: three roles of the tenant, and what each of them brings."""

from typing import Any

import pytest
import responses
from django.contrib.auth.models import Permission
from django.contrib.auth.models import User as Staff

from accountsite.signin import staff
from accountsite.signin.staff import Level
from tests.conftest import ALICE, API
from tests.signin.conftest import user
from tests.signin.test_callback import role

pytestmark = pytest.mark.django_db

USER = {Level.VIEW: "view", Level.HELP: "help", Level.MANAGE: "manage"}


def arrive(client: Any, issuer: Any, wire: responses.RequestsMock, *roles: str) -> Staff | None:
    """Sign in, in a new browser, as a holder of these roles."""
    client.cookies.clear()
    for path, answer in (("", user()), ("/roles", [role(name) for name in roles])):
        wire.upsert("GET", f"{API}/users/{ALICE}{path}", json=answer)
    issuer.call_back(client)
    return Staff.objects.filter(username=f"logto:{ALICE}").first()


@pytest.mark.parametrize(
    ("role_name", "rights"),
    [
        ("accountsite-viewer", ["view"]),
        ("accountsite-helper", ["help", "view"]),
        ("accountsite-admin", ["help", "manage", "view"]),
    ],
)
def test_a_role_brings_its_rights_and_those_below_it(client, issuer, wire, role_name, rights):
    row = arrive(client, issuer, wire, role_name)

    held = {name for name in USER.values() if row.has_perm(f"directory.{name}_user")}
    assert sorted(held) == rights
    assert row.is_staff
    assert not row.is_superuser


def test_of_several_roles_the_highest_counts(client, issuer, wire):
    row = arrive(client, issuer, wire, "accountsite-viewer", "accountsite-admin", "editor")

    assert row.has_perm("directory.manage_user")


def test_a_role_that_became_smaller_takes_rights_away_at_the_next_sign_in(client, issuer, wire):
    arrive(client, issuer, wire, "accountsite-admin")

    row = arrive(client, issuer, wire, "accountsite-viewer")

    assert row.has_perm("directory.view_user")
    assert not row.has_perm("directory.manage_user")


def test_who_has_no_role_any_more_keeps_no_right(client, issuer, wire):
    arrive(client, issuer, wire, "accountsite-admin")

    row = arrive(client, issuer, wire)

    assert not row.is_staff
    assert row.get_all_permissions() == set()


def test_nobody_else_becomes_a_row(client, issuer, wire):
    assert arrive(client, issuer, wire, "editor") is None


def test_who_was_a_superuser_is_one_no_more(client, issuer, wire):
    Staff.objects.create(username=f"logto:{ALICE}", is_staff=True, is_superuser=True)

    assert not arrive(client, issuer, wire, "accountsite-admin").is_superuser


def test_no_role_lets_anybody_change_the_staff_itself(client, issuer, wire):
    row = arrive(client, issuer, wire, "accountsite-admin")

    theirs = Permission.objects.filter(content_type__app_label__in=["auth", "contenttypes"])
    assert not any(row.has_perm(f"{one.content_type.app_label}.{one.codename}") for one in theirs)


def test_the_roles_are_named_by_settings(client, issuer, wire, settings):
    settings.ACCOUNTSITE_HELPER_ROLE = "support"

    assert arrive(client, issuer, wire, "support").has_perm("directory.help_user")


def test_rights_that_change_meanwhile_count_at_once(client, issuer, wire):
    row = arrive(client, issuer, wire, "accountsite-admin")

    staff.adjust(ALICE, Level.VIEW)

    row = Staff.objects.get(pk=row.pk)
    assert not row.has_perm("directory.manage_user")
    staff.adjust(ALICE, None)
    assert not Staff.objects.get(pk=row.pk).is_staff


def test_who_has_not_signed_in_gets_no_row_by_a_change(db):
    staff.adjust("stranger0001", Level.MANAGE)

    assert not Staff.objects.exists()
