"""The forms of the password and of the second steps."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.codes.forms import CodeField

LONGEST_PASSWORD = 1000  # what Logto takes (measured); the tenant's policy has a say before

RULES = "password-rules"  # the id of their list on the page


class Password(forms.Form):
    """A new password. The hidden name is for password managers, which save by it.

    Who can't look at what they type, as no script runs, types it twice.
    """

    username = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(
            attrs={
                "autocomplete": "new-password",
                "autofocus": True,
                "aria-describedby": RULES,
            }
        ),
    )
    again = forms.CharField(
        label=gettext_lazy("The same again"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    signs_out = forms.BooleanField(
        label=gettext_lazy("Sign out everywhere else"),
        help_text=gettext_lazy("Whoever else is signed in to your account then needs the new one."),
        required=False,
        initial=True,
    )

    def clean(self) -> dict[str, Any]:
        """Hold the two against each other, where there are two."""
        given = self.cleaned_data
        if "again" in self.data and given.get("password") != given.get("again"):
            self.add_error("again", ValidationError(_("These are two different passwords.")))
        return given

    def add_error(self, field: str | None, error: Any) -> None:
        """The same, and the field tells of its error beside its rules."""
        super().add_error(field, error)
        if field == "password":
            ids = f"{RULES} {self['password'].auto_id}_error"
            self.fields["password"].widget.attrs["aria-describedby"] = ids

    def refuse(self, sentences: list[str]) -> None:
        """Say beside the field all that is wrong with the password."""
        self.add_error("password", ValidationError([ValidationError(each) for each in sentences]))

    def fail(self) -> None:
        """Say that nobody knows whether it was changed. It has to be typed again."""
        self.is_outage = True
        self.add_error(
            None,
            _(
                "Your account could not be reached, so your password may not have been changed. "
                "Enter the new one again in a moment."
            ),
        )


class Shown(forms.Form):
    """A form that knows what its person saw when they began.

    `shown` protects nobody but them: there is nothing to gain from making one up.
    """

    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=128)

    def __init__(self, data: QueryDict | None = None, *, now: str = "", **options: Any) -> None:
        options["initial"] = {"shown": now, **options.get("initial", {})}
        super().__init__(data, **options)

    @property
    def shown_before(self) -> str:
        """What a valid form brought."""
        return str(self.cleaned_data["shown"])

    def show_again(self, now: str) -> None:
        """Go on from what is there now: the next attempt is made in sight of it."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["shown"] = now
        self.data = data


class Authenticator(Shown):
    """A code of the app that is being set up; none once one was right."""

    secret = forms.CharField(widget=forms.HiddenInput, max_length=64)
    code = CodeField(label=gettext_lazy("Code from your app"))

    def __init__(self, data: QueryDict | None = None, *, is_proved: bool, **options: Any) -> None:
        super().__init__(data, **options)
        del self.fields["code"].widget.attrs["autofocus"]  # there is something to scan first
        if is_proved:
            self.go_without_code()

    def go_without_code(self) -> None:
        """Ask for no code any more."""
        del self.fields["code"]

    def begin_anew(self, secret: str) -> None:
        """Go on with another secret: that of this form has expired, or another tab has begun."""
        data = QueryDict(mutable=True)
        data.update({"shown": self.shown_before, "secret": secret})
        self.data = data
        self.add_error(
            None,
            _("This page was open for too long. Scan its new QR code, and enter a code of that."),
        )


class Switch(forms.Form):
    """Whether a second step is asked for."""

    is_on = forms.BooleanField(
        label=gettext_lazy("Ask me for a second step when I sign in"), required=False
    )
