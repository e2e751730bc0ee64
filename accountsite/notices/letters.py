"""What stands in a mail."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accountsite.appearance import brand
from accountsite.audit.actions import Action
from accountsite.audit.models import ActorKind, AuditEvent, Outcome
from accountsite.notices.models import Notice


def of(notice: Notice) -> EmailMultiAlternatives:
    """The mail, as text and as HTML, in the person's language and time zone."""
    with translation.override(notice.language), timezone.override(notice.time_zone):
        context = _context(notice)
        letter = EmailMultiAlternatives(
            subject=context["sentence"].rstrip("."),
            body=render_to_string(_templates(notice.event, "txt"), context),
            to=[notice.recipient],
            headers=_headers(notice),
        )
        html = render_to_string(_templates(notice.event, "html"), context)
        letter.attach_alternative(html, "text/html")
    return letter


def this_was_not_me(event: AuditEvent) -> str:
    """The address of the page for a person who did not do this."""
    return f"{settings.SITE_URL}/activity/{event.pk}/"


def _templates(event: AuditEvent, kind: str) -> list[str]:
    """What an action says in words of its own, such as `account.deleted.refused.txt`, else the mail for all."""
    names = (f"{event.action}.{event.outcome}", event.action, "change")
    return [f"notices/{name}.{kind}" for name in names]


def _sentence(event: AuditEvent) -> str:
    """What the mail tells, which is its subject too."""
    if event.action == Action.ACCOUNT_DELETED and event.outcome == Outcome.REFUSED:
        return _("Your account could not be deleted yet.")
    return event.sentence


def _context(notice: Notice) -> dict[str, Any]:
    event = notice.event
    return {
        "language": notice.language,
        "sentence": _sentence(event),
        "event": event,
        "is_by_admin": event.actor_kind == ActorKind.ADMIN,
        "time_zone": notice.time_zone,
        "not_me_url": this_was_not_me(event),
        "keep_url": settings.SITE_URL + reverse("deletion:keep"),
        "tokens_url": settings.SITE_URL + reverse("tokens:tokens"),
        "brand": brand.current(),
        "site": urlsplit(settings.SITE_URL).netloc,
    }


def _headers(notice: Notice) -> dict[str, str]:
    """A mail that is sent twice all the same, after a crash, is the same mail by its id."""
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "Message-ID": f"<notice-{notice.pk}-{notice.created_at:%Y%m%d%H%M%S}@{host}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office replies
    }
