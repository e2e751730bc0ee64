"""The file that a person takes along: a zip of a page to read, the same as JSON, and their picture.

The page needs nothing else: no script, no network, no font. It says so to the browser as well, in a
policy of its own, since it is opened from a disk where no server can say it.
"""

import json
import zipfile
from io import BytesIO
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accountsite.appearance import brand
from accountsite.exports.chapters import File, plain
from accountsite.exports.collecting import Collection

FORMAT = "accountsite export"
VERSION = 1  # of the JSON; a change that breaks readers of it counts it up
PAGE, DATA = "my-data.html", "my-data.json"


def of(collection: Collection) -> bytes:
    """The zip, in the language and time zone that are active."""
    beside = [file for chapter in collection.chapters.values() for file in chapter.files]
    files = [
        File(name=PAGE, content=_encoded(_page(collection))),
        File(name=DATA, content=_encoded(_json(collection))),
        *beside,
    ]
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(_entry(file.name), file.content)
    return content.getvalue()


def _page(collection: Collection) -> str:
    context = {
        "language": translation.get_language(),
        "is_bidi": translation.get_language_bidi(),
        "subject": collection.subject,
        "time_zone": timezone.get_current_timezone_name(),
        "chapters": [(part, chapter) for part, chapter in collection.chapters.items()],
        "missing": [part.title for part in collection.missing],
        "site": settings.SITE_URL,
        "brand": brand.current(),
    }
    return render_to_string("exports/document.html", context)


def _json(collection: Collection) -> str:
    data: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "site": settings.SITE_URL,
        "tenant": settings.LOGTO_ENDPOINT,
        "account_id": collection.subject.id,
        "as_of": plain(collection.subject.began_at),
        "missing": [part.name for part in collection.missing],
        "data": {part.name: chapter.data for part, chapter in collection.chapters.items()},
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _encoded(text: str) -> bytes:
    """UTF-8; half an emoji, which no encoding has, as the escape that JSON writes for it."""
    return text.encode("utf-8", "backslashreplace")


def _entry(name: str) -> zipfile.ZipInfo:
    """Dated where the person is, as zip files know no time zones, and readable for its owner."""
    entry = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
