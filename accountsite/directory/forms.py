"""What an admin fills in: each action asks why, and whether the person gets a mail."""

import json
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import widgets
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.directory.cases import Why
from accountsite.identifiers import emails, phones
from accountsite.logto.reading import MAX_UNITS, utf16_units

LONGEST_REASON = 300
LONGEST_WHY_NOT = 150
LONGEST_URL = 2048
MOST_CUSTOM_DATA = 100_000  # characters
PHONE_EXAMPLE = "+82 10 1234 5678"

type Fieldsets = list[tuple[str | None, dict[str, Any]]]


def text(label: Any, *, help_text: Any = "", most: int = 0, required: bool = False) -> Any:
    """A line of text, as wide as Django's admin has them."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=most or None,
        widget=widgets.AdminTextInputWidget(attrs={"autocomplete": "off", "dir": "auto"}),
    )


class Reasoned(forms.Form):
    """The part that all of them share. Without an address there is no mail to speak of."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Other admins read it in the audit trail; the person does not."),
        widget=widgets.AdminTextareaWidget(attrs={"rows": 2}),
    )
    tells = forms.BooleanField(
        label=gettext_lazy("Tell the person by mail"), required=False, initial=True
    )
    why_not = forms.CharField(
        label=gettext_lazy("Why no mail"),
        required=False,
        max_length=LONGEST_WHY_NOT,
        help_text=gettext_lazy("Only if you tell them nothing."),
        widget=widgets.AdminTextInputWidget,
    )

    def __init__(self, *args: Any, has_address: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_address = has_address
        if not has_address:
            del self.fields["tells"], self.fields["why_not"]

    def clean(self) -> dict[str, Any]:
        """A person who is told nothing is told nothing for a reason."""
        data = super().clean() or {}
        if self.has_address and not data.get("tells") and not data.get("why_not"):
            self.add_error("why_not", _("Say why they get no mail."))
        return data

    @property
    def why(self) -> Why:
        """The reason that was given."""
        return Why(
            reason=self.cleaned_data["reason"],
            tells=bool(self.cleaned_data.get("tells")),
            why_not=self.cleaned_data.get("why_not", ""),
        )

    @property
    def fieldsets(self) -> Fieldsets:
        """In Django admin's groups: what is done, then why."""
        shared = [name for name in ("reason", "tells", "why_not") if name in self.fields]
        own = [name for name in self.fields if name not in shared]
        return [*([(None, {"fields": own})] if own else []), (_("Why"), {"fields": shared})]


class Reset(Reasoned):
    """A temporary password."""

    signs_out = forms.BooleanField(
        label=gettext_lazy("Sign them out everywhere too"), required=False, initial=True
    )


class Edit(Reasoned):
    """Name and picture."""

    name = text(gettext_lazy("Name"))
    avatar = forms.URLField(
        label=gettext_lazy("Address of the picture"),
        required=False,
        max_length=LONGEST_URL,
        assume_scheme="https",
        widget=widgets.AdminTextInputWidget,
    )

    def clean_name(self) -> str:
        """No longer than what Logto can read back."""
        return _named(self.cleaned_data["name"])

    def clean_avatar(self) -> str:
        """What browsers load as a picture."""
        url: str = self.cleaned_data["avatar"]
        if url and not url.startswith(("http://", "https://")):
            raise ValidationError(_("Use an address that begins with https://."))
        return url


class Profile(Reasoned):
    """The claims that are plain texts, under Logto's names."""

    givenName = text(gettext_lazy("Given name"), most=MAX_UNITS)  # noqa: N815
    familyName = text(gettext_lazy("Family name"), most=MAX_UNITS)  # noqa: N815
    nickname = text(gettext_lazy("Nickname"), most=MAX_UNITS)
    gender = text(gettext_lazy("Gender"), most=MAX_UNITS)
    birthdate = text(
        gettext_lazy("Birthdate"), help_text=gettext_lazy("Such as 1992-05-04."), most=10
    )
    website = text(gettext_lazy("Website"), most=LONGEST_URL)
    locale = text(gettext_lazy("Language"), help_text=gettext_lazy("Such as ko-KR."), most=35)
    zoneinfo = text(
        gettext_lazy("Time zone"), help_text=gettext_lazy("Such as Asia/Seoul."), most=64
    )
    CLAIMS: ClassVar = (
        "givenName",
        "familyName",
        "nickname",
        "gender",
        "birthdate",
        "website",
        "locale",
        "zoneinfo",
    )

    def clean_website(self) -> str:
        """Only what a browser follows."""
        url: str = self.cleaned_data["website"]
        if url and not url.startswith(("http://", "https://")):
            raise ValidationError(_("Use an address that begins with https://."))
        return url


class Email(Reasoned):
    """The address, which nobody proves here."""

    email = text(
        gettext_lazy("Email address"),
        help_text=gettext_lazy("No code is sent to it. Empty takes it away."),
    )

    def clean_email(self) -> str:
        """In the shape of an address."""
        return _address(self.cleaned_data["email"])


class Phone(Reasoned):
    """The number, which nobody proves here."""

    phone = text(
        gettext_lazy("Phone number"),
        help_text=gettext_lazy(
            "With + and the country’s code. No code is sent to it. Empty takes it away."
        ),
    )

    def clean_phone(self) -> str:
        """Digits, as Logto keeps them."""
        return _number(self.cleaned_data["phone"])


class Username(Reasoned):
    """The name to sign in with."""

    username = text(
        gettext_lazy("Username"), help_text=gettext_lazy("Empty takes it away."), most=MAX_UNITS
    )


class Person(forms.Form):
    """Who an account is for: at least one way to tell them apart."""

    email = text(gettext_lazy("Email address"))
    phone = text(
        gettext_lazy("Phone number"), help_text=gettext_lazy("With + and the country’s code.")
    )
    username = text(gettext_lazy("Username"), most=MAX_UNITS)
    name = text(gettext_lazy("Name"))

    def clean_email(self) -> str:
        """In the shape of an address."""
        return _address(self.cleaned_data["email"])

    def clean_phone(self) -> str:
        """Digits, as Logto keeps them."""
        return _number(self.cleaned_data["phone"])

    def clean_name(self) -> str:
        """No longer than what Logto can read back."""
        return _named(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """Somebody who can be told apart."""
        data = super().clean() or {}
        if self.errors.keys() & {"email", "phone", "username"}:
            return data
        if not (data.get("email") or data.get("phone") or data.get("username")):
            self.add_error("email", _("Give an email address, a phone number or a username."))
        return data


class Create(Person, Reasoned):
    """A new account, and how its owner gets in."""

    begins = forms.ChoiceField(
        label=gettext_lazy("They begin with"),
        initial="password",
        choices=[
            ("password", gettext_lazy("a temporary password, which you see once and hand over")),
            ("invitation", gettext_lazy("an invitation by mail, with a link that works once")),
            ("code", gettext_lazy("neither: they sign in with a code")),
        ],
        widget=widgets.AdminRadioSelect,
    )
    field_order = ("email", "phone", "username", "name", "begins")

    def clean(self) -> dict[str, Any]:
        """Somebody who can be reached in the way that was chosen."""
        data = super().clean()
        begins = data.get("begins")
        if self.errors.keys() & {"email", "phone", "username"}:
            return data
        if begins == "invitation" and not data.get("email"):
            self.add_error("email", _("An invitation needs an email address."))
        elif begins == "code" and not (data.get("email") or data.get("phone")):
            self.add_error("email", _("A code needs an email address or a phone number."))
        return data


class Upload(forms.Form):
    """A file with a row for each account."""

    table = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    @property
    def fieldsets(self) -> Fieldsets:
        """One group."""
        return [(None, {"fields": ["table"]})]


class Begin(Reasoned):
    """Why many accounts are changed, and whether each person gets a mail."""


class BeginCreating(Reasoned):
    """Why many accounts are made, and how their owners get in."""

    invites = forms.BooleanField(
        label=gettext_lazy("Invite each by mail, with a link that works once"), required=False
    )


class Roles(Reasoned):
    """Which of the tenant's roles."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "directory-choices"}),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = choices  # type: ignore[attr-defined]


class OrganizationRoles(Roles):
    """Which roles in an organization of theirs."""


class Join(Roles):
    """An organization to become a member of, and the roles there."""

    organization = forms.ChoiceField(label=gettext_lazy("Organization"))
    field_order = ("organization", "roles")

    def __init__(self, *args: Any, organizations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].choices = [("", "–"), *organizations]  # type: ignore[attr-defined]


class CustomData(Reasoned):
    """All of it, as JSON."""

    document = forms.CharField(
        label=gettext_lazy("Custom data"),
        max_length=MOST_CUSTOM_DATA,
        strip=False,
        help_text=gettext_lazy(
            "A JSON object. What you take out is gone; apps of the tenant may need it."
        ),
        widget=widgets.AdminTextareaWidget(
            attrs={"rows": 20, "spellcheck": "false", "class": "vLargeTextField directory-json"}
        ),
    )

    def clean_document(self) -> dict[str, Any]:
        """The object that was written."""
        try:
            data = json.loads(self.cleaned_data["document"], parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            raise ValidationError(
                _("This is no JSON: line %(line)d, column %(column)d."),
                params={"line": error.lineno, "column": error.colno},
            ) from error
        except (ValueError, RecursionError) as error:
            raise ValidationError(_("This is no JSON that Logto could keep.")) from error
        if not isinstance(data, dict):
            raise ValidationError(_("Write an object, in braces: {…}."))
        if "\\u0000" in json.dumps(data):
            raise ValidationError(_("This is no JSON that Logto could keep."))
        return data


class Delete(Reasoned):
    """The person's name, typed, so that nobody deletes the wrong one."""

    typed = text(gettext_lazy("Type it here"), required=True)
    field_order = ("typed",)

    def __init__(self, *args: Any, wanted: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted
        self.fields["typed"].label = _("To delete it, type %(wanted)s") % {"wanted": wanted}

    def clean_typed(self) -> str:
        """Letter by letter."""
        typed: str = self.cleaned_data["typed"]
        if typed != self.wanted:
            raise ValidationError(_("This is something else."))
        return typed


def _named(name: str) -> str:
    if utf16_units(name) > MAX_UNITS:
        raise ValidationError(
            _("Use at most %(count)d characters; an emoji counts as two or more."),
            params={"count": MAX_UNITS},
        )
    return name


def _address(address: str) -> str:
    return emails.clean(address) if address else ""


def _number(number: str) -> str:
    if not number:
        return ""
    if not number.startswith("+"):
        raise ValidationError(
            _("Begin with + and the country’s code, such as %(example)s."),
            params={"example": PHONE_EXAMPLE},
        )
    return phones.clean(number, phones.ANY_COUNTRY)


def _no_constant(name: str) -> Any:
    raise ValueError(name)
