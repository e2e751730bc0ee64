"""The one stylesheet of the site: every part of `static/css`, and the brand's colours on top.

A page may carry no inline style, and a stylesheet for the colours alone would be one request more
for each visitor. So the colours are part of the stylesheet's address, which makes its text a
function of its address: any process can answer it, at any time, whether Logto answers or not.
"""

import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

from accountsite.appearance.colours import DARK, LIGHT, Colour, Palette

PREFIX = "/appearance/"
ADDRESS = re.compile(rf"{PREFIX}([0-9a-f]{{6}})-([0-9a-f]{{6}})\.([0-9a-f]{{12}})\.css")


@cache
def parts() -> str:
    """The text of every part. `tokens.css` is first, as it declares the order of the layers."""
    directory = Path(settings.BASE_DIR) / "static" / "css"
    paths = sorted(directory.glob("*.css"), key=lambda path: (path.name != "tokens.css", path.name))
    return "\n".join(_without_comments(path.read_text()) for path in paths)


@cache
def version() -> str:
    """What changes whenever a part does."""
    return hashlib.sha256(parts().encode()).hexdigest()[:12]


def address(light: Colour, dark: Colour) -> str:
    """Where the stylesheet for a brand is, given its colours in the two themes."""
    return f"{PREFIX}{light}-{dark}.{version()}.css".replace("#", "")


@lru_cache(maxsize=8)
def text(light: Colour, dark: Colour) -> str:
    """The stylesheet for a brand, given its colours in the two themes."""
    of_light, of_dark = Palette.of(light, LIGHT), Palette.of(dark, DARK)
    properties = "".join(
        f"--{name.replace('_', '-')}:light-dark({getattr(of_light, name)},{getattr(of_dark, name)});"
        for name in Palette.__dataclass_fields__
    )
    return f"{parts()}\n@layer tokens{{:root{{{properties}}}}}\n"


def _without_comments(css: str) -> str:
    """The same rules in fewer bytes: no comments, no indentation."""
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip()
