"""The form of the custom data."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.privacy import notation
from accountsite.privacy.notation import Data

CHANGED = "changed"  # the code of the error that tells of a change from elsewhere


class CustomData(forms.Form):
    """The data as text. Cleaned, it is an object.

    `seen` travels with it: what the person saw when they began, from which their changes are told.
    It protects nobody but them: there is nothing to gain from making one up.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    text = forms.CharField(
        label=gettext_lazy("Custom data"),
        help_text=gettext_lazy(
            "In JSON: names and texts in double quotes, a comma between two lines."
        ),
        strip=False,
        required=False,
        widget=forms.Textarea(
            attrs={
                "class": "data__text",
                "rows": 12,
                "spellcheck": "false",
                "autocapitalize": "off",
                "autocomplete": "off",
                "dir": "ltr",
            }
        ),
    )

    def __init__(self, data: QueryDict | None = None, *, now: Data, **options: Any) -> None:
        """`now` is what Logto holds; a form that was sent brings what it showed."""
        written = notation.write(now)
        options["initial"] = {"text": written, "seen": written} | options.get("initial", {})
        super().__init__(data, **options)

    def clean_text(self) -> Data:
        """The object that was written. Nothing at all means an empty one."""
        try:
            return notation.read(self.cleaned_data["text"].strip() or "{}")
        except notation.Unreadable as problem:
            raise ValidationError(str(problem), code="unreadable") from problem

    def clean_seen(self) -> Data:
        """What they saw; if that can't be told, nothing, and any difference is a conflict."""
        try:
            return notation.read(self.cleaned_data["seen"])
        except notation.Unreadable:
            return {}

    @property
    def submit_label(self) -> str:
        """What the button says where it does more than it seems to; else empty."""
        return _("Save mine anyway") if self.has_error(NON_FIELD_ERRORS, CHANGED) else ""

    def show_again(self, seen: Data) -> None:
        """Go on from what the person is told now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["seen"] = notation.write(seen)
        self.data = data
