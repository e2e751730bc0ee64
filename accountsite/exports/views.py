"""The pages of the export."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountsite import pages
from accountsite.confirmation import proofs
from accountsite.confirmation.decorators import recently_confirmed
from accountsite.exports import forms, services
from accountsite.exports.parts import titles
from accountsite.pages import AccountRequest, Context
from accountsite.refusals import Refusal, told

TEMPLATE = "exports/exports.html"


@recently_confirmed()
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: AccountRequest) -> HttpResponse:
    """Get a copy of your data: ask for it, see how far it is, and take it along."""
    form = forms.Request(pages.submitted(request))
    if form.is_valid():
        with pages.told_in(form):
            services.request(request.account.id, instead_of=form.cleaned_data["instead_of"])
            return pages.saved(request, TEMPLATE, shown(request))
    return pages.page(request, TEMPLATE, shown(request, form))


@require_safe
def progress(request: AccountRequest) -> HttpResponse:
    """How far it is, for the page that shows it: asked again and again, without a proof."""
    if not pages.wants_part(request):
        return pages.leave_for(request, reverse("exports:exports"))
    context = shown(request) | {"is_swapped": False}
    export = context["export"]
    if export and export.is_ready:
        messages.info(request, _("The copy of your data is ready."))
    elif export and not export.is_under_way:
        messages.error(request, _("The copy of your data could not be made."))
    return pages.saved(request, "exports/progress.html", context)


@require_safe
def file(request: AccountRequest) -> HttpResponse:
    """The copy of your data, as a file.

    Who has to confirm first does so for the page with the link: a browser that gets a file stays
    where it is, and that would be in front of the question.
    """
    if not proofs.holds(request.session, purpose=proofs.GENERAL):
        return pages.leave_for(request, reverse("exports:exports"))
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip")
    try:
        download = services.download(request.account.id)
    except Refusal as refusal:
        messages.error(request, told(refusal))
        return pages.leave_for(request, reverse("exports:exports"))
    name = f"account-data-{download.made_on.isoformat()}.zip"
    response = HttpResponse(download.content, content_type="application/zip")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@recently_confirmed()
@require_POST
def removal(request: AccountRequest) -> HttpResponse:
    """Have the copy removed before its day is over. It can be asked for again."""
    services.forget(request.account.id)
    messages.success(request, _("The copy of your data was removed."))
    return pages.saved(request, TEMPLATE, shown(request), to=reverse("exports:exports"))


def shown(request: AccountRequest, form: forms.Request | None = None) -> Context:
    """What the card shows: the export, if there is one, and the form that asks for one."""
    export = services.current(request.account.id)
    if form is None or not form.errors:
        form = forms.Request(initial={"instead_of": export.pk if export else ""})
    return {
        "export": export,
        "form": form,
        "missing": titles(export.missing) if export else [],
        # Only what somebody asked for takes the focus: not a page, and not what came by itself.
        "is_swapped": pages.wants_part(request),
    }
