"""The forms of the sign-in methods."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.codes.forms import CodeField
from accountsite.codes.services import Address, Channel
from accountsite.identifiers import emails, phones, usernames
from accountsite.identifiers.pending import Change
from accountsite.logto.sign_in_experience import UsernamePolicy


class NewAddress(forms.Form):
    """An email address or phone number that a code is to go to."""

    channel: Channel

    @property
    def given(self) -> Address:
        """What was entered, once the form is valid."""
        return Address(channel=self.channel, value=str(self.cleaned_data["address"]))


class Email(NewAddress):
    """A new email address."""

    channel = Channel.EMAIL
    address = forms.CharField(
        label=gettext_lazy("New email address"),
        help_text=gettext_lazy("A code goes there, to make sure that it is yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_email_%s", **options})

    def clean_address(self) -> str:
        """The address, if it can be one."""
        return emails.clean(self.cleaned_data["address"])


class Phone(NewAddress):
    """A new phone number: the country, and the number as it is written there."""

    channel = Channel.PHONE
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        widget=forms.Select(
            attrs={
                "autocomplete": "country",
                "hx-get": reverse_lazy("identifiers:example"),
                "hx-target": "#id_phone_address_helptext",
                "hx-swap": "innerHTML",
            }
        ),
    )
    address = forms.CharField(
        label=gettext_lazy("New phone number"),
        max_length=phones.MOST_CHARACTERS,
        widget=forms.TextInput(
            attrs={
                "type": "tel",
                "inputmode": "tel",
                "autocomplete": "tel-national",
                "autofocus": True,
            }
        ),
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **{"auto_id": "id_phone_%s", **options})
        country = cast("forms.ChoiceField", self.fields["country"])
        country.choices = [(each.code, each.label) for each in phones.countries()]
        chosen = str(self["country"].value() or "")
        self.fields["address"].help_text = like(chosen)

    def clean(self) -> dict[str, Any]:
        """The number in digits."""
        given = self.cleaned_data
        if "country" in given and "address" in given:
            try:
                given["address"] = phones.clean(given["address"], given["country"])
            except ValidationError as error:
                self.add_error("address", error)
        return given


class Proved(forms.Form):
    """Finishing a change, which is named lest another tab has begun a different one."""

    change = forms.CharField(widget=forms.HiddenInput, max_length=64)


class Code(Proved):
    """The same with its code."""

    code = CodeField()


class Shown(forms.Form):
    """A form that knows what its person saw when they began.

    `shown` protects nobody but them: there is nothing to gain from making one up.
    """

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, now: str | None, **options: Any) -> None:
        options["initial"] = {**options.get("initial", {}), "shown": now or ""}
        super().__init__(data, **options)

    @property
    def shown_before(self) -> str:
        """What a valid form brought."""
        return str(self.cleaned_data["shown"])

    def show_again(self, now: str | None) -> None:
        """Go on from what Logto holds now: the next attempt is made in sight of it."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["shown"] = now or ""
        self.data = data


class Username(Shown):
    """A username. On leaving the field the page asks whether it is free."""

    username = forms.CharField(
        label=gettext_lazy("Username"),
        strip=True,
        max_length=1000,  # a longer one than the tenant takes is told with the tenant's rules
        error_messages={"max_length": gettext_lazy("This is too long for a username.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
                "hx-post": reverse_lazy("identifiers:availability"),
                "hx-target": "#username-availability",
                "hx-swap": "innerHTML",
            }
        ),
    )

    def __init__(
        self, data: QueryDict | None = None, *, policy: UsernamePolicy | None, **options: Any
    ) -> None:
        """Without a policy, while the tenant can't be asked, only the service checks it."""
        super().__init__(data, **{"auto_id": "id_username_%s", **options})
        self.policy = policy
        self.fields["username"].help_text = " ".join(usernames.rules(policy)) if policy else ""

    def clean_username(self) -> str:
        """The username, if the tenant takes such."""
        username: str = self.cleaned_data["username"]
        if self.policy and (objections := usernames.objections(username, self.policy)):
            raise ValidationError([ValidationError(each, code="rule") for each in objections])
        return username


def new_address(channel: Channel, data: Any = None, **options: Any) -> NewAddress:
    """The form for an address of this kind."""
    form: type[NewAddress] = Email if channel is Channel.EMAIL else Phone
    return form(data, **options)


def filled(given: Address) -> NewAddress:
    """The same as if this address had been sent with it."""
    if given.channel is Channel.EMAIL:
        return Email({"address": given.value})
    return Phone({"country": phones.of_number(given.value), "address": f"+{given.value}"})


def finish(change: Change, data: Any = None, **options: Any) -> Proved:
    """The form to finish a change with: the code is not asked for again once it was right."""
    form = Proved if change.is_proved else Code
    return form(data, **{"initial": {"change": change.id}, **options})


def unfilled(change: Change) -> Proved:
    """The same where nothing was typed, and that is no mistake: to tell a refusal in."""
    data = {"change": change.id}
    return finish(change, data, empty_permitted=True, use_required_attribute=False)


def like(country: str) -> str:
    """What stands below a number's field: how one is written in this country."""
    if not phones.is_known(country):
        return ""
    return _("Such as %(example)s. A code goes there, to make sure that it is yours.") % {
        "example": phones.example(country)
    }
