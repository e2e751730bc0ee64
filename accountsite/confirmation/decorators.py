"""For views that need a fresh proof."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from accountsite import pages
from accountsite.confirmation import interruptions, proofs, views
from accountsite.pages import AccountRequest

View = Callable[..., HttpResponse]


def recently_confirmed(
    *, purpose: str = proofs.GENERAL, with_record: bool = False
) -> Callable[[View], View]:
    """Let the view run only within ten minutes of a proof that it's still the same person.

    A named purpose wants a proof of its own, and `with_record` one that Logto knows of too: the
    view finds it in `proofs.record`, which is empty where Logto can't have one. Otherwise the person
    is asked, in the place of the card with htmx and on a page without, and then the request goes on.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def confirmed(request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            has_record = not with_record or proofs.record(request.session) is not None
            if has_record and proofs.holds(request.session, purpose=purpose):
                return view(request, *args, **kwargs)
            interruptions.keep(request, purpose=purpose, with_record=with_record)
            if pages.wants_part(request):
                return views.ask(request)
            return pages.leave_for(request, reverse("confirmation:confirmation"))

        return confirmed

    return decorate
