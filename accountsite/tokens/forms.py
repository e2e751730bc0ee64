"""The forms of personal access tokens."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accountsite.logto import reading, tokens
from accountsite.refusals import told
from accountsite.tokens import expiry

ISO = "%Y-%m-%d"


class Name(forms.Form):
    """What a token is called. Logto finds it by that, so it is kept as it is, but on one line."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("What it is for, so that you know later whether you still need it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_name(self) -> str:
        """On one line, composed, and as long as Logto takes it."""
        name = unicodedata.normalize("NFC", " ".join(str(self.cleaned_data["name"]).split()))
        if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
            raise ValidationError(
                _("Remove the characters that can’t be shown, such as tabs or line breaks.")
            )
        most = tokens.MAX_NAME_LENGTH
        if reading.utf16_units(name) > most:
            raise ValidationError(
                ngettext(
                    "Use at most %(count)d character. Emoji count as two or more.",
                    "Use at most %(count)d characters. Emoji count as two or more.",
                    most,
                ),
                params={"count": most},
            )
        return name


class New(Name):
    """A token that is to be made."""

    expires = forms.ChoiceField(
        label=gettext_lazy("Works for"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose how long it is to work.")},
    )
    day = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("It works until the end of that day."),
        required=False,
        input_formats=[ISO],
        widget=forms.DateInput(format=ISO, attrs={"type": "date"}),
    )

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        options["initial"] = {"expires": expiry.usual(), **options.get("initial", {})}
        super().__init__(data, **options)
        self._limits = expiry.Limits.today()
        self.fields["expires"].choices = expiry.choices()  # type: ignore[attr-defined]
        self.fields["day"].widget.attrs |= {
            "min": self._limits.first.isoformat(),
            "max": self._limits.last.isoformat(),
        }

    def clean(self) -> dict[str, Any]:
        """Give `expires_at`, None for never. A day counts only where a day was chosen."""
        given: dict[str, Any] = self.cleaned_data
        choice, day = given.get("expires"), given.get("day")
        if choice != expiry.ON_DATE:
            self.errors.pop("day", None)
        elif "day" not in self.errors:
            self._check(day)
        if not self.errors:
            given["expires_at"] = expiry.moment(given["expires"], day)
        return given

    def _check(self, day: Any) -> None:
        if day is None:
            self.add_error("day", _("Choose the last day on which it is to work."))
        elif day < self._limits.first:
            self.add_error("day", _("That day is over. Choose one that is to come, or today."))
        elif day > self._limits.last:
            try:
                expiry.check(expiry.moment(expiry.ON_DATE, day))
            except expiry.TooLong as refusal:
                self.add_error("day", told(refusal))
