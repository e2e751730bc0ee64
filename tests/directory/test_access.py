"""Every address of the admin, and who is refused it. A new one is refused until it is listed here."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User as Staff
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from accountsite.directory import deeds
from accountsite.signin.staff import Level
from tests.directory.conftest import LIST

pytestmark = pytest.mark.django_db

REFUSED = {302, 403, 405}  # to the sign-in, or for good
OPEN = {"login"}  # the door itself
OF_DJANGO = {
    # What any member of the staff may see: it tells nothing of anybody.
    *("index", "logout", "password_change", "password_change_done", "autocomplete"),
    *("jsi18n", "view_on_site", "app_list", "nowhere"),
}
READ = {
    *("directory_user_changelist", "directory_user_change", "directory_user_history"),
    *("audit_auditevent_changelist", "audit_auditevent_change", "audit_auditevent_history"),
    "audit_auditevent_export",
    *("notices_notice_changelist", "notices_notice_change", "notices_notice_history"),
    *("schedule_run_changelist", "schedule_run_change", "schedule_run_history"),
    *("webhooks_delivery_changelist", "webhooks_delivery_change", "webhooks_delivery_history"),
}
"""What a viewer reads, and so a helper too."""
HELPED = {f"directory_user_{deed.slug}" for deed in deeds.DEEDS if deed.level == Level.HELP}


def patterns(resolver: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every address below, as (its name, an example of it)."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, prefix + _example(pattern))
        else:
            yield pattern.name or "nowhere", prefix + _example(pattern)


def _example(pattern: URLPattern | URLResolver) -> str:
    """An address that the pattern matches, as far as it goes."""
    text = str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
    for before, after in (
        ("<path:object_id>", "1"),
        ("<str:object_id>", "somebody0001"),
        ("<int:content_type_id>", "1"),
        ("<path:content_type_id>", "1"),
        ("<str:name>", "csv"),
        ("(?P<app_label>", "("),
        ("(?P<url>.*)", "anything"),
    ):
        text = text.replace(before, after)
    if text.startswith("("):
        text = text.strip("()").partition("|")[0].rstrip(")") + "/"
    return text.replace("<id>", "1").replace("<path:", "1").replace("\\", "")


def admin_pages() -> list[tuple[str, str]]:
    resolver = next(
        one for one in get_resolver().url_patterns if getattr(one, "app_name", "") == "admin"
    )
    return [(name, f"/admin/{path}") for name, path in patterns(resolver)]


ADMIN_PAGES = admin_pages()
BY_NAME = dict(ADMIN_PAGES)


def answers(client: Client, path: str) -> set[int]:
    """What it says to somebody who looks, and to somebody who sends."""
    return {client.get(path).status_code, client.post(path, {"reason": "x"}).status_code}


def test_the_walk_meets_every_page():
    assert len(ADMIN_PAGES) > 40
    for deed in deeds.DEEDS:
        assert f"directory_user_{deed.slug}" in BY_NAME


@pytest.mark.parametrize(("name", "path"), ADMIN_PAGES)
def test_who_is_not_signed_in_gets_nowhere(name, path):
    if name not in OPEN:
        assert answers(Client(), path) <= {302, 403, 404, 405}
        assert Client().get(path).status_code != 200


@pytest.mark.parametrize(("name", "path"), ADMIN_PAGES)
def test_a_person_without_a_role_gets_nowhere(name, path, alice):
    if name not in OPEN:
        assert answers(alice, path) <= {302, 403, 404, 405}
        assert alice.get(path).status_code != 200


@pytest.mark.parametrize(("name", "path"), ADMIN_PAGES)
def test_a_viewer_reads_and_does_nothing(name, path, viewer, wire):
    _check(name, path, viewer, READ)


@pytest.mark.parametrize(("name", "path"), ADMIN_PAGES)
def test_a_helper_helps_and_does_nothing_else(name, path, helper, wire):
    _check(name, path, helper, READ | HELPED)


def _check(name: str, path: str, client: Client, allowed: set[str]) -> None:
    """Whoever is not expected is refused, whichever way they ask; nobody gets as far as Logto."""
    if name in allowed | OPEN | OF_DJANGO:
        return
    for answer in (client.get(path), client.post(path, {"reason": "x"})):
        assert answer.status_code in REFUSED, (path, answer.status_code)
        location = answer.headers.get("Location", "")
        assert not location.startswith(LIST), "it was not led on as if it were done"


@pytest.mark.parametrize("level", list(Level))
def test_what_is_offered_for_many_at_once_is_for_those_who_manage(as_staff, level):
    client = as_staff(level)
    request = RequestFactory().get("/admin/")
    request.user = _staff_of(client)

    for model, site in admin.site._registry.items():
        offered = set(site.get_actions(request))
        if level is not Level.MANAGE:
            assert not offered, f"{model.__name__} offers {offered} to level {level.name}"


def _staff_of(client: Client) -> Any:
    return Staff.objects.get(pk=client.session["_auth_user_id"])
