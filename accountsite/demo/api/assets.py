"""/user-assets: files that the tenant keeps, such as pictures of people."""

import secrets
import time
from pathlib import PurePosixPath

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse

from accountsite.demo import state
from accountsite.demo.api import errors
from accountsite.demo.api.calls import Call

LARGEST_FILE = 20 * 1024 * 1024  # bytes
TYPES = (
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/vnd.microsoft.icon",
    "image/x-icon",
    "image/svg+xml",
    "image/tiff",
    "image/webp",
    "image/bmp",
)


def service_status(call: Call) -> state.Json:
    """What can be uploaded."""
    return {
        "status": "ready",
        "allowUploadMimeTypes": list(TYPES),
        "maxUploadFileSize": LARGEST_FILE,
        "isExperienceAvatarUploadEnabled": False,
    }


def upload(call: Call) -> state.Json:
    """Keep a file of the form field `file`. Its type is believed, as Logto believes it."""
    file = call.request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise errors.Refused(400, "guard.invalid_input", "Send a file.")
    if (file.size or 0) > LARGEST_FILE:
        raise errors.Refused(400, "guard.file_size_exceeded", "The file is too large.")
    if file.content_type not in TYPES:
        raise errors.Refused(400, "guard.mime_type_not_allowed", "Files of this type are not kept.")
    day = time.strftime("%Y/%m/%d", time.gmtime())
    name = PurePosixPath(file.name or "file").name
    path = f"{day}/{secrets.token_urlsafe(6)}/{name}"
    return {"url": state.tenant.keep_asset(path, file.content_type, file.read())}


def serve(call: Call, path: str) -> HttpResponse:
    """A file, to anybody; no browser runs it as a page."""
    try:
        content_type, content = state.tenant.assets[path]
    except KeyError:
        return errors.plain_response(404, "Not Found")
    response = HttpResponse(content, content_type=content_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response
