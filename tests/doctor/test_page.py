"""The doctor in the admin: groups that come by themselves, or by a link."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from accountsite.webhooks.models import Delivery
from tests.conftest import HTMX, inspected

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/admin/doctor/"


def member(*permissions: str) -> Client:
    client = Client()
    who = User.objects.create_user("somebody", is_staff=True)
    for codename in permissions:
        of_directory = Permission.objects.filter(content_type__app_label="directory")
        who.user_permissions.add(of_directory.get(codename=codename))
    client.force_login(who)
    return client


@pytest.fixture
def viewer(db: None) -> Client:
    return member("view_user")


@pytest.fixture
def manager(db: None) -> Client:
    return member("view_user", "help_user", "manage_user")


@pytest.fixture
def local(settings, tmp_path):
    """Nothing of Logto can be reached here, and nothing is asked of it."""
    settings.DATA_DIR = tmp_path


def test_the_page_waits_for_no_check(viewer, wire):
    page = inspected(viewer.get(PAGE).text)

    parts = page.select("section.doctor-part")
    assert [part["hx-get"] for part in parts] == [
        f"{PAGE}{name}/" for name in ("logto", "access", "people", "webhooks", "site", "machine")
    ]
    assert [part.a["href"] for part in parts] == [part["hx-get"] for part in parts]
    assert len(wire.calls) == 0


def test_a_group_comes_as_a_part_of_the_page(viewer, local):
    page = viewer.get(f"{PAGE}machine/", headers=HTMX).text

    assert "<html" not in page
    assert 'id="doctor-machine"' in page
    assert "hx-trigger" not in page
    assert "No worker has ever run." in page


def test_without_htmx_it_is_a_page_of_its_own(viewer, local):
    page = inspected(viewer.get(f"{PAGE}machine/").text)

    [part] = page.select("section.doctor-part")
    assert "to mend" in part.h2.get_text()
    assert part.select(".is-error .doctor-level")[0].get_text() == "Error"


def test_all_can_be_looked_at_at_once(viewer, settings, local):
    settings.LOGTO_ENDPOINT = "http://localhost:9"

    page = inspected(viewer.get(f"{PAGE}?all").text)

    assert len(page.select("section.doctor-part")) == 6
    assert not page.select("[hx-get]")
    assert "takes no connections" in page.select("#doctor-logto")[0].get_text()


def test_it_is_linked_from_the_first_page(manager, wire):
    client = Client()
    client.force_login(User.objects.create_superuser("root"))

    assert inspected(client.get("/admin/").text).find("a", href=PAGE)


@pytest.mark.parametrize("path", ["", "machine/", "?all"])
def test_who_may_look_at_nobody_may_not_look_here(path):
    assert member().get(f"{PAGE}{path}").status_code == 403
    assert Client().get(f"{PAGE}{path}").status_code == 302


def test_a_viewer_sends_no_test(viewer, local):
    assert viewer.post(f"{PAGE}webhooks/").status_code == 403


def test_another_group_is_no_page(viewer):
    assert viewer.get(f"{PAGE}nothing/").status_code == 404


@pytest.mark.demo
def test_looking_leaves_nothing_behind_and_a_test_does_when_it_is_asked_for(healthy, manager):
    page = manager.get(f"{PAGE}webhooks/").text
    assert "Send a test" in page
    assert not Delivery.objects.exists()

    page = manager.post(f"{PAGE}webhooks/").text

    assert "A test that Logto sent has arrived." in page
    assert Delivery.objects.count() == 1


@pytest.mark.demo
def test_what_the_tenant_calls_things_is_no_markup(healthy, viewer, wire):
    every = healthy.management("GET", "/connectors").json()
    every[0]["metadata"] = {"name": {"en": "<img src=x onerror=alert(1)>"}}
    wire.get(f"{healthy.endpoint}/api/connectors", json=every)

    page = inspected(viewer.get(f"{PAGE}people/").text)

    assert not page.select("section img")
    assert "<img src=x onerror=alert(1)>" in page.get_text()


# A test mail


def mail_form(page):
    return next(form for form in page.select("form.doctor-test") if form.find("input", id="id_to"))


def test_a_manager_has_a_mail_sent_and_sees_whether_the_server_took_it(manager, local, mailoutbox):
    form = mail_form(inspected(manager.get(f"{PAGE}machine/").text))

    answer = manager.post(form["action"], {"to": "operator@example.com"}, headers=HTMX)

    assert "took a test for operator@example.com" in answer.text
    assert [mail.to for mail in mailoutbox] == [["operator@example.com"]]
    assert "<html" not in answer.text


def test_looking_sends_no_mail(manager, local, mailoutbox):
    manager.get(f"{PAGE}machine/", {"to": "operator@example.com"})
    manager.get(f"{PAGE}?all")

    assert mailoutbox == []


def test_it_is_for_managers_alone(local, mailoutbox):
    helper = member("view_user", "help_user")

    assert "id_to" not in helper.get(f"{PAGE}machine/").text
    assert helper.post(f"{PAGE}machine/", {"to": "a@example.com"}).status_code == 403
    assert mailoutbox == []


@pytest.mark.parametrize("typed", ["", "nobody", "a@example.com\nBcc: b@example.com"])
def test_what_is_no_address_is_told_beside_it_and_stays(manager, local, mailoutbox, typed):
    answer = manager.post(f"{PAGE}machine/", {"to": typed})

    field = mail_form(inspected(answer.text)).find("input", id="id_to")
    assert answer.status_code == 422
    assert field["aria-invalid"] == "true"
    assert field.has_attr("autofocus")
    assert field.get("value", "").split() == typed.split()
    assert mailoutbox == []


def test_nobody_is_sent_many(manager, local, mailoutbox):
    statuses = [
        manager.post(f"{PAGE}machine/", {"to": "a@example.com"}).status_code for _mail in range(6)
    ]

    assert statuses == [200] * 5 + [429]
    assert len(mailoutbox) == 5


def test_nobody_sends_many(manager, local, mailoutbox):
    answers = [
        manager.post(f"{PAGE}machine/", {"to": f"a{number}@example.com"}) for number in range(11)
    ]

    assert len(mailoutbox) == 10
    assert "Too many attempts" in answers[-1].text
    assert int(answers[-1]["Retry-After"]) > 0


def test_without_a_mail_server_there_is_nothing_to_test(manager, local, settings):
    settings.MAILERS = {}

    assert "id_to" not in manager.get(f"{PAGE}machine/").text


@pytest.mark.parametrize("group", ["machine", "webhooks"])
def test_a_test_wants_a_token_of_this_site(group):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.create_superuser("root"))

    assert strict.post(f"{PAGE}{group}/", {"to": "a@example.com"}).status_code == 403
