"""The apps that a person let in."""

from typing import Any

import pytest
from django.conf import settings

from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.elsewhere import apps
from accountsite.elsewhere.apps import App, Revoked
from accountsite.logto.grants import Grant
from tests.conftest import ALICE
from tests.elsewhere.conftest import Logto, grant

pytestmark = pytest.mark.django_db(transaction=True)

PRINTS, NOTES = "photo-prints", "notes"


def names(found: tuple[App, ...]) -> list[tuple[str, int]]:
    return [(app.name, len(app.grants)) for app in found]


def revoke(**options: Any) -> Revoked:
    return apps.revoke(ALICE, apps.of_user(ALICE), action=Action.APP_REVOKED, **options)


def test_grants_are_grouped_by_app_and_third_parties_come_first(logto: Logto) -> None:
    logto.grants = [
        grant("one", app=NOTES, name="Notes", is_own=True, day=20),
        grant("two", app=PRINTS, name="Photo Prints", day=3),
        grant("three", app=PRINTS, name="Photo Prints", day=5),
        grant("four", app="later", name="Later", day=7),
    ]

    found = apps.of_user(ALICE)

    assert names(found) == [("Later", 1), ("Photo Prints", 2), ("Notes", 1)]
    assert [app.is_third_party for app in found] == [True, True, False]
    assert (found[1].since.day, found[1].until.day) == (3, 6)


@pytest.mark.parametrize(
    ("client_id", "name"),
    [
        ("https://Notes.example.com/client.json", "notes.example.com"),
        ("https://notes.example.com:8443/a/b?c=d", "notes.example.com"),
        ("https://раураl.example/client", "xn--l-7sba6dbr.example"),
        ("https://[broken", "Trust me"),
        ("ftp://notes.example.com", "Trust me"),
        ("notes", "Trust me"),
    ],
)
def test_an_app_that_registered_itself_is_called_by_its_host_and_not_as_it_claims(
    client_id: str, name: str
) -> None:
    given = Grant.from_json(grant("one", app=client_id, name="Trust me"))

    (app,) = apps.of_grants([given], own=[])

    assert app.name == name


def test_an_app_is_addressed_by_a_key_and_not_by_its_id() -> None:
    one, other = (
        Grant.from_json(grant("one", app=f"https://example.com/{name}")) for name in ("a", "b")
    )

    keys = {app.key for app in apps.of_grants([one, other], own=[])}

    assert len(keys) == 2
    assert all(key.replace("-", "").replace("_", "").isalnum() for key in keys)


def test_this_site_is_known() -> None:
    given = Grant.from_json(grant("one", app=settings.LOGTO_APP_ID))

    (app,) = apps.of_grants([given], own=[given])

    assert app.is_this_site
    assert app.name == "Account settings"


def test_all_grants_of_an_app_end(logto: Logto) -> None:
    logto.grants = [grant("one", app=PRINTS), grant("two", app=PRINTS)]

    done = revoke(values={"app": ("Photo Prints", None)})

    assert sorted(name for name, _query in logto.ended) == ["one", "two"]
    assert (done.is_complete, done.total) == (True, 2)
    event = AuditEvent.objects.get()
    assert (event.action, event.outcome) == ("app.revoked", "done")
    assert event.changes == {"app": ["Photo Prints", None]}


def test_one_that_fails_once_is_tried_again_and_one_that_is_gone_has_ended(logto: Logto) -> None:
    logto.grants = [grant("one", app=PRINTS), grant("two", app=PRINTS)]
    logto.fails("one", once=True)
    logto.fails("two", 404, "oidc.invalid_grant")

    assert revoke().is_complete


def test_what_is_left_is_told_and_uncertain_in_the_trail(logto: Logto) -> None:
    logto.grants = [grant("one", app=PRINTS), grant("two", app=PRINTS)]
    logto.fails("one")

    done = revoke()

    assert (done.ended, done.total, done.is_complete) == (1, 2, False)
    assert AuditEvent.objects.get().outcome == "unknown"


def test_third_parties_can_be_revoked_without_the_tenants_own_apps(logto: Logto) -> None:
    logto.grants = [
        grant("one", app=NOTES, is_own=True),
        grant("two", app=PRINTS),
        grant("three", app="other"),
    ]

    apps.revoke_third_parties(ALICE, apps.of_user(ALICE))

    assert sorted(name for name, _query in logto.ended) == ["three", "two"]
    event = AuditEvent.objects.get()
    assert (event.action, event.changes) == ("apps.revoked", {"apps": ["2", None]})


def test_nothing_to_revoke_is_no_event(logto: Logto) -> None:
    done = apps.revoke_third_parties(ALICE, ())

    assert (done.is_complete, done.event, AuditEvent.objects.count()) == (True, None, 0)
