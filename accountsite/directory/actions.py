"""The page of an action: what it does, why it is done, and how it went."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accountsite.directory import access, accounts, doings, readings, scenes
from accountsite.directory.cases import Case, Unable
from accountsite.directory.forms import Create, Reasoned
from accountsite.directory.models import User
from accountsite.directory.outages import status_of, told_in
from accountsite.directory.scenes import Asked, Deed, Scene, Told
from accountsite.limits import turns
from accountsite.logto import errors, parallel, roles, users

LONGEST_ITEM = 512
ONCE_SECONDS = 3600


def view(site: Any, deed: Deed, request: HttpRequest, object_id: str) -> HttpResponse:
    """One action on one account: its page, and with a POST the doing."""
    if not access.may(request.user, deed.level):
        raise PermissionDenied
    account_id = unquote(object_id)
    item = (request.POST.get("item") or request.GET.get("item", ""))[:LONGEST_ITEM]
    found = request.GET.get("find", "").strip()[:LONGEST_ITEM]
    try:
        scene = _read(deed, account_id, item=item, found=found)
    except errors.NotFound:
        gone: HttpResponse = site.gone(request, account_id)
        return gone
    form = _form(deed, scene, request)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            told = _do(deed, scene, form, request)
            return _after(site, deed, scene, told, request)
    return _page(site, deed, scene, form, request)


def add(site: Any, request: HttpRequest) -> HttpResponse:
    """Create an account; a temporary password is shown once."""
    form = Create(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            _check_first(request)
            made = accounts.create(access.actor(request.user), form.why, form.cleaned_data)
            return _after_add(site, made, request)
    context = site.context(request) | {
        "title": _("Add user"),
        "adminform": drawn(form),
        "form": form,
        "button": _("Create the account"),
        "once": secrets.token_urlsafe(16),
        "is_add": True,
    }
    return TemplateResponse(
        request, "admin/directory/user/deed.html", context, status=status_of(form)
    )


def drawn(form: Reasoned) -> Any:
    """The form as Django's admin draws its own."""
    return helpers.AdminForm(form, form.fieldsets, {})  # type: ignore[arg-type] # any form will do


def _read(deed: Deed, account_id: str, *, item: str, found: str) -> Scene:
    """All that the page needs, in one round trip. Raises NotFound and Unavailable."""
    user, held, options = parallel.gather(
        lambda: users.get(account_id, with_enterprise=True),
        lambda: roles.of_user(account_id),
        lambda: deed.options(account_id, found),
    )
    return Scene(user=user, held=held, options=options, item=item, found=found)


def _form(deed: Deed, scene: Scene, request: HttpRequest) -> Reasoned:
    return deed.form(
        request.POST if request.method == "POST" else None,
        initial=deed.starts(scene),
        has_address=bool(scene.user.primary_email),
        **deed.arguments(scene),
    )


def _do(deed: Deed, scene: Scene, form: Reasoned, request: HttpRequest) -> Told:
    if deed.starts(scene):
        scenes.check_unchanged(deed, scene, request.POST.get("seen", ""))
    _check_first(request)
    case = Case(
        actor=access.actor(request.user),
        person=scene.user,
        held=scene.held,
        why=form.why,
        item=scene.item,
    )
    return deed.do(case, Asked(values=form.cleaned_data, options=scene.options))


def _check_first(request: HttpRequest) -> None:
    """Raise Unable where this very page was sent before: by a double click, or by going back."""
    once = request.POST.get("once", "")
    if not once or not turns.is_first(f"directory:{once}", seconds=ONCE_SECONDS):
        raise Unable(_("This was sent already. Look at the account before you send it again."))


def _after(site: Any, deed: Deed, scene: Scene, told: Told, request: HttpRequest) -> HttpResponse:
    if told.secret:
        return _secret(site, User.of(scene.user), str(deed.title), told.secret, told.text, request)
    messages.success(request, f"{readings.label_of(scene.user)}: {told.text}")
    if told.is_gone:
        return _see(reverse("admin:directory_user_changelist"))
    return _see(_page_of(scene.user))


def _after_add(site: Any, made: accounts.Made, request: HttpRequest) -> HttpResponse:
    if made.password:
        text = doings.about_password(is_expired=made.is_expired)
        title = _("The account was created")
        return _secret(site, User.of(made.user), title, made.password, text, request)
    name = readings.label_of(made.user)
    if made.is_invited is False:
        text = _("%(name)s: the account was created, but the invitation could not be sent.")
        messages.warning(request, text % {"name": name})
    elif made.is_invited:
        messages.success(request, _("%(name)s was created and invited.") % {"name": name})
    else:
        messages.success(request, _("%(name)s was created.") % {"name": name})
    return _see(_page_of(made.user))


def _secret(  # noqa: PLR0913, PLR0917 - what stands on that page
    site: Any, user: User, title: str, secret: str, text: str, request: HttpRequest
) -> HttpResponse:
    """The one page that shows a password. It is in no log, cache or session, and can't be reopened."""
    context = site.context(request, user) | {"title": title, "secret": secret, "text": text}
    return TemplateResponse(request, "admin/directory/user/secret.html", context)


def _page(
    site: Any, deed: Deed, scene: Scene, form: Reasoned, request: HttpRequest
) -> HttpResponse:
    user = User.of(scene.user)
    now = deed.starts(scene)
    context = site.context(request, user) | {
        "title": str(deed.title),
        "deed": deed,
        "adminform": drawn(form),
        "form": form,
        "button": deed.button,
        "item": scene.item,
        "item_name": deed.names(scene) if deed.names else "",
        "once": secrets.token_urlsafe(16),
        "seen": scenes.fingerprint(deed, scene) if now else "",
        "now": _now(form, now) if form.is_bound and form.errors else [],
        "find": _find(deed, scene),
    }
    return TemplateResponse(
        request, "admin/directory/user/deed.html", context, status=status_of(form)
    )


def _now(form: forms.Form, values: Any) -> list[tuple[str, str]]:
    """What is there now, beside a form that was refused with other values in it."""
    found = []
    for name, value in values.items():
        field: Any = form.fields[name]
        choices = dict(getattr(field, "choices", ()))
        text = ", ".join(choices.get(each, each) for each in value) if choices else str(value)
        found.append((str(field.label), text))
    return found


def _find(deed: Deed, scene: Scene) -> dict[str, Any] | None:
    """The search in a list that is too long to be shown whole."""
    if deed.slug != "join":
        return None
    page = scene.options[0]
    return {"text": scene.found, "is_needed": bool(scene.found) or page.has_next}


def _page_of(user: users.User) -> str:
    return reverse("admin:directory_user_change", args=[user.id])


def _see(address: str) -> HttpResponse:
    response = HttpResponse(status=303)
    response["Location"] = address
    return response
