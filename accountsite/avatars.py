"""Pictures of people: checked by what is in them, and where they are kept.

What somebody uploads is never passed on. It is decoded, cropped and encoded anew, so that
neither a script in it nor the place where it was taken comes along.
"""

import contextlib
import hashlib
import logging
import re
import secrets
import struct
import threading
from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

logger = logging.getLogger(__name__)

SIDE = 512
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# A JPEG is decoded at a fraction of its size, the others whole, at four bytes a pixel.
MOST_PIXELS = {"JPEG": 50_000_000}
MOST_PIXELS_OTHERWISE = 25_000_000
LIGHT = 18_000  # bytes: with it, a first visit to the profile stays within 45 KB
QUALITIES = (85, 75, 65, 55, 45)
CONTENT_TYPE = "image/webp"
FOLDER = "avatars"
OWNER = 20  # characters of a name that say whose it is
FILE_NAME = re.compile(r"[0-9a-f]{20}\.[A-Za-z0-9_-]{22}\.webp")

# What Pillow raises for files that are not what they say, broken or cut short.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, OverflowError, struct.error)

_decoding = threading.Lock()  # a large picture takes 100 MB for a moment: one at a time


class UnableToUse(Exception):
    """Not a picture that can be kept. The message is a sentence for the person."""


class UnableToKeep(Exception):
    """There is no room for it, or the place where pictures are kept is away."""


def square(content: bytes) -> bytes:
    """The middle of a picture as a square WebP without metadata, 512 pixels wide or less.

    The first frame of a moving one, turned the way it was taken. Raises UnableToUse.
    """
    try:
        with _decoding, Image.open(BytesIO(content), formats=FORMATS) as picture:
            _refuse_a_bomb(picture)
            return _encoded(_decoded(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnableToUse(_too_large()) from error
    except BROKEN as error:
        raise UnableToUse(_("Choose a JPEG, PNG, WebP or GIF picture that opens.")) from error


def keep(content: bytes, *, account_id: str) -> str:
    """Store a picture here, under a name that nobody can guess. Gives its address.

    Raises UnableToKeep, and then leaves nothing behind.
    """
    name = f"{_owner(account_id)}.{secrets.token_urlsafe(16)}.webp"
    try:
        default_storage.save(_path(name), ContentFile(content))
    except OSError as error:
        logger.exception("A picture can't be kept.")
        with contextlib.suppress(OSError):
            default_storage.delete(_path(name))
        raise UnableToKeep from error
    return _address(name)


def forget(url: str | None, *, account_id: str) -> None:
    """Delete the picture at this address if it is kept here and is this person's.

    An avatar's address can be set from elsewhere: somebody else's picture stays. One that can't be
    deleted now is deleted with the account.
    """
    if name := _own_name(url, account_id):
        try:
            default_storage.delete(_path(name))
        except OSError:
            logger.exception("A picture that nobody shows any more can't be deleted.")


def forget_all(account_id: str) -> None:
    """Delete every picture of a person that is kept here, those that no profile shows too.

    Raises OSError if that can't be done now.
    """
    owner = _owner(account_id)
    try:
        _folders, names = default_storage.listdir(f"{FOLDER}/{owner}")
    except FileNotFoundError:  # they never had a picture
        return
    for name in names:
        default_storage.delete(f"{FOLDER}/{owner}/{name}")


def own(url: str | None, *, account_id: str) -> bytes | None:
    """The picture at this address if it is kept here and is this person's, else None."""
    name = _own_name(url, account_id)
    return read(name) if name else None


def read(name: str) -> bytes | None:
    """A picture that is kept here, by its name; None if there is none.

    Raises OSError if the place where they are kept is away.
    """
    if not FILE_NAME.fullmatch(name):
        return None
    try:
        with default_storage.open(_path(name)) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def _refuse_a_bomb(picture: Image.Image) -> None:
    """Small files can hold pictures that fill the memory; the size stands in their first bytes."""
    width, height = picture.size
    if width * height > MOST_PIXELS.get(picture.format or "", MOST_PIXELS_OTHERWISE):
        raise UnableToUse(_too_large())


def _decoded(picture: Image.Image) -> Image.Image:
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    flat = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    side = min(SIDE, *flat.size)
    return ImageOps.fit(flat, (side, side))


def _encoded(picture: Image.Image) -> bytes:
    """As good as fits into what a page may weigh, else in the poorest quality that still pleases.

    Pillow writes metadata only where it is asked to, and it is not.
    """
    for quality in QUALITIES:
        written = BytesIO()
        picture.save(written, "WEBP", quality=quality, method=4)
        if written.tell() <= LIGHT:
            break
    return written.getvalue()


def _too_large() -> str:
    return _("Choose a picture with fewer pixels.")


def _own_name(url: str | None, account_id: str) -> str:
    """The name of the file at this address; empty if it is not here, or not theirs."""
    name = (url or "").rpartition("/")[2]
    is_here = FILE_NAME.fullmatch(name) and url == _address(name)
    return name if is_here and name[:OWNER] == _owner(account_id) else ""


def _owner(account_id: str) -> str:
    """The start of a file's name: whose it is, as long as it is kept, whatever key is in use."""
    return hashlib.sha256(f"accountsite.avatar:{account_id}".encode()).hexdigest()[:OWNER]


def _path(name: str) -> str:
    return f"{FOLDER}/{name[:OWNER]}/{name}"


def _address(name: str) -> str:
    return settings.SITE_URL + reverse("profile:avatar_file", args=[name])
