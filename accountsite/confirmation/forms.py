"""What the person proves it with."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Password(forms.Form):
    """The current password. The hidden name is for password managers, which fill by it."""

    username = forms.CharField(
        required=False,
        widget=forms.HiddenInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
