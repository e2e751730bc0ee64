"""Where the static files are, known by heart."""

from functools import cache

from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # it has no types
    """Whitenoise's, whose addresses are looked up once: the manifest stays as it was at the start.

    A page names some forty, mostly of icons, and each took as long as the icon's template.
    """

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.url = cache(super().url)
