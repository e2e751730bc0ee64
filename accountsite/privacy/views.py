"""The overview of the section, and the custom data."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accountsite import pages
from accountsite.exports import services as exports
from accountsite.logto.account_center import Access
from accountsite.pages import AccountRequest
from accountsite.privacy import forms, services
from accountsite.refusals import told
from accountsite.signin import services as signin

CUSTOM_DATA = "privacy/custom_data.html"


@require_safe
def privacy(request: AccountRequest) -> HttpResponse:
    """What is kept about you: look at it, take it along, or do away with it."""
    custom = services.read(request.account.id)
    signin.refresh(request, custom.user)
    context = {"export": exports.current(request.account.id), "custom": custom}
    return pages.page(request, "privacy/privacy.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def custom_data(request: AccountRequest) -> HttpResponse:
    """Change what apps keep with your account.

    Nobody is asked to confirm for that: it opens nothing, and the profile shows parts of it that
    are changed there in the same way.
    """
    data = pages.submitted(request)
    if data is not None:
        return _change(request, forms.CustomData(data, now={}))
    custom = services.read(request.account.id)
    if custom.access is Access.OFF or not custom.is_readable:
        raise Http404
    form = forms.CustomData(now=custom.data, initial=pages.kept(request, {}))
    return pages.page(request, CUSTOM_DATA, {"form": form, "custom": custom})


def _change(request: AccountRequest, form: forms.CustomData) -> HttpResponse:
    if form.is_valid():
        wanted, seen = form.cleaned_data["text"], form.cleaned_data["seen"]
        with pages.told_in(form):
            try:
                custom = services.change(request.account.id, wanted, seen=seen)
            except services.ChangedElsewhere as refusal:
                form.show_again(refusal.seen)
                for line in told(refusal).splitlines():
                    form.add_error(None, ValidationError(line, code=forms.CHANGED))
            else:
                messages.success(request, _("Custom data saved."))
                back = f"{reverse('privacy:privacy')}#row-custom-data"
                return pages.saved(request, CUSTOM_DATA, {"custom": custom}, to=back)
    return pages.page(request, CUSTOM_DATA, {"form": form})
