"""Invitations by mail: a link that signs its owner in once.

Logto's one-time token goes with the authorization request as `one_time_token`, beside the address
as `login_hint` (Logto's guide to magic links). The link leads to a page of this site, which sends
nobody on by itself: programs that look into mails would use the token up.
"""

import logging
import smtplib
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, InvalidMailer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accountsite.appearance import brand
from accountsite.audit.actions import Action
from accountsite.directory.cases import LANGUAGE, ZONE, Case, Unable
from accountsite.logto import errors, one_time_tokens, users
from accountsite.signin import preferences

logger = logging.getLogger(__name__)

LIFETIME = timedelta(days=3)


def invite(case: Case) -> None:
    """Send it, with a row in the trail; the invitation is the mail that tells the person.

    Raises Unable if it did not go out.
    """
    silent = replace(case, why=replace(case.why, tells=False))
    with silent.change(Action.ACCOUNT_INVITED):
        if not send(case.person):
            raise Unable(_("The mail could not be sent. Nothing else happened; try again later."))


def send(user: users.User) -> bool:
    """Mail the person a link that signs them in, once. False if it did not go out.

    Older links of theirs end. The token is in the mail and nowhere else.
    """
    if not user.primary_email:
        return False
    try:
        token = one_time_tokens.create(user.primary_email, lifetime=LIFETIME)
        _letter(user, token).send(using="default")
    except (errors.LogtoError, OSError, ValueError, InvalidMailer, smtplib.SMTPException) as error:
        logger.warning("no invitation was sent: %s", type(error).__name__)
        return False
    return True


def _letter(user: users.User, token: one_time_tokens.OneTimeToken) -> EmailMultiAlternatives:
    profile = user.profile
    language = preferences.supported(profile.locale or "") or LANGUAGE
    with (
        translation.override(language),
        timezone.override(preferences.known_zone(profile.zoneinfo or "") or ZONE),
    ):
        context = _context(user, token, language)
        letter = EmailMultiAlternatives(
            subject=" ".join(
                render_to_string("admin/directory/mails/invitation_subject.txt", context).split()
            ),
            body=render_to_string("admin/directory/mails/invitation.txt", context),
            to=[token.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        html = render_to_string("admin/directory/mails/invitation.html", context)
        letter.attach_alternative(html, "text/html")
    return letter


def _context(
    user: users.User, token: one_time_tokens.OneTimeToken, language: str
) -> dict[str, Any]:
    query = urlencode({"token": token.value, "email": token.email})
    return {
        "name": user.name,
        "brand": brand.current(),
        "site": urlsplit(settings.SITE_URL).netloc,
        "language": language,
        "expires_at": token.expires_at,
        "url": f"{settings.SITE_URL}{reverse('directory:invitation')}?{query}",
    }
