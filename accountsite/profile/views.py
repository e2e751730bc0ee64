"""The pages of the profile. Any row of values has the same one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accountsite import avatars, pages
from accountsite.logto import errors, users
from accountsite.logto.account_center import Access
from accountsite.pages import AccountRequest
from accountsite.profile import choices, forms, services, uploads
from accountsite.refusals import told
from accountsite.signin import preferences
from accountsite.signin import services as signin

YEAR = 365 * 24 * 3600


@require_safe
def profile(request: AccountRequest) -> HttpResponse:
    """What apps and other people see of you, and how you like this site."""
    person = services.person(request.account.id)
    signin.refresh(request, person.user)
    context = {"person": person, "choices": choices.every(preferences.own(request))}
    return pages.page(request, "profile/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def field(request: AccountRequest, name: str) -> HttpResponse:
    """See one row, and change it where the tenant allows that."""
    data = pages.submitted(request)
    try:
        person = services.person(request.account.id)
    except errors.Unavailable:
        if data is None:
            raise
        return _unsent(request, name, data)
    line = _found(person.line(name))
    form = forms.Values(line.row, line.now, data, typed=pages.kept(request, {}))
    if form.is_valid():
        with _told_in(form):
            user = services.change(person, line, form.cleaned_data, shown=form.shown_before)
            signin.refresh(request, user)
            messages.success(request, _("%(what)s saved.") % {"what": line.row.label})
            context = {"line": line.of(user)}
            return pages.saved(request, "profile/field.html", context, to=_row(name))
    return pages.page(request, "profile/field.html", {"line": line, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def avatar(request: AccountRequest) -> HttpResponse:
    """Upload a picture of yourself."""
    if request.method == "POST":
        form = forms.Picture(
            request.POST, request.FILES, was_given_up=uploads.were_given_up(request)
        )
        if form.is_valid():
            with _told_in(form):
                user = services.change_picture(
                    request.account.id, form.cleaned_data["picture"], shown=form.shown_before
                )
                return _with_picture(request, user, _("Picture saved."))
    else:
        person = _with_own_picture(request)
        form = forms.Picture(now=services.picture_now(person.user))
    return pages.page(request, "profile/avatar.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def avatar_removal(request: AccountRequest) -> HttpResponse:
    """Go without a picture; a GET asks first."""
    if request.method == "POST":
        form = forms.Form(request.POST)
        if form.is_valid():
            with _told_in(form):
                user = services.remove_picture(request.account.id, shown=form.shown_before)
                return _with_picture(request, user, _("Picture removed."))
    else:
        person = _with_own_picture(request)
        form = forms.Form(now=services.picture_now(person.user))
    return pages.page(request, "profile/avatar_removal.html", {"form": form})


@login_not_required
@require_safe
def avatar_file(request: HttpRequest, name: str) -> HttpResponse:
    """A picture that is kept here, for whoever has its address: other apps show it too."""
    try:
        content = avatars.read(name)
    except OSError:  # the place where pictures are kept is away
        return HttpResponse(status=503, headers={"Cache-Control": "no-store"})
    if content is None:
        raise Http404
    return HttpResponse(
        content,
        content_type=avatars.CONTENT_TYPE,
        headers={
            "Cache-Control": f"public, max-age={YEAR}, immutable",
            "Content-Disposition": "inline",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def preference(request: AccountRequest, name: str) -> HttpResponse:
    """Choose the language, the time zone or the theme of this site.

    All of the page changes with it, so its form is sent without htmx.
    """
    choice = _found(choices.named(name, preferences.own(request)))
    form = forms.Preference(choice, pages.submitted(request), typed=pages.kept(request, {}))
    if form.is_valid():
        value = form.cleaned_data["value"]
        with _told_in(form):
            services.prefer(request.account.id, choice.name, value)
            liked = preferences.set(request, **{choice.name: value})
            with translation.override(liked.language or translation.get_language()):
                messages.success(request, _("Saved."))
            return pages.saved(request, "profile/preference.html", {}, to=_row(choice.row))
    return pages.page(request, "profile/preference.html", {"choice": choice, "form": form})


@contextmanager
def _told_in(form: forms.Form) -> Iterator[None]:
    """As `pages.told_in`; what was changed elsewhere meanwhile, the form shows beside it."""
    with pages.told_in(form):
        try:
            yield
        except services.ChangedElsewhere as refusal:
            form.show_again(refusal.now)
            form.add_error(None, ValidationError(told(refusal), code=forms.CHANGED))


def _unsent(request: AccountRequest, name: str, data: QueryDict) -> HttpResponse:
    """The form as it was filled, though nobody knows now what it would change."""
    line = services.Line(row=_found(services.row(name)), now={})
    form = forms.Values(line.row, line.now, data)
    pages.tell_of_outage(form)
    return pages.page(request, "profile/field.html", {"line": line, "form": form})


def _with_own_picture(request: AccountRequest) -> services.Person:
    """The person, if their picture is theirs to change."""
    person = services.person(request.account.id)
    signin.refresh(request, person.user)
    if person.picture.access is not Access.EDIT:
        raise Http404
    return person


def _with_picture(request: AccountRequest, user: users.User, told: str) -> HttpResponse:
    """Back in the row, with the new picture there and in the navigation."""
    signin.refresh(request, user)
    messages.success(request, told)
    person = services.person_of(user)
    return pages.saved(request, "profile/avatar.html", {"person": person}, to=_row("avatar"))


def _row(name: str) -> str:
    return f"{reverse('profile:profile')}#row-{name}"


def _found[T](thing: T | None) -> T:
    if thing is None:
        raise Http404
    return thing
