"""What the tests of notices share."""

import smtplib

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from accountsite import origin
from accountsite.audit import trail
from accountsite.audit.actions import Action
from tests.conftest import ALICE

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36"
)


@pytest.fixture
def event(db):
    """A change of alice's email address, in her browser."""
    with origin.bound(origin.Origin(address="192.0.2.7", user_agent=CHROME)):
        return trail.record(
            Action.EMAIL_CHANGED, ALICE, values={"email": ("old@example.com", "new@example.org")}
        )


class BrokenServer(BaseEmailBackend):
    """A mail server that answers as it was told to."""

    error: Exception | None = None

    def send_messages(self, email_messages):
        if self.error:
            raise self.error
        return len(email_messages)


@pytest.fixture
def mail_server(settings):
    """Tells the mail server what to answer from now on: an error, or None."""
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.BrokenServer"}}

    def answers(error: Exception | None) -> None:
        BrokenServer.error = error

    yield answers
    BrokenServer.error = None


NO_SUCH_USER = smtplib.SMTPRecipientsRefused({"a@x.com": (550, b"a@x.com: no such user")})
GREYLISTED = smtplib.SMTPRecipientsRefused({"a@x.com": (451, b"later, a@x.com")})
