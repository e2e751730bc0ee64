"""Pictures as a phone takes them."""

import io
import random
from functools import cache

from PIL import ExifTags, Image, ImageFilter

LYING_ON_ITS_SIDE = 6  # EXIF orientation: to be turned by 90° to the right


@cache
def a_photograph() -> bytes:
    """A JPEG of 1600 by 1200, taken upright with the phone held sideways; it tells the place."""
    picture = _a_scene().transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = LYING_ON_ITS_SIDE
    exif[ExifTags.Base.Model] = "Phone"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (53.0, 44.0, 24.0)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=90, exif=exif)
    return written.getvalue()


def _a_scene() -> Image.Image:
    """A red sky over a blue sea, with the grain and the soft edges of a real picture."""
    chance = random.Random(27)  # noqa: S311 - the same each time
    picture = Image.new("RGB", (1600, 1200))
    for line in range(1200):
        is_sky = line < 600
        shade = 90 + line % 600 // 6
        colour = (
            (150 + shade // 2, shade, 90) if is_sky else (40, shade // 2 + 40, 110 + shade // 2)
        )
        picture.paste(colour, (0, line, 1600, line + 1))
    for _each in range(400):
        left, top, size = chance.randrange(1600), chance.randrange(1200), chance.randrange(5, 60)
        colour = tuple(chance.randrange(30, 120) for _channel in range(3))
        if top > 700:
            picture.paste(colour, (left, top, left + size, top + size // 3))
    grain = Image.effect_noise((1600, 1200), 14).convert("RGB")
    return Image.blend(picture.filter(ImageFilter.GaussianBlur(2)), grain, 0.08)
