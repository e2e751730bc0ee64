"""Which release this is."""

import tomllib
from functools import cache

from django.conf import settings


@cache
def version() -> str:
    """As in pyproject.toml: the site is run from its folder, and is no installed package."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    return str(project["project"]["version"])
