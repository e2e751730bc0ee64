"""Every address of the admin, and who is refused it. A new one is refused until it is listed here."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User as Staff
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from accountsite.directory import deeds
from accountsite.signin.staff import Level

pytestmark = pytest.mark.django_db

REFUSED = {302, 403, 405}  # to the sign-in, or for good
OPEN = {"login"}  # the door itself
OF_DJANGO = {
    # What any member of the staff may see: it tells nothing of anybody.
    *("index", "logout", "password_change", "password_change_done", "autocomplete"),
    *("jsi18n", "view_on_site", "app_list", "nowhere"),
}
TASKS = "django_tasks_database_dbtaskresult"
EXAMPLES = {"str": "csv", "int": "1", "path": "1", "slug": "site"}  # by kind of argument
READ = {
    *("directory_user_changelist", "directory_user_change", "directory_user_history"),
    *("audit_auditevent_changelist", "audit_auditevent_change", "audit_auditevent_history"),
    "audit_auditevent_export",
    *("notices_notice_changelist", "notices_notice_change", "notices_notice_history"),
    *("schedule_run_changelist", "schedule_run_change", "schedule_run_history"),
    *("deletion_deletion_changelist", "deletion_deletion_change", "deletion_deletion_history"),
    *("signin_session_changelist", "signin_session_change", "signin_session_history"),
    *("person", *(f"{TASKS}_{page}" for page in ("changelist", "change", "history"))),
    *("doctor", "doctor_group"),
    *("webhooks_delivery_changelist", "webhooks_delivery_change", "webhooks_delivery_history"),
}
"""What a viewer reads, and so a helper too."""
HELPED = {f"directory_user_{deed.slug}" for deed in deeds.DEEDS if deed.level == Level.HELP} | {
    "signin_session_end"
}


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
    text = re.sub(r"<(?:(\w+):)?\w+>", lambda found: EXAMPLES.get(found[1], "1"), text)
    if text.startswith("(?P<app_label>"):
        text = text.removeprefix("(?P<app_label>").partition("|")[0] + "/"
    return text.replace("(?P<url>.*)", "anything")


def admin_pages() -> list[tuple[str, str]]:
    resolver = next(
        one for one in get_resolver().url_patterns if getattr(one, "app_name", "") == "admin"
    )
    return [(name, f"/admin/{path}") for name, path in patterns(resolver)]


ADMIN_PAGES = admin_pages()
BY_NAME = dict(ADMIN_PAGES)


def reached(client: Client, *, but: set[str]) -> list[tuple[str, str, int]]:
    """The pages that did not refuse somebody who looked, or somebody who sent something.

    Those in `but` are not tried. That nobody gets as far as Logto is seen to by the wire.
    """
    answers = (
        (name, path, answer)
        for name, path in ADMIN_PAGES
        if name not in but
        for answer in (client.get(path), client.post(path, {"reason": "x"}))
    )
    return [
        (name, path, answer.status_code)
        for name, path, answer in answers
        if answer.status_code not in REFUSED or _is_led_on(answer)
    ]


def _is_led_on(answer: Any) -> bool:
    """Whether it leads to a page of its own, as if it were done.

    A refusal leads to the sign-in, what is not there to the first page.
    """
    location = answer.headers.get("Location", "")
    is_away = location == "/admin/" or location.startswith(("/admin/login/", "/sign-in/"))
    return bool(location) and not is_away


def test_the_walk_meets_every_page():
    assert len(ADMIN_PAGES) > 40
    assert not [path for _name, path in ADMIN_PAGES if "<" in path], "examples of all arguments"
    for deed in deeds.DEEDS:
        assert f"directory_user_{deed.slug}" in BY_NAME


def test_who_is_not_signed_in_gets_nowhere():
    assert reached(Client(), but=OPEN) == []


def test_a_person_without_a_role_gets_nowhere(alice):
    assert reached(alice, but=OPEN) == []


def test_a_viewer_reads_and_does_nothing(viewer, wire):
    assert reached(viewer, but=OPEN | OF_DJANGO | READ) == []


def test_a_helper_helps_and_does_nothing_else(helper, wire):
    assert reached(helper, but=OPEN | OF_DJANGO | READ | HELPED) == []


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
