"""What somebody gives the doctor on its page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Recipient(forms.Form):
    """Where a mail is sent for a test."""

    to = forms.EmailField(
        label=_("Email address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
