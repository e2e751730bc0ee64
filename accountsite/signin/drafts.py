"""What a person had typed when their session was found to have expired.

It waits, encrypted, in the new session, and comes back in the form after sign-in: once, to the
same person, on the same page. Files and secrets are not kept.
"""

from typing import Any
from urllib.parse import parse_qs, urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

KEY = "draft"
KEPT_SECONDS = 3600
MOST_CHARACTERS = 64_000
SECRET_NAMES = {"code", "csrfmiddlewaretoken", "secret", "token"}


def keep(request: HttpRequest, *, account_id: str) -> None:
    """Put the fields of this POST by for its owner, unless they are absurdly many."""
    fields = {
        name: request.POST.getlist(name)
        for name in request.POST
        if name not in SECRET_NAMES and "password" not in name
    }
    typed = urlencode(fields, doseq=True)
    if typed and len(typed) <= MOST_CHARACTERS:
        request.session[KEY] = {
            "account_id": account_id,
            "path": request.path,
            "fields": typed,
            "kept": timezone.now().timestamp(),
        }


def of(session: Any, *, account_id: str) -> dict[str, Any] | None:
    """The draft that waits in this session, if it is this person's and not too old."""
    draft: dict[str, Any] | None = session.get(KEY)
    if draft is None or draft["account_id"] != account_id:
        return None
    return draft if timezone.now().timestamp() - draft["kept"] <= KEPT_SECONDS else None


def take(request: HttpRequest) -> dict[str, Any]:
    """The fields that were typed on this page, once; nothing if none wait for this person here."""
    account = getattr(request, "account", None)
    if account is None or request.method != "GET" or KEY not in request.session:
        return {}
    draft = of(request.session, account_id=account.id)
    if draft is not None and draft["path"] != request.path:
        return {}
    del request.session[KEY]
    if draft is None:
        return {}
    messages.info(
        request, _("You were signed out before this was saved. Check it, and save it again.")
    )
    fields = parse_qs(draft["fields"], keep_blank_values=True)
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}
