"""/my-account/user-assets/avatar: a picture that a person uploads, checked by its content."""

import secrets

from django.core.files.uploadedfile import UploadedFile

from accountsite.demo import state
from accountsite.demo.account.access import Person
from accountsite.demo.api import assets, errors
from accountsite.demo.api.calls import Call

SIGNATURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
}


def upload(call: Call, person: Person) -> state.Json:
    """Keep a picture of the form field `file`. Whatever type it claims, its first bytes decide."""
    person.must_hold("profile")
    person.must_be_at_home()
    person.must_edit("avatar")
    file = call.request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise errors.Refused(400, "guard.invalid_input", "Send a file.")
    if (file.size or 0) > assets.LARGEST_FILE:
        raise errors.Refused(400, "guard.file_size_exceeded", "The file is too large.")
    content = file.read()
    content_type = _type_of(content)
    if content_type is None:
        raise errors.Refused(400, "guard.mime_type_not_allowed", "This is no picture.")
    extension = content_type.removeprefix("image/")
    path = f"{person.user.id}/{secrets.token_urlsafe(6)}.{extension}"
    return {"url": state.tenant.keep_asset(path, content_type, content)}


def _type_of(content: bytes) -> str | None:
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    found = (kind for first, kind in SIGNATURES.items() if content.startswith(first))
    return next(found, None)
