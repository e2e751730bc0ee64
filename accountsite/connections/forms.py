"""The forms of connections. None of them asks for anything: they know what their person saw."""

from django import forms
from django.http import QueryDict


class Shown(forms.Form):
    """A form that knows which account at the provider its person saw, by its id there.

    `shown` protects nobody but them: there is nothing to gain from making one up.
    """

    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1024)

    def __init__(self, data: QueryDict | None = None, *, now: str = "") -> None:
        super().__init__(data, initial={"shown": now})

    @property
    def shown_before(self) -> str:
        """What a valid form brought."""
        return str(self.cleaned_data["shown"])

    def show_again(self, now: str) -> None:
        """Go on from what Logto holds now: the next attempt is made in sight of it."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["shown"] = now
        self.data = data
