"""Form fields that hold what people type to the limits that the tenant set."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.logto.profile_fields import Type
from accountsite.profile import dates, patterns, texts
from accountsite.profile.catalogue import Part

URL_LENGTH = 2048
DIGITS = 15  # what a double, which a JSON number becomes in Logto, holds exactly
REQUIRED = {"required": gettext_lazy("This can’t be empty.")}

# What browsers can fill in by themselves (WCAG 1.3.5).
AUTOCOMPLETE = {
    "name": "name",
    "givenName": "given-name",
    "middleName": "additional-name",
    "familyName": "family-name",
    "nickname": "nickname",
    "website": "url",
    "gender": "sex",
    "birthdate": "bday",
    "formatted": "street-address",
    "streetAddress": "address-line1",
    "locality": "address-level2",
    "region": "address-level1",
    "postalCode": "postal-code",
    "country": "country-name",
}


class Line(forms.CharField):
    """Text with limits in UTF-16 units, on one line unless its widget is a Textarea."""

    def __init__(
        self, *, least: int | None = None, most: int = texts.TEXT_LENGTH, **options: Any
    ) -> None:
        super().__init__(error_messages=REQUIRED, **options)
        self.least, self.most = least, most
        self.widget.attrs["maxlength"] = str(most)

    def to_python(self, value: Any) -> str:
        """Cleaned, see `texts.clean`."""
        return texts.clean(
            super().to_python(value) or "", lines=isinstance(self.widget, forms.Textarea)
        )

    def validate(self, value: str) -> None:
        """Not empty where something is needed, and within its limits."""
        super().validate(value)
        if value:
            texts.check_length(value, least=self.least, most=self.most)
            self.check(value)

    def check(self, value: str) -> None:
        """What else a kind of text asks for. Raises ValidationError."""


class WebAddress(Line):
    """An http or https address; `example.com` is taken for https."""

    widget = forms.URLInput
    is_web_address = URLValidator(
        schemes=["http", "https"],
        message=gettext_lazy("Enter a web address, such as https://example.com."),
    )

    def to_python(self, value: Any) -> str:
        """The address, with its scheme."""
        address = super().to_python(value)
        has_scheme = ":" in address.partition("/")[0].partition(".")[0]
        return f"https://{address}" if address and not has_scheme else address

    def check(self, value: str) -> None:
        """An address that is safe to make a link of."""
        self.is_web_address(value)


class Matching(Line):
    """Text in a form that the tenant gave as a regular expression."""

    def __init__(self, *, pattern: str, **options: Any) -> None:
        super().__init__(**options)
        self.pattern = pattern

    def check(self, value: str) -> None:
        """Something that the expression accepts."""
        if not self.pattern:
            return
        try:
            accepted = patterns.accepts(self.pattern, value)
        except patterns.TooSlow as error:
            raise ValidationError(
                _("This takes too long to check. Try something shorter."), code="slow"
            ) from error
        if not accepted:
            raise ValidationError(_("Write it in the form that is asked for."), code="pattern")


class Day(forms.DateField):
    """A date from the browser's picker, or as the tenant or the person's language spells it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, *, pattern: str, is_past: bool = False, **options: Any) -> None:
        super().__init__(error_messages=REQUIRED, **options)
        self.pattern, self.is_past = pattern, is_past

    def to_python(self, value: Any) -> Any:
        """A date, or None."""
        read = dates.read(value.strip(), self.pattern) if isinstance(value, str) else None
        return read or super().to_python(value)

    def validate(self, value: Any) -> None:
        """Not in the future, where that makes no sense."""
        super().validate(value)
        if self.is_past and value and value > timezone.localdate():
            raise ValidationError(_("Choose a date that is not in the future."), code="future")


class SpelledDay(Line):
    """A date as text, where the picker would lose what is stored or can't spell what is wanted."""

    def __init__(self, *, pattern: str, now: str, **options: Any) -> None:
        super().__init__(**options)
        self.pattern, self.now = pattern, now

    def check(self, value: str) -> None:
        """In the tenant's pattern, as far as that can be told. What was there may stay."""
        if value != self.now and dates.is_understood(self.pattern):
            if dates.read(value, self.pattern):
                return
            raise ValidationError(
                _("Enter a date in the form %(pattern)s."),
                params={"pattern": self.pattern},
                code="date",
            )


def of(part: Part, *, now: Any) -> forms.Field:
    """The field that asks for this value; `now` is the present one, as `values.typed` gives it.

    All of it is checked here, whatever a browser checks: the Management API checks nothing.
    """
    field = _of_kind(
        part, now, label=part.label, help_text=part.description, required=part.required
    )
    if not isinstance(field, forms.BooleanField):
        field.widget.attrs["autocomplete"] = AUTOCOMPLETE.get(part.key, "off")
    if part.placeholder and part.kind not in {Type.CHECKBOX, Type.SELECT}:
        field.widget.attrs["placeholder"] = part.placeholder
    return field


def _of_kind(part: Part, now: Any, **options: Any) -> forms.Field:
    match part.kind:
        case Type.NUMBER:
            return _number(part, options)
        case Type.CHECKBOX:
            return forms.BooleanField(error_messages=REQUIRED, **options)
        case Type.SELECT:
            return _select(part, now, options)
        case Type.DATE:
            return _day(part, now, options)
        case _:
            return _line(part, options)


def _line(part: Part, options: dict[str, Any]) -> Line:
    if part.kind is Type.URL:
        return WebAddress(most=URL_LENGTH, **options)
    if part.kind is Type.REGEX:
        return Matching(pattern=part.pattern, most=patterns.LONGEST_VALUE, **options)
    if part.key == "formatted":
        options["widget"] = forms.Textarea(attrs={"rows": 3})
    return Line(least=part.min_length, most=part.max_length, **options)


def _number(part: Part, options: dict[str, Any]) -> forms.Field:
    return forms.DecimalField(
        min_value=part.min_value,
        max_value=part.max_value,
        max_digits=DIGITS,
        error_messages=REQUIRED,
        **options,
    )


def _select(part: Part, now: str, options: dict[str, Any]) -> forms.Field:
    """What is stored can be chosen, though the tenant may have dropped it since."""
    nothing = [] if part.required and now else [("", part.placeholder or _("Not set"))]
    dropped = [(now, now)] if now and now not in dict(part.options) else []
    return forms.ChoiceField(
        choices=[*nothing, *part.options, *dropped], error_messages=REQUIRED, **options
    )


def _day(part: Part, now: Any, options: dict[str, Any]) -> forms.Field:
    if dates.is_understood(part.pattern) and (now == "" or not isinstance(now, str)):
        return Day(pattern=part.pattern, is_past=part.key == "birthdate", **options)
    return SpelledDay(pattern=part.pattern, now=now, **options)
