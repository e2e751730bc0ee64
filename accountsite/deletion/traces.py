"""What there is of a person on this site, and its end.

Each package that keeps something of people has a function `(account_id) -> None` that deletes all of
it, does no harm a second time, and stands here by its name: sections don't import each other. A test
holds every table with an account's id in it to this list.
"""

import logging

from django.db import DatabaseError
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

TRACES = (
    "accountsite.signin.forgetting.forget",  # sessions, with drafts and all else in them, and staff
    "accountsite.avatars.forget_all",
    "accountsite.limits.attempts.forget",
    "accountsite.recognition.services.forget",
    "accountsite.reminders.services.forget",
    "accountsite.webhooks.forgetting.forget",
    "accountsite.exports.services.forget",
    "accountsite.directory.forgetting.forget",
    "accountsite.schedule.leftovers.forget",
    # The trail goes last: until then it tells what became of the rest. Its notices go with it.
    "accountsite.audit.pruning.forget_account",
)


def forget(account_id: str) -> None:
    """Delete every trace of an account, but for a deletion of it that is under way.

    One trace that resists keeps none of the others. Raises the error of the last that did.
    """
    last: Exception | None = None
    for name in TRACES:
        try:
            import_string(name)(account_id)
        except (DatabaseError, OSError) as error:
            logger.exception("traces are left: %s", name)
            last = error
    if last is not None:
        raise last
