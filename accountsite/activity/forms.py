"""The forms of the activity."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accountsite.activity import kinds
from accountsite.activity.kinds import Kind
from accountsite.activity.timeline import Chosen


class Filter(forms.Form):
    """What to look for. Nothing must be given."""

    kind = forms.ChoiceField(
        label=_("What"),
        choices=kinds.choices,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the list.")},
    )
    since = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Enter a day such as 2026-11-21.")},
    )
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Enter a day such as 2026-11-21.")},
    )

    def clean(self) -> dict[str, Any]:
        """Hold the two days against each other."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day is before the first one. Choose a later one."))
        return cleaned

    @property
    def chosen(self) -> Chosen:
        """What was asked for, once it is valid."""
        return Chosen(
            kind=Kind(self.cleaned_data["kind"]),
            since=self.cleaned_data["since"],
            until=self.cleaned_data["until"],
        )


class NotMe(forms.Form):
    """Nothing is asked; what can't be done is told above its button."""
