"""The pages of the sign-in methods. Email and phone have the same ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountsite import pages
from accountsite.codes import services as codes
from accountsite.codes.services import Channel
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.identifiers import forms, lines, pending, phones, services
from accountsite.identifiers.lines import EMAIL, USERNAME, Line
from accountsite.identifiers.pending import Change
from accountsite.limits.attempts import TooMany
from accountsite.logto import errors, users
from accountsite.logto.account_center import Access
from accountsite.logto.sign_in_experience import Identifier, UsernamePolicy
from accountsite.pages import AccountRequest
from accountsite.refusals import Refusal
from accountsite.signin import services as signin


@require_safe
def identifiers(request: AccountRequest) -> HttpResponse:
    """What you sign in with."""
    person = lines.person(request.account.id)
    signin.refresh(request, person.user)
    rows = [_with_what_waits(request, line) for line in person.lines]
    return pages.page(request, "identifiers/identifiers.html", {"lines": rows})


def _with_what_waits(request: AccountRequest, line: Line) -> Line:
    """The line, with the address that waits for its code."""
    if line.identifier is USERNAME or not line.is_editable:
        return line
    change = _live(request, Channel(line.identifier.value))
    return replace(line, waits_for=lines.shown(line.identifier, change.value)) if change else line


# Email and phone


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: AccountRequest, name: str) -> HttpResponse:
    """Give a new address, which a code then proves to be yours."""
    channel = _channel(name)
    if request.method != "POST":
        return _where_it_stands(request, channel)
    form = forms.new_address(channel, request.POST)
    if form.is_valid():
        with pages.told_in(form, field="address"):
            change = _live(request, channel)
            if change is None or change.value != form.given.value:
                change = _begun(request, form)
            return _code_next(request, change)
    return _address_page(request, form)


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: AccountRequest, name: str) -> HttpResponse:
    """Enter the code, and the address is yours."""
    change = _live(request, _channel(name))
    if request.method != "POST" or change is None:
        return _back(request, name)
    form = forms.finish(change, request.POST)
    if request.POST.get("change") != change.id:
        form = forms.unfilled(change)
        form.add_error(None, _("You began this change in another tab. Go on with it here."))
    elif form.is_valid():
        with pages.told_in(form, field=None if change.is_proved else "code"):
            try:
                user = _finished(request, change, form.cleaned_data.get("code", ""))
            except services.UnableToChange as refusal:
                return _refused(request, change, refusal)
            return _saved(request, user, Identifier(name))
    return _code_page(request, change, form)


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: AccountRequest, name: str) -> HttpResponse:
    """Get another code."""
    change = _live(request, _channel(name))
    if request.method != "POST" or change is None:
        return _back(request, name)
    form = forms.unfilled(change)
    with pages.told_in(form):
        services.send(request.account.id, change.address, before=change.before)
        return _code_next(request, pending.sent_again(request.session, change))
    return _code_page(request, change, form)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: AccountRequest, name: str) -> HttpResponse:
    """Give the change up. A GET, which is where a sign-in would come back to, gives up nothing."""
    channel = _channel(name)
    if request.method == "POST":
        pending.forget(request.session, channel)
    if not pages.wants_part(request):
        return pages.leave_for(request, _row(name))
    person = lines.person(request.account.id)
    line = person.line(Identifier(name))
    return pages.saved(request, "identifiers/identifiers.html", {"line": line})


@require_safe
def example(request: AccountRequest) -> HttpResponse:
    """Say how numbers are written in a country: for htmx, below the field."""
    return HttpResponse(forms.like(request.GET.get("country", "")), content_type="text/plain")


def _where_it_stands(request: AccountRequest, channel: Channel) -> HttpResponse:
    """The form for an address, or for the code of one that was given."""
    person = lines.person(request.account.id)
    line = _shown_to(person.line(Identifier(channel.value)))
    if not line.is_editable:
        return pages.page(request, "identifiers/read_only.html", {"line": line})
    change = pending.of(request.session, channel, account_id=request.account.id)
    if change and change.is_live and "new" not in request.GET:
        return _code_page(request, change, forms.finish(change))
    initial = {"country": phones.country_of(person.user)}
    if change and channel is Channel.EMAIL:
        initial["address"] = change.value
    form = forms.new_address(channel, initial=pages.kept(request, initial))
    return _address_page(request, form)


def _begun(request: AccountRequest, form: forms.NewAddress) -> Change:
    """Send the code, and remember for what. Raises as `services.start` does."""
    person = services.start(request.account.id, form.given)
    return pending.begin(
        request.session,
        account_id=request.account.id,
        to=form.given,
        before=lines.value_of(person.user, Identifier(form.channel.value)),
        lasts=person.code_seconds,
    )


def _finished(request: AccountRequest, change: Change, typed: str) -> users.User:
    """Check the code, unless it was right before, and make the change."""
    if change.is_proved:
        person = lines.person(request.account.id)
    else:
        person = services.prove(request.account.id, change, typed)
        change = pending.proved(request.session, change)
    user = services.change_address(person, change)
    pending.forget(request.session, change.channel)
    return user


def _refused(request: AccountRequest, change: Change, refusal: Refusal) -> HttpResponse:
    """The code was right, and still this address can't be theirs: ask for another one."""
    pending.forget(request.session, change.channel)
    form = forms.filled(change.address)
    pages.refuse(form, refusal, field="address")
    return _address_page(request, form)


def _code_next(request: AccountRequest, change: Change) -> HttpResponse:
    """A code is on its way: with htmx its form is next, without its page."""
    if pages.wants_part(request):
        return _code_page(request, change, forms.finish(change))
    return pages.leave_for(request, reverse("identifiers:address", args=[change.channel.value]))


def _code_page(request: AccountRequest, change: Change, form: forms.Proved) -> HttpResponse:
    identifier = Identifier(change.channel.value)
    context = {
        "name": identifier.value,
        "label": lines.LABELS[identifier],
        "form": form,
        "address": lines.shown(identifier, change.value),
        "is_proved": "code" not in form.fields,
        "wait": codes.seconds_until_next(request.account.id, change.address),
    }
    return pages.page(request, "identifiers/code.html", context)


def _address_page(request: AccountRequest, form: forms.NewAddress) -> HttpResponse:
    identifier = Identifier(form.channel.value)
    has_one = request.account.email if identifier is EMAIL else request.account.phone
    context = {
        "name": identifier.value,
        "label": lines.LABELS[identifier],
        "form": form,
        "has_one": bool(has_one),
    }
    return pages.page(request, "identifiers/address.html", context)


def _live(request: AccountRequest, channel: Channel) -> Change | None:
    """The change of this person that waits for its code."""
    change = pending.of(request.session, channel, account_id=request.account.id)
    return change if change is not None and change.is_live else None


def _back(request: AccountRequest, name: str) -> HttpResponse:
    """Where the address is given; if its code came too late, with that address and a word."""
    change = pending.of(request.session, _channel(name), account_id=request.account.id)
    if request.method != "POST" or change is None:
        return pages.leave_for(request, reverse("identifiers:address", args=[name]))
    form = forms.filled(change.address)
    form.add_error(None, _("The time for this code is over. Send another one."))
    return _address_page(request, form)


# Username


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def username(request: AccountRequest) -> HttpResponse:
    """Choose the name that you sign in with."""
    if request.method == "POST":
        form = forms.Username(request.POST, policy=_policy(), now=None)
        if form.is_valid():
            with pages.told_in(form, field="username"), _in_sight_of_a_change(form):
                user = services.change_username(
                    request.account.id,
                    form.cleaned_data["username"],
                    shown_before=form.shown_before,
                )
                return _saved(request, user, USERNAME)
    else:
        person = lines.person(request.account.id)
        line = _shown_to(person.line(USERNAME))
        if not line.is_editable:
            return pages.page(request, "identifiers/read_only.html", {"line": line})
        initial = pages.kept(request, {"username": line.value})
        form = forms.Username(policy=person.username_policy, now=line.value, initial=initial)
    context = {"form": form, "has_one": bool(request.account.username)}
    return pages.page(request, "identifiers/username.html", context)


@require_POST
def availability(request: AccountRequest) -> HttpResponse:
    """Say whether a username is free: for htmx, below the field."""
    form = forms.Username(request.POST, policy=_policy(), now=None)
    context: dict[str, Any] = {"objections": [], "is_free": False}
    status = 200
    if not form.is_valid():
        context["objections"] = form.errors.get("username", [])
    elif form.cleaned_data["username"] != request.account.username:
        try:
            context["is_free"] = services.is_free(request.account.id, form.cleaned_data["username"])
        except TooMany as refusal:
            context["objections"], status = [str(refusal)], 429
        except errors.Unavailable:
            pass  # it is told on saving
        else:
            context["objections"] = [] if context["is_free"] else [services.taken(form.policy)]
    return render(request, "identifiers/availability.html", context, status=status)


# Removal, of each of the three


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: AccountRequest, name: str) -> HttpResponse:
    """Go without it, in sight of the ways to sign in that remain."""
    identifier = _identifier(name)
    if request.method == "POST":
        form = forms.Shown(request.POST, now=None)
        if form.is_valid():
            with pages.told_in(form), _in_sight_of_a_change(form):
                user = services.remove(
                    request.account.id, identifier, shown_before=form.shown_before
                )
                return _saved(request, user, identifier)
        removal = _removal_if_known(request, identifier)
    else:
        removal = services.removal(request.account.id, identifier)
        if not _shown_to(removal.line).value:
            return pages.leave_for(request, _row(name))
        form = forms.Shown(now=removal.line.value)
    context = {
        "name": name,
        "label": lines.LABELS[identifier],
        "form": form,
        "removal": removal,
    }
    return pages.page(request, "identifiers/removal.html", context)


def _removal_if_known(request: AccountRequest, identifier: Identifier) -> services.Removal | None:
    """What stands around a refusal that is told; an outage is no reason to tell nothing."""
    try:
        return services.removal(request.account.id, identifier)
    except errors.Unavailable:
        return None


# Common to all


def _saved(request: AccountRequest, user: users.User, identifier: Identifier) -> HttpResponse:
    """Back in the row, with what it holds now there and in the navigation."""
    signin.refresh(request, user)
    line = lines.person_of(user).line(identifier)
    told = _("%(what)s changed.") if line.value else _("%(what)s removed.")
    messages.success(request, told % {"what": line.label})
    context = {"line": line}
    return pages.saved(request, "identifiers/identifiers.html", context, to=_row(identifier.value))


@contextmanager
def _in_sight_of_a_change(form: forms.Shown) -> Iterator[None]:
    """After a change from elsewhere was told, the next attempt is made in sight of it."""
    try:
        yield
    except services.ChangedElsewhere as refusal:
        form.show_again(refusal.now)
        raise


def _policy() -> UsernamePolicy | None:
    """The tenant's rules; None while nobody can tell them."""
    try:
        return services.username_policy()
    except errors.Unavailable:
        return None


def _shown_to(line: Line) -> Line:
    """The line, if the tenant lets people see it."""
    if line.access is Access.OFF:
        raise Http404
    return line


def _identifier(name: str) -> Identifier:
    if name not in set(Identifier):
        raise Http404
    return Identifier(name)


def _channel(name: str) -> Channel:
    if name not in set(Channel):
        raise Http404
    return Channel(name)


def _row(name: str) -> str:
    return f"{reverse('identifiers:identifiers')}#row-{name}"
