"""What templates need to show a person."""

from datetime import datetime
from functools import cache

import phonenumbers
from babel import Locale, dates
from django import template
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accountsite.appearance import brand
from accountsite.appearance import initials as letters

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A symbol of `static/icons.svg`. It says nothing to a screen reader: put words beside it.

    A tag, as a page has some forty, and each would take ten times as long as a template. Their names
    are this site's own, so they are few.
    """
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("icons.svg"),
        name,
    )


@register.filter
def initials(label: str) -> str:
    """One or two letters that stand for a name where there is no picture."""
    return letters.of(label)


@register.filter
def web_address(text: str | None) -> str | None:
    """An address that a browser can follow safely, else None: Logto takes any for an avatar."""
    return brand.web_address(text)


@register.filter
def phone(digits: str) -> str:
    """A phone number as Logto keeps it, digits with the country's code, in groups to be read."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return f"+{digits}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@register.filter
def moment(value: datetime) -> str:
    """A point in time, in words of the page's language, in the time zone of the person."""
    locale = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    day = dates.format_date(timezone.localtime(value), "long", locale=locale)
    return str(dates.get_datetime_format("long", locale=locale)).format(clock(value), day)


@register.filter
def clock(value: datetime) -> str:
    """The time of day, in words of the page's language, in the time zone of the person."""
    locale = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    here = timezone.localtime(value)
    # Korean abbreviates the parts of a day in Latin letters; in words they read as they are said.
    words = str(locale.time_formats["short"]).replace("a", "aaaa")
    return str(dates.format_time(here, words, tzinfo=here.tzinfo, locale=locale))
