"""Mails of the site, while it runs with the demo tenant: they land in the tenant's inbox.

The other modules of this package are the tenant's; this one runs in the site.
"""

import json
from collections.abc import Sequence
from urllib.request import ProxyHandler, Request, build_opener

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

TIMEOUT = 5  # seconds


class EmailBackend(BaseEmailBackend):
    """A Django mail backend."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Put each into the inbox. Raises OSError if the tenant does not take it."""
        opener = build_opener(ProxyHandler({}))
        for message in email_messages:
            body = {"to": message.recipients(), "subject": message.subject, "text": message.body}
            request = Request(  # noqa: S310 - the demo's own tenant, on this machine
                f"{settings.LOGTO_ENDPOINT}/demo/inbox",
                json.dumps(body).encode(),
                {"Content-Type": "application/json"},
            )
            opener.open(request, timeout=TIMEOUT).close()
        return len(email_messages)
