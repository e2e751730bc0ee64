"""Deliveries in Django's admin: what came, what came of it, and doing it again."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.webhooks.models import Delivery, State
from tests.conftest import ALICE
from tests.webhooks.conftest import by_management, by_person

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/admin/webhooks/delivery/"


@pytest.fixture
def admin():
    client = Client()
    client.force_login(User.objects.create_superuser("logto:dave"))
    return client


@pytest.fixture
def looker():
    client = Client()
    staff = User.objects.create_user("staff", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_delivery"))
    client.force_login(staff)
    return client


def test_the_list_tells_what_came_of_each(admin, deliver):
    deliver(by_person("PostResetPassword"))

    page = admin.get(URL).text

    assert "PostResetPassword" in page
    assert "Written into the audit trail, Mail to the person" in page


def test_deliveries_are_found_by_event_state_and_account(admin, deliver):
    deliver(by_person("PostResetPassword"))
    deliver({"event": "Moon.Visited"})

    def found(**query):
        return [row.event for row in admin.get(URL, query).context["cl"].result_list]

    assert found(event="PostResetPassword") == ["PostResetPassword"]
    assert found(event="other") == ["Moon.Visited"]
    assert found(state__exact=State.UNKNOWN) == ["Moon.Visited"]
    assert found(q=ALICE) == ["PostResetPassword"]


def test_a_body_is_shown_to_be_read_and_as_text(admin, deliver):
    deliver(by_person("PostSignIn", user={"id": ALICE, "name": "<script>x</script>\ud800"}))

    page = admin.get(f"{URL}{Delivery.objects.get().pk}/change/").text

    assert "&quot;userIp&quot;: &quot;192.0.2.7&quot;" in page
    assert "<script>x" not in page


def test_of_an_erased_body_it_is_told_that_it_was(admin, deliver):
    deliver(by_management("User.Deleted"))

    page = admin.get(f"{URL}{Delivery.objects.get().pk}/change/").text

    assert "It was erased with the account" in page


def test_the_button_processes_again(admin, deliver):
    deliver(by_person("PostResetPassword"))
    delivery = Delivery.objects.get()
    Delivery.objects.update(state=State.FAILED)

    answer = admin.post(f"{URL}{delivery.pk}/again/", follow=True)

    assert "1 delivery is processed." in answer.text
    assert Delivery.objects.get().state == State.DONE
    assert AuditEvent.objects.count() == 1


def test_several_are_processed_again_and_those_without_a_body_are_told_of(admin, deliver):
    deliver(by_person("PostResetPassword", userId="bob", user={}))
    deliver(by_management("User.Deleted"))
    keys = [str(key) for key in Delivery.objects.values_list("pk", flat=True)]

    answer = admin.post(
        URL, {"action": "process_again", "_selected_action": keys, "index": "0"}, follow=True
    )

    assert "1 delivery is processed." in answer.text
    assert "1 has no body any more." in answer.text


def test_who_only_looks_can_not_process_again(looker, deliver):
    deliver(by_person("PostResetPassword"))
    key = Delivery.objects.get().pk
    Delivery.objects.update(state=State.FAILED)

    page = looker.get(f"{URL}{key}/change/")

    assert page.status_code == 200
    assert "Process again" not in page.text
    assert looker.post(f"{URL}{key}/again/").status_code == 403
    looker.post(URL, {"action": "process_again", "_selected_action": [str(key)], "index": "0"})
    assert Delivery.objects.get().state == State.FAILED


@pytest.mark.parametrize("page", ["add/", "{pk}/change/", "{pk}/delete/"])
def test_an_admin_changes_no_delivery(admin, deliver, page):
    deliver(by_person("PostSignIn"))
    key = Delivery.objects.get().pk

    assert admin.post(f"{URL}{page.format(pk=key)}", {"post": "yes"}).status_code == 403
    assert admin.get(f"{URL}{key}/again/").status_code == 405
