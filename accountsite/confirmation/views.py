"""The question who you are, and its answers."""

from typing import Any, TypedDict

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from accountsite import pages
from accountsite.codes import forms as code_forms
from accountsite.codes import services as codes
from accountsite.confirmation import forms, interruptions, proofs, services
from accountsite.confirmation.services import Way
from accountsite.logto import errors, users
from accountsite.logto.account_api import Verification
from accountsite.pages import AccountRequest
from accountsite.refusals import Refusal
from accountsite.signin import guards, tokens
from accountsite.signin import services as signin

TEMPLATE = "confirmation/confirmation.html"
SENT = "confirmation_code"


class Kept(TypedDict):
    """Logto's record of a proof in the session, until some moment in seconds; no id for none."""

    id: str
    until: float


NONE = Kept(id="", until=0)


@require_safe
def confirmation(request: AccountRequest) -> HttpResponse:
    """Say how you prove that it's you."""
    return ask(request, way=request.GET.get("way", ""))


@require_POST
def password(request: AccountRequest) -> HttpResponse:
    """Prove it with your password."""
    form = forms.Password(request.POST)
    if form.is_valid():
        try:
            record = services.confirm_password(
                request.account.id, form.cleaned_data["password"], token=_token(request)
            )
        except Refusal as refusal:
            pages.refuse(form, refusal, field="password")
        else:
            return _confirmed(request, _kept(record))
    return ask(request, way=Way.PASSWORD, form=form)


@require_POST
def send(request: AccountRequest, way: str) -> HttpResponse:
    """Get a code to your email address or phone."""
    user = guards.person(request.account.id)
    address = services.address(user, _known(way))
    form = code_forms.Code()
    if address is not None:
        try:
            sent_at, record = services.send_code(request.account.id, address, token=_token(request))
        except Refusal as refusal:
            # Nothing was typed, and that is no mistake here.
            form = code_forms.Code({}, empty_permitted=True, use_required_attribute=False)
            pages.refuse(form, refusal)
        else:
            request.session[SENT] = {
                "way": way,
                "value": address.value,
                "at": sent_at,
                "record": _kept(record),
            }
    return ask(request, way=way, form=form, user=user)


@require_POST
def code(request: AccountRequest, way: str) -> HttpResponse:
    """Prove it with the code that you got."""
    user = guards.person(request.account.id)
    address = services.address(user, _known(way))
    form = code_forms.Code(request.POST)
    if address is not None and _was_sent(request, address) and form.is_valid():
        record = request.session[SENT].get("record") or NONE
        try:
            services.confirm_code(
                request.account.id,
                address,
                form.cleaned_data["code"],
                token=_token(request),
                record_id=record["id"],
            )
        except Refusal as refusal:
            pages.refuse(form, refusal, field="code")
        else:
            del request.session[SENT]
            return _confirmed(request, record)
    return ask(request, way=way, form=form, user=user)


@require_GET
def sign_in(request: AccountRequest) -> HttpResponse:
    """Prove it by signing in again."""
    done = reverse("confirmation:signed_in")
    return HttpResponseRedirect(reverse("signin:again", query={"next": done}))


@require_GET
def signed_in(request: AccountRequest) -> HttpResponse:
    """Go on after signing in again; without that, ask again."""
    if signin.take_signed_in_again(request) is None:
        return ask(request)
    services.note_sign_in(request.account.id)
    waiting = interruptions.waiting(request.session)
    if waiting and waiting.get("with_record"):
        user = guards.person(request.account.id)
        is_only_way = services.ways(user, with_record=True) == [Way.SIGN_IN]
        return _confirmed(request, NONE if is_only_way else None)
    return _confirmed(request)


def ask(
    request: AccountRequest, *, way: str = "", form: Any = None, user: users.User | None = None
) -> HttpResponse:
    """The question, for one of the ways that the person has."""
    user = user or guards.person(request.account.id)
    interrupted = interruptions.waiting(request.session)
    with_record = bool(interrupted and interrupted.get("with_record"))
    ways = services.ways(user, with_record=with_record)
    chosen = _known(way) if way in ways else ways[0]
    address = services.address(user, chosen)
    if form is None:
        username = user.username or user.primary_email or user.primary_phone or ""
        is_password = chosen is Way.PASSWORD
        form = forms.Password(initial={"username": username}) if is_password else code_forms.Code()
    context = {
        "form": form,
        "way": chosen,
        "others": [other for other in ways if other is not chosen],
        "address": address,
        "is_sent": address is not None and _was_sent(request, address),
        "wait": codes.seconds_until_next(user.id, address) if address else 0,
        "minutes": codes.lifetime() // 60,
        "email": services.address(user, Way.EMAIL),
        "phone": services.address(user, Way.PHONE),
        "in_place": bool(interrupted and interrupted["in_place"]),
    }
    return pages.page(request, TEMPLATE, context)


def _confirmed(request: AccountRequest, record: Kept | None = None) -> HttpResponse:
    """Go on, with Logto's record of the proof if it made one; None says nothing about records."""
    waiting = interruptions.waiting(request.session)
    proofs.note(request.session, purpose=waiting["purpose"] if waiting else proofs.GENERAL)
    if record is not None:
        proofs.keep_record(request.session, record["id"], until=record["until"])
    return interruptions.go_on(request)


def _kept(record: Verification | None) -> Kept:
    return Kept(id=record.id, until=record.expires_at.timestamp()) if record else NONE


def _token(request: AccountRequest) -> str:
    """The person's own token, if one can be had: then Logto hears of the proof too."""
    try:
        return tokens.of_person(request)
    except (tokens.SignInNeeded, errors.Unavailable):
        return ""


def _was_sent(request: AccountRequest, address: codes.Address) -> bool:
    """Whether this session sent a code to this very address; what was typed can't name another."""
    sent = request.session.get(SENT, {})
    return bool(sent.get("way") == address.channel and sent.get("value") == address.value)


def _known(way: str) -> Way:
    return Way(way) if way in set(Way) else Way.SIGN_IN
