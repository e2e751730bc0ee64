"""What follows a sign-in at this site: it is remembered, and so is what happened since the last.

A tenant without a webhook tells of sign-ins at other apps only here, in its log.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.tasks import task
from django.utils import timezone

from accountsite import origin
from accountsite.logto import client, errors, logs
from accountsite.recognition import services
from accountsite.signin.account import Account

logger = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=90)


def on_sign_in(sender: object, *, account: Account, **_more: Any) -> None:
    """Somebody signed in here, in the browser whose request this is."""
    before = services.last_seen_at(account.id)
    here = origin.current()
    services.seen(
        account.id, user_agent=here.user_agent, address=here.address, at=account.signed_in_at
    )
    catch_up.enqueue(account.id, before.isoformat() if before else "")


@task
def catch_up(account_id: str, since: str) -> None:
    """Hear of the sign-ins elsewhere since then. Who was never here before is only got to know."""
    oldest = timezone.now() - LOOK_BACK
    after = max(datetime.fromisoformat(since), oldest) if since else oldest
    hear = services.seen if since else services.learn
    try:
        found = logs.search(
            account_id=account_id,
            key=logs.Key.SIGN_IN,
            after=after,
            page_size=client.MAX_PAGE_SIZE,
        )
    except errors.LogtoError as error:
        logger.warning("the sign-ins before this one stay unknown: %s", error)
        return
    for entry in reversed(found.items):
        if entry.is_success and entry.account_id == account_id:
            hear(
                account_id,
                user_agent=entry.user_agent or "",
                address=entry.ip or "",
                at=entry.created_at,
            )
