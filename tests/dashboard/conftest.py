"""What the tests of the admin's first page share."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from accountsite.webhooks import reconciling
from tests.conftest import API

SECRET = "a-key-of-the-tenant"


@pytest.fixture
def admin(db: None) -> Client:
    """A browser in which an admin is signed in who may do everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("logto:dave"))
    return client


@pytest.fixture
def staff(db: None) -> Any:
    """A browser in which somebody is signed in who has these permissions, `app.codename`."""

    def staff(*permissions: str) -> Client:
        client = Client()
        who = User.objects.create_user("somebody", is_staff=True)
        for permission in permissions:
            app, _dot, codename = permission.partition(".")
            who.user_permissions.add(
                Permission.objects.get(content_type__app_label=app, codename=codename)
            )
        client.force_login(who)
        return client

    return staff


@pytest.fixture
def hook() -> dict[str, Any]:
    """The webhook of this site, as Logto tells of it."""
    return {
        "id": "hook-1",
        "name": "Account settings",
        "events": ["PostSignIn"],
        "config": {"url": reconciling.url()},
        "signingKey": SECRET,
        "enabled": True,
        "createdAt": 1795230406592,
        "executionStats": {"requestCount": 7, "successCount": 7},
    }


@pytest.fixture
def logto(wire: Any, hook: dict[str, Any]) -> Any:
    """A Logto with figures; a test may put other answers in their place by path."""
    figure = {"count": 3, "delta": -1}
    answers: dict[str, Any] = {
        "/status": None,
        "/dashboard/users/total": {"totalUserCount": 1234},
        "/dashboard/users/new": {"today": figure, "last7Days": {"count": 9, "delta": 4}},
        "/dashboard/users/active": {
            "dauCurve": [{"date": "2026-11-20", "count": 5}, {"date": "2026-11-21", "count": 8}],
            "dau": figure,
            "wau": figure,
            "mau": figure,
        },
        "/hooks": [hook],
    }
    for path, answer in answers.items():
        if answer is None:
            wire.get(f"{API}{path}", status=204)
        else:
            wire.get(f"{API}{path}", json=answer)
    return wire
