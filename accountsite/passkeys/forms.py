"""The forms of passkeys."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.passkeys import credentials

LONGEST_NAME = 64


class Named(forms.Form):
    """What its owner calls a passkey."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("So that you know later which one it is."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        """On one line."""
        return " ".join(str(self.cleaned_data["name"]).split())


class Name(Named):
    """Another name. `shown` is the one that its owner saw when they began."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def show_again(self, now: str) -> None:
        """Go on from the name that it has now: the next attempt is made in sight of it."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["shown"] = now
        self.data = data


class NewPasskey(Named):
    """A passkey that the browser has made for a registration."""

    registration = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    credential = forms.CharField(
        required=False, max_length=credentials.MOST_CHARACTERS, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """Read what the browser made. What is wrong with it is nobody's mistake in a field."""
        given: dict[str, Any] = self.cleaned_data
        self.errors.pop("credential", None)
        self.errors.pop("registration", None)
        try:
            given["credential"] = credentials.parse(given.get("credential", ""))
        except ValueError as error:
            raise ValidationError(_("Your browser made no passkey. Try again.")) from error
        return given
