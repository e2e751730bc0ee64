"""Email address and phone number, which have the same pages."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accountsite import pages
from accountsite.codes import services as codes
from accountsite.codes.services import Channel
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.identifiers import forms, lines, pending, phones, services
from accountsite.identifiers.lines import EMAIL
from accountsite.identifiers.pending import Change
from accountsite.identifiers.views import rows
from accountsite.logto import users
from accountsite.logto.sign_in_experience import Identifier
from accountsite.pages import AccountRequest
from accountsite.refusals import Refusal


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
            change = rows.live(request, channel)
            if change is None or change.value != form.given.value:
                change = _begun(request, form)
            return _code_next(request, change)
    return _address_page(request, form)


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: AccountRequest, name: str) -> HttpResponse:
    """Enter the code, and the address is yours."""
    change = rows.live(request, _channel(name))
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
            return rows.saved(request, user, Identifier(name))
    return _code_page(request, change, form)


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: AccountRequest, name: str) -> HttpResponse:
    """Get another code."""
    change = rows.live(request, _channel(name))
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
        return pages.leave_for(request, rows.url(name))
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
    line = rows.shown_to(person.line(Identifier(channel.value)))
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
        "minutes": change.lasts // 60,
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


def _back(request: AccountRequest, name: str) -> HttpResponse:
    """Where the address is given; if its code came too late, with that address and a word."""
    change = pending.of(request.session, _channel(name), account_id=request.account.id)
    if request.method != "POST" or change is None:
        return pages.leave_for(request, reverse("identifiers:address", args=[name]))
    form = forms.filled(change.address)
    form.add_error(None, _("The time for this code is over. Send another one."))
    return _address_page(request, form)


def _channel(name: str) -> Channel:
    if name not in set(Channel):
        raise Http404
    return Channel(name)
