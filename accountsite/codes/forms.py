"""The field for a code."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accountsite.codes import services


class CodeField(forms.CharField):
    """Six digits. Spaces and dashes that came along with a paste are no mistake."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "autofocus": True,
                "class": "input--code",
            }
        )
        super().__init__(**{"label": _("Code"), "max_length": 20, "widget": widget, **options})

    def clean(self, value: Any) -> str:
        """The digits alone. Raises ValidationError if there are not six."""
        digits = "".join(sign for sign in super().clean(value) if sign not in " -–\u00a0")
        if len(digits) != services.DIGITS or not (digits.isascii() and digits.isdecimal()):
            raise ValidationError(_("Enter the six digits of the code."), code="digits")
        return digits


class Code(forms.Form):
    """The code that was sent."""

    code = CodeField()
