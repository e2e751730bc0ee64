"""Until when the makers of what the site runs on mend security.

Python: https://devguide.python.org/versions/, the last day of the month that is named there.
Django: https://www.djangoproject.com/download/, "extended support".
"""

import sys
from datetime import date

import django

PYTHON = {
    (3, 12): date(2028, 10, 31),
    (3, 13): date(2029, 10, 31),
    (3, 14): date(2030, 10, 31),
    (3, 15): date(2031, 10, 31),
}
DJANGO = {(6, 1): date(2027, 12, 31)}


def of_python() -> date | None:
    """The last day for this Python, None if it is newer than this list."""
    return PYTHON.get(sys.version_info[:2])


def of_django() -> date | None:
    """The last day for this Django, None if it is newer than this list."""
    return DJANGO.get(django.VERSION[:2])
