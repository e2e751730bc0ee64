"""In the demo the site's mails land in the tenant's inbox."""

import pytest
from django.core import mail

from accountsite.notices import delivery
from accountsite.notices.models import Notice, State

pytestmark = [pytest.mark.django_db, pytest.mark.demo]


@pytest.fixture
def demo(settings, demo_tenant):
    """The site's mail settings of the demo."""
    settings.LOGTO_ENDPOINT = demo_tenant.endpoint
    settings.LOGTO_M2M_APP_ID = demo_tenant.m2m_client_id
    settings.LOGTO_M2M_APP_SECRET = demo_tenant.m2m_client_secret
    settings.MAILERS = {"default": {"BACKEND": "accountsite.demo.mail.EmailBackend"}}
    yield demo_tenant
    demo_tenant.reset()


def test_the_inbox_shows_the_mail(demo, event):
    delivery.announce(event, "alice@example.com")

    inbox = demo.http.get(
        f"{demo.endpoint}/demo/inbox.json", params={"address": "alice@example.com"}
    )
    [message] = inbox.json()["messages"]
    assert message["subject"] == "Your email address was changed"
    assert "This wasn’t me:" in message["text"]
    assert mail.outbox == []


def test_an_inbox_that_takes_nothing_is_a_failure_like_another(demo, settings, event):
    settings.LOGTO_ENDPOINT = "http://127.0.0.1:9"

    delivery.announce(event, "alice@example.com")

    assert Notice.objects.get().state == State.QUEUED
    assert Notice.objects.get().last_error == "URLError"
