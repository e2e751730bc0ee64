"""The pages of passkeys. What changes there changes the overview, where each of them ends."""

import json
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accountsite import pages
from accountsite.confirmation import proofs
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.factors import protection
from accountsite.factors import services as factors
from accountsite.logto import errors, tenant, users
from accountsite.logto.sign_in_experience import Factor
from accountsite.pages import AccountRequest
from accountsite.passkeys import diagnosis, forms, registrations, services
from accountsite.passkeys.diagnosis import Missing
from accountsite.signin import tokens

ADD = "passkeys/add.html"
RENAME = "passkeys/rename.html"
UNABLE = "passkeys/unable.html"


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: AccountRequest) -> HttpResponse:
    """Add a passkey of this device, or learn why that can't be done here."""
    if pages.wants_part(request) and request.method != "POST":
        # Its script comes with the whole page only.
        return pages.leave_for(request, request.path)
    if missing := diagnosis.of_tenant(tenant.current()):
        return _unable(request, missing)
    return _with_token(request, _add)


@recently_confirmed(with_record=True)
def _add(request: AccountRequest, token: str) -> HttpResponse:
    form = forms.NewPasskey(pages.submitted(request))
    if form.is_valid():
        with pages.told_in(form):
            _finish(request, form, token)
            return _done(request, _("Passkey added."))
    registration, user = services.start(request.account.id, token)
    options = registration.options
    if missing := _lacking(request, user) or diagnosis.of_options(options):
        return _unable(request, missing)
    registrations.begin(request.session, registration)
    if not form.is_bound:
        form.initial = pages.kept(request, {"name": services.default_name()})
    context = {
        "form": form,
        "options": json.dumps(options),
        "registration": registration.verification.id,
        "way_round": diagnosis.way_round(_back()),
    }
    return pages.page(request, ADD, context)


def _finish(request: AccountRequest, form: forms.NewPasskey, token: str) -> None:
    record_id = form.cleaned_data["registration"]
    registrations.take(request.session, record_id)
    services.add(
        request.account.id,
        token,
        record_id=record_id,
        credential=form.cleaned_data["credential"],
        name=form.cleaned_data["name"],
        proof=proofs.record(request.session) or None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: AccountRequest, factor_id: str) -> HttpResponse:
    """Give a passkey another name."""
    missing = diagnosis.of_tenant(tenant.current())
    if missing in {Missing.ACCOUNT_CENTER, Missing.CONTROL}:
        return _unable(request, missing, factor_id)
    return _with_token(request, _rename, factor_id)


@recently_confirmed(with_record=True)
def _rename(request: AccountRequest, token: str, factor_id: str) -> HttpResponse:
    form = forms.Name(pages.submitted(request))
    if form.is_valid():
        with pages.told_in(form, field="name"):
            try:
                services.rename(
                    request.account.id,
                    token,
                    factor_id=factor_id,
                    name=form.cleaned_data["name"],
                    shown_before=form.cleaned_data["shown"],
                    proof=proofs.record(request.session) or None,
                )
            except services.ChangedElsewhere as refusal:
                form.show_again(refusal.now)
                raise
            return _done(request, _("Passkey renamed."))
    if not form.is_bound:
        user, passkey = services.find(request.account.id, factor_id)
        if passkey is None:
            raise Http404
        if missing := _lacking(request, user):
            return _unable(request, missing, factor_id)
        name = services.name_of(passkey)
        form.initial = {**pages.kept(request, {"name": name}), "shown": name}
    return pages.page(request, RENAME, _in_row(request, factor_id) | {"form": form})


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: AccountRequest, factor_id: str) -> HttpResponse:
    """Go without a passkey; a GET tells what that means."""
    form = Form(pages.submitted(request))
    context = _in_row(request, factor_id) | {"form": form}
    if form.is_valid():
        try:
            with pages.told_in(form):
                factors.remove(request.account.id, factor_id=factor_id, only=Factor.WEBAUTHN)
                return _done(request, _("Passkey removed."))
        except factors.LeftWithout as failure:
            form.is_outage = True  # type: ignore[attr-defined]
            form.add_error(None, str(failure))
    else:
        known = protection.read(request.account.id)
        passkey = services.of(known.bound, factor_id)
        if passkey is None:
            raise Http404
        context |= {
            "name": services.name_of(passkey),
            "objection": factors.objection(known, passkey),
            "takes_codes": factors.codes_that_go_with(known, passkey) is not None,
            "is_last": not known.asked(without=passkey.id),
        }
    return pages.page(request, "passkeys/removal.html", context)


def _with_token(request: AccountRequest, view: Any, *arguments: str) -> HttpResponse:
    """Run the view with the person's own token, and say what Logto's refusal of it comes from."""
    try:
        token = tokens.of_person(request)
    except tokens.SignInNeeded:
        return pages.leave_for(request, _signing_in_again(request))
    try:
        return cast("HttpResponse", view(request, token, *arguments))
    except (errors.Rejected, errors.NotOffered) as error:
        missing = diagnosis.of_refusal(error, token)
        if missing is None:
            raise
        if missing is Missing.PROOF:
            proofs.forget_record(request.session)
        return _unable(request, missing, *arguments)


def _lacking(request: AccountRequest, user: users.User) -> Missing | None:
    """What is missing for Logto's own proof that it's still them."""
    if not services.can_prove(user):
        return Missing.MEANS_OF_PROOF
    if not proofs.record(request.session):
        proofs.forget_record(request.session)  # so that the next attempt asks again
        return Missing.PROOF
    return None


def _unable(request: AccountRequest, missing: Missing, factor_id: str = "") -> HttpResponse:
    """The page that says what is missing, and what else there is."""
    finding = diagnosis.FINDINGS[missing]
    is_adding = not factor_id
    context = _in_row(request, factor_id) | {
        "missing": missing,
        "text": finding.for_person,
        "again_url": _signing_in_again(request),
        "way_round": diagnosis.way_round(_back()) if finding.has_way_round and is_adding else "",
        "title": _("Add a passkey") if is_adding else _("Rename a passkey"),
    }
    return pages.page(request, UNABLE, context)


def _in_row(request: AccountRequest, factor_id: str) -> dict[str, Any]:
    """Where the passkey stands in the overview, and where its form goes."""
    return {"row": f"row-passkey-{factor_id}".removesuffix("-"), "here": request.path}


def _done(request: AccountRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return pages.leave_for(request, _back())


def _back() -> str:
    return reverse("security:security")


def _signing_in_again(request: AccountRequest) -> str:
    return reverse("signin:again", query={"next": request.path})
