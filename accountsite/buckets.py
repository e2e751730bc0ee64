"""Pictures in a bucket of S3, or of what speaks like it, where the machines share no folder.

`ACCOUNTSITE_PICTURES=s3://bucket/folder?region=eu-west-1&endpoint=https://minio.example.com` names
it. Keys come from boto3's own variables (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from the
machine that it runs on.

What goes wrong there is an OSError, as it is with a folder, so that who keeps pictures need not know
where they are. Settings name this module by its path: nobody else pays for importing boto3.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

# Somebody waits for it. Seconds, and tries.
PATIENCE = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}
)


@contextmanager
def as_a_folder_would() -> Iterator[None]:
    """Raises OSError for whatever the bucket, or the way to it, has against it."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"The bucket can't be used: {error}") from error


class Bucket(S3Storage):  # type: ignore[misc] # the library has no types
    """A bucket that is read and written by this site alone: browsers get pictures from here."""

    def __init__(self, **options: Any) -> None:
        super().__init__(client_config=PATIENCE, default_acl=None, **options)

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        with as_a_folder_would(), super()._open(name, mode) as file:
            return ContentFile(file.read(), name)

    def _save(self, name: str, content: File[bytes]) -> str:
        with as_a_folder_would():
            saved: str = super()._save(name, content)
            return saved

    def exists(self, name: str) -> bool:
        """Whether there is such a file. Raises OSError."""
        with as_a_folder_would():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Delete a file; no matter if there is none. Raises OSError."""
        with as_a_folder_would():
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """The folders and files in a folder; none if there is no such folder. Raises OSError."""
        with as_a_folder_would():
            folders, files = super().listdir(name)
            return folders, files
