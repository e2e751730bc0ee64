"""Pictures to upload, good and bad."""

import struct
import zlib
from io import BytesIO

from django.core.files.storage import default_storage
from PIL import Image, PngImagePlugin

RED, BLUE = (220, 30, 30), (30, 30, 220)


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def plain(kind: str = "PNG", size: tuple[int, int] = (640, 480), mode: str = "RGB") -> bytes:
    return encoded(Image.new(mode, size), kind)


def striped(width: int, height: int) -> Image.Image:
    """Red, with a blue quarter at the left."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (0, 0, width // 4, height))
    return picture


def with_place() -> bytes:
    """A photo that says where it was taken, in EXIF and XMP, and what took it."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (37.0, 33.0, 59.0)
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SecretPlace</x:xmpmeta>"
    return encoded(striped(600, 400), "JPEG", exif=exif, xmp=xmp, comment=b"SecretComment")


def on_its_side() -> bytes:
    """A photo of a striped wall that the camera held sideways: the blue is at the top."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it a quarter to the right
    return encoded(striped(400, 400), "JPEG", exif=exif, quality=95)


def moving() -> bytes:
    frames = [Image.new("RGB", (64, 64), colour) for colour in (RED, BLUE)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of some kilobytes that would fill gigabytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(*chunk)
        for chunk in (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(b"\0" * 1_000_000, 9)),
            (b"IEND", b""),
        )
    )


def with_text_bomb() -> bytes:
    """A small PNG with a comment that unpacks to a hundred megabytes."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "A" * 100_000_000, zip=True)
    return encoded(Image.new("RGB", (8, 8)), "PNG", pnginfo=info)


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
HTML_AS_PNG = b"\x89PNG\r\n\x1a\n" + HTML
HTML_AS_GIF = b"GIF89a" + HTML


def detailed(grain: int) -> bytes:
    """Full of detail, the more the finer its grain: as heavy as a photo of leaves."""
    noise = [Image.effect_noise((grain, grain), 60) for _channel in "RGB"]
    return encoded(Image.merge("RGB", noise).resize((800, 800)), "PNG")


def kept() -> list[str]:
    """The names of the pictures that the site keeps."""
    if not default_storage.exists("avatars"):
        return []
    owners, _files = default_storage.listdir("avatars")
    return [name for owner in owners for name in default_storage.listdir(f"avatars/{owner}")[1]]


def empty_storage() -> None:
    """Forget them."""
    for name in kept():
        default_storage.delete(f"avatars/{name[:20]}/{name}")
