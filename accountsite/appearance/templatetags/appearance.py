"""What templates need to show a person."""

import phonenumbers
from django import template

from accountsite.appearance import initials as letters

register = template.Library()


@register.filter
def initials(label: str) -> str:
    """One or two letters that stand for a name where there is no picture."""
    return letters.of(label)


@register.filter
def phone(digits: str) -> str:
    """A phone number as Logto keeps it, digits with the country's code, in groups to be read."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return f"+{digits}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
