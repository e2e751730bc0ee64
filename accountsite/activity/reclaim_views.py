"""The page of what to do about something that one did not do."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accountsite import pages
from accountsite.activity import forms, reclaim
from accountsite.activity.entries import Entry
from accountsite.activity.reclaim import Reclaimed
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.pages import AccountRequest
from accountsite.signin import services as signin


def page(request: AccountRequest, entry: Entry | None) -> HttpResponse:
    """The checklist, and what of it this site does by itself; `entry` is what it is about."""
    if request.method == "POST":
        return _reclaim(request, entry)
    return _checklist(request, entry, forms.NotMe(), done=())


@recently_confirmed()
def _reclaim(request: AccountRequest, entry: Entry | None) -> HttpResponse:
    """Whoever it was is out; next comes a password that they don't know."""
    form = forms.NotMe(request.POST)
    done: tuple[str, ...] = ()
    with pages.told_in(form):
        ended = reclaim.reclaim(request.account.id, sid=request.account.sid)
        signin.end_others(request)
        done = tuple(_done(ended))
        if ended.is_complete:
            return _next_step(request, ended, done)
        # With a 5xx the browser would not get the new key of this session, and be signed out.
        for text in _left(ended):
            form.add_error(None, text)
    return _checklist(request, entry, form, done=done)


def _next_step(request: AccountRequest, ended: Reclaimed, done: tuple[str, ...]) -> HttpResponse:
    """On to the password, or to what else there is to sign in with."""
    for text in done:
        messages.success(request, text)
    if not ended.is_this_known:
        messages.info(request, _("You may be asked to sign in here again, too."))
    to_password = reclaim.is_password_changeable()
    return pages.leave_for(
        request, reverse("security:password" if to_password else "identifiers:identifiers")
    )


def _checklist(
    request: AccountRequest, entry: Entry | None, form: forms.NotMe, *, done: tuple[str, ...]
) -> HttpResponse:
    context = {
        "here": request.path,
        "entry": entry,
        "form": form,
        "done": done,
        "reach": reclaim.look(request.account.id, sid=request.account.sid),
    }
    return pages.page(request, "activity/not_me.html", context)


def _done(ended: Reclaimed) -> Iterator[str]:
    """What was done, each in a sentence."""
    if ended.devices.is_complete:
        yield _("You are signed out everywhere else.")
    if ended.tokens.is_complete and ended.tokens.total:
        yield _("Your personal access tokens were removed.")
    if ended.apps.is_complete and ended.apps.total:
        yield _("The access of third-party apps was revoked.")


def _left(ended: Reclaimed) -> Iterator[str]:
    """What was not done, each in a sentence, and what to do about it."""
    if not ended.devices.is_complete:
        yield _counted(
            ended.devices.left,
            ngettext(
                "%(left)d other sign-in could not be ended.",
                "%(left)d other sign-ins could not be ended.",
                ended.devices.left,
            ),
            _("Where else you are signed in could not be looked up."),
        )
    if not ended.tokens.is_complete:
        yield _counted(
            ended.tokens.left,
            ngettext(
                "%(left)d personal access token could not be removed.",
                "%(left)d personal access tokens could not be removed.",
                ended.tokens.left,
            ),
            _("Your personal access tokens could not be looked up."),
        )
    if not ended.apps.is_complete:
        yield _counted(
            ended.apps.left,
            _("Not every third-party app has lost its access."),
            _("Which third-party apps have access could not be looked up."),
        )
    yield _("Try again in a moment: what is done already stays done.")


def _counted(left: int, told: str, unknown: str) -> str:
    return told % {"left": left} if left else unknown
