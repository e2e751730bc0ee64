"""The pages of the way to a provider and back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from accountsite import pages
from accountsite.confirmation import proofs
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.connections import forms, offers, overview, services, trips, views
from accountsite.connections.endings import Ended, Ending
from accountsite.connections.offers import Missing, Way
from accountsite.connections.overview import Provider
from accountsite.connections.services import OwnAccess
from accountsite.connections.trips import Trip
from accountsite.logto import errors
from accountsite.logto.identities import Identity
from accountsite.pages import AccountRequest, Context, SiteRequest
from accountsite.refusals import Refusal, told
from accountsite.signin import tokens

LINK = "connections/link.html"


@require_GET
def link(request: AccountRequest, key: str) -> HttpResponse:
    """Set out to connect an account at a provider, or to replace the one that is connected."""
    provider = overview.provider(request.account.id, key)
    if provider is None:
        raise Http404
    if provider.offer.missing:
        return _cannot(request, provider, provider.offer.missing)
    if not provider.offer.needs_own_access:
        return _link(request, provider)
    try:
        token = tokens.of_person(request)
    except tokens.SignInNeeded:
        return pages.leave_for(request, _signing_in_again(request.path))
    if missing := offers.of_token(token):
        return _cannot(request, provider, missing)
    return _link_with_own_access(request, provider)


@recently_confirmed()
def _link(request: AccountRequest, provider: Provider) -> HttpResponse:
    connector, current = provider.offer.connector, provider.current
    trip = trips.begin(
        request.session,
        request.account.id,
        key=provider.key,
        target=connector.target,
        connector_id=connector.id,
        provider=provider.name,
        replaces=current.subject if current else "",
        needs_own_access=provider.offer.needs_own_access,
        gains_by_own_access=provider.offer.gains_by_own_access,
    )
    leave_url = reverse("connections:leave", args=[provider.key], query={"state": trip.state})
    return pages.page(request, LINK, _about(provider) | {"leave_url": leave_url})


@recently_confirmed(with_record=True)
def _link_with_own_access(request: AccountRequest, provider: Provider) -> HttpResponse:
    if overview.can_prove(provider.user) and not proofs.record(request.session):
        proofs.forget_record(request.session)  # so that the next attempt asks again
        return _cannot(request, provider, Missing.PROOF)
    return _link(request, provider)


@recently_confirmed()
@require_GET
def leave(request: AccountRequest, key: str) -> HttpResponse:
    """Go to the provider. A link and no form: the page's policy lets no form lead to strangers."""
    account_id = request.account.id
    state = request.GET.get("state", "")
    try:
        trip = trips.prepared(request.session, state, account_id=account_id, key=key)
    except Ended as refusal:
        if refusal.ending in {Ending.UNKNOWN, Ending.USED}:  # an old page, or the way back to it
            return pages.leave_for(request, reverse("connections:link", args=[key]))
        return _ended(request, refusal, key=key)
    try:
        own = _own_access(request, trip)
        departure = services.depart(trip, own)
    except Refusal as refusal:
        return _ended(request, _as_ending(refusal), key=key)
    except errors.Unavailable:
        return _ended(request, Ended(Ending.UNREACHABLE, provider=trip.provider), key=key)
    proof = (own.proof or "") if own and departure.way is Way.ACCOUNT else ""
    trips.leave(request.session, trip, way=departure.way, record=departure.record, proof=proof)
    return HttpResponseRedirect(departure.url)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def callback(request: SiteRequest, key: str = "") -> HttpResponse:
    """Back from a provider: connect the account there, or say why not.

    Some answer by a form that they have the browser send. Without our cookies, which no other site's
    form gets, that only becomes the address that others send the browser to.
    """
    if request.method == "POST":
        return HttpResponseRedirect(f"{request.path}?{request.POST.urlencode()}", status=303)
    if request.account is None:
        return _ended(request, Ended(Ending.SIGNED_OUT), key=key)
    return _back(request, request.account.id, key)


def _back(request: Any, account_id: str, key: str) -> HttpResponse:
    answer = request.GET.dict()
    try:
        trip = trips.take(request.session, answer.get("state", ""), account_id=account_id, key=key)
    except Ended as refusal:
        services.note_refusal(account_id, refusal)
        return _ended(request, refusal, key=key)
    try:
        services.check_answer(trip, answer)
        bound = services.connect(trip, answer, _token(request, trip))
    except services.AlreadyConnected:
        trips.wait(request.session, trip, answer)
        return pages.leave_for(request, reverse("connections:replacement", args=[key]))
    except Refusal as refusal:
        return _ended(request, _as_ending(refusal), key=key)
    except errors.Unavailable:
        return _ended(request, Ended(Ending.UNREACHABLE, provider=trip.provider), key=key)
    return _done(request, trip, bound, before=trip.replaces)


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def replacement(request: AccountRequest, key: str) -> HttpResponse:
    """Say whether the account that you have just proved takes the place of another one."""
    account_id = request.account.id
    trip = trips.waiting(request.session, account_id=account_id, key=key)
    if trip is None:
        return _ended(request, Ended(Ending.EXPIRED), key=key)
    form = forms.Shown(pages.submitted(request))
    if form.is_valid():
        before = form.shown_before
        try:
            trip = trips.take_waiting(request.session, account_id=account_id, key=key)
            bound = services.replace(trip, _token(request, trip), shown=before)
            return _done(request, trip, bound, before=before)
        except Refusal as refusal:
            return _ended(request, _as_ending(refusal), key=key)
        except errors.Unavailable:
            return _ended(request, Ended(Ending.UNREACHABLE, provider=trip.provider), key=key)
    provider = overview.provider(account_id, key)
    if provider is None:
        raise Http404
    current = provider.current
    context = _about(provider) | {"form": forms.Shown(now=current.subject if current else "")}
    return pages.page(request, "connections/replacement.html", context)


def _cannot(request: AccountRequest, provider: Provider, missing: Missing) -> HttpResponse:
    """The page that says why this one can't be connected here."""
    context = _about(provider) | {
        "reason": offers.for_person(missing),
        "missing": missing.value,
        "again_url": _signing_in_again(request.path),
    }
    return pages.page(request, LINK, context)


def _ended(request: SiteRequest, ended: Ended, *, key: str) -> HttpResponse:
    """The page that says how a trip ended, and what to do then."""
    if ended.missing == Missing.PROOF:
        proofs.forget_record(request.session)
    again_url = ""
    if key and ended.can_try_again:
        again_url = reverse("connections:link", args=[key])
    if ended.missing == Missing.TOKEN:
        again_url = _signing_in_again(again_url)
    is_signed_out = ended.ending is Ending.SIGNED_OUT
    context = {
        "title": ended.title,
        "text": told(ended),
        "again_url": again_url,
        "signs_in": is_signed_out or ended.missing == Missing.TOKEN,
        "overview_url": views.overview_url(),
    }
    return pages.page(request, "connections/ended.html", context, status=ended.status)


def _as_ending(refusal: Refusal) -> Ended:
    """Any refusal as an ending."""
    if isinstance(refusal, Ended):
        return refusal
    return Ended(Ending.REFUSED, reason=str(refusal))


def _done(request: Any, trip: Trip, bound: Identity | None, *, before: str) -> HttpResponse:
    """It is connected. `before` is the id there of what it took the place of, or empty."""
    words = {"provider": trip.provider}
    if bound is not None and bound.subject == before:
        text = _(
            "It is the same account at %(provider)s as before, as you are signed in to it there. "
            "To use another one, sign out there first."
        )
        messages.info(request, text % words)
    else:
        messages.success(request, _("%(provider)s connected.") % words)
    return pages.leave_for(request, views.overview_url(f"row-{trip.key}"))


def _own_access(request: AccountRequest, trip: Trip) -> OwnAccess | None:
    """What the Account API would want, where it is the way to go and this session has it."""
    record = proofs.record(request.session)
    if not trip.needs_own_access and not (trip.gains_by_own_access and record):
        return None
    try:
        token = tokens.of_person(request)
    except (tokens.SignInNeeded, errors.Unavailable) as error:
        if not trip.needs_own_access:
            return None
        if isinstance(error, errors.Unavailable):
            raise
        raise services.unable(trip, Missing.TOKEN) from error
    if missing := offers.of_token(token):
        if trip.needs_own_access:
            raise services.unable(trip, missing)
        return None
    return OwnAccess(token=token, proof=record)


def _token(request: Any, trip: Trip) -> str:
    """The person's own token, where this trip needs it. Raises Ended and Unavailable."""
    if trip.way != Way.ACCOUNT:
        return ""
    try:
        return tokens.of_person(request)
    except tokens.SignInNeeded as error:
        raise services.unable(trip, Missing.TOKEN) from error


def _about(provider: Provider) -> Context:
    return {"provider": provider, "row": f"row-{provider.key}"}


def _signing_in_again(path: str) -> str:
    return reverse("signin:again", query={"next": path})
