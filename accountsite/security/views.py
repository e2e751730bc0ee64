"""The overview of the section, and the password."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accountsite import pages
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.elsewhere import services as other_devices
from accountsite.elsewhere.services import SignedOut
from accountsite.factors import protection
from accountsite.logto import errors, tenant
from accountsite.logto.account_center import Access, Control
from accountsite.logto.tenant import Tenant
from accountsite.pages import AccountRequest, Context
from accountsite.refusals import Refusal, told
from accountsite.security import forms, passwords, rows, rules
from accountsite.signin import services as signin


@require_safe
def security(request: AccountRequest) -> HttpResponse:
    """Your password, and what is asked for beside it."""
    known = protection.read(request.account.id)
    signin.refresh(request, known.user)
    context = {
        **password_row(known.tenant, has_password=bool(known.user.has_password)),
        **two_step_card(known),
    }
    return pages.page(request, "security/security.html", context)


def password_row(known: Tenant, *, has_password: bool) -> Context:
    """What the row of the password shows. When it expires, Logto does not tell; how long it lives, it does."""
    return {
        "has_password": has_password,
        "password_access": known.access(Control.PASSWORD).value,
        "valid_days": known.sign_in_experience.password_valid_days,
    }


def two_step_card(known: protection.Protection) -> Context:
    """What the card of the second steps shows."""
    return {
        "two_step_access": known.access.value,
        "policy": rows.policy(known),
        "factors": rows.of(known),
    }


@login_not_required
@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Where password managers look for the page: W3C, A Well-Known URL for Changing Passwords."""
    return HttpResponseRedirect(reverse("security:password", query=request.GET))


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: AccountRequest) -> HttpResponse:
    """Set or change your password."""
    known = tenant.current()
    form = forms.Password(pages.submitted(request), initial={"username": username(request)})
    if not form.is_bound and known.access(Control.PASSWORD) is not Access.EDIT:
        raise Http404
    expected = rules.of(known.sign_in_experience.password_policy)
    if form.is_valid():
        try:
            return _with_password(request, known, form)
        except passwords.AgainstPolicy as refusal:
            expected = rules.judged(expected, refusal.issues)
            words = told(refusal)
            form.refuse([rules.sentence(issue) for issue in refusal.issues] or [words])
        except Refusal as refusal:
            pages.refuse(form, refusal, field="password")
        except errors.Unavailable:
            # A password is not sent back to be kept. htmx leaves the form as it is, password and all.
            if pages.wants_part(request):
                raise
            form.fail()
    context = {
        "form": form,
        "rules": expected,
        # Into a part of a page a script puts what <noscript> holds, too.
        "asks_twice": not pages.wants_part(request),
        "valid_days": known.sign_in_experience.password_valid_days,
    }
    return pages.page(request, "security/password.html", context)


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def elsewhere(request: AccountRequest) -> HttpResponse:
    """Sign out everywhere else; a GET asks first."""
    form = Form(pages.submitted(request))
    if form.is_valid():
        with pages.told_in(form):
            account = request.account
            _tell(request, other_devices.sign_out_and_tell(account.id, sid=account.sid))
            return pages.saved(request, "security/elsewhere.html", {}, to=_row("elsewhere"))
    return pages.page(request, "security/elsewhere.html", {"form": form})


def _with_password(request: AccountRequest, known: Tenant, form: forms.Password) -> HttpResponse:
    """The password is changed; what else was to happen then, happens as far as it can."""
    signs_out = form.cleaned_data["signs_out"]
    changed = passwords.change(
        request.account.id,
        form.cleaned_data["password"],
        sid=request.account.sid,
        signs_out=signs_out,
    )
    messages.success(request, _("Password set.") if changed.is_first else _("Password changed."))
    if signs_out:
        # The mail about the password is enough of a mail: this is a part of the same act.
        others = changed.others
        _tell(request, other_devices.sign_out(request.account.id, others) if others else None)
    else:
        request.session.cycle_key()
    context = password_row(known, has_password=True)
    return pages.saved(request, "security/password.html", context, to=_row("password"))


def _tell(request: AccountRequest, done: SignedOut | None) -> None:
    """End what else is open here, and say how the rest went; None: Logto did not answer."""
    signin.end_others(request)
    if done is None:
        messages.warning(
            request,
            _("Other devices could not be signed out. Try that again under “Other devices”."),
        )
        return
    if done.is_complete:
        messages.success(request, _("You are signed out everywhere else."))
    else:
        left = done.total - done.ended
        text = ngettext(
            "%(left)d other sign-in could not be ended. Try that again under “Other devices”.",
            "%(left)d other sign-ins could not be ended. Try that again under “Other devices”.",
            left,
        )
        messages.warning(request, text % {"left": left})
    if not done.is_this_known:
        messages.info(request, _("You may be asked to sign in here again, too."))


def username(request: AccountRequest) -> str:
    """What a password manager knows the person by."""
    account = request.account
    return account.username or account.email or account.phone or ""


def _row(name: str) -> str:
    return f"{reverse('security:security')}#row-{name}"
