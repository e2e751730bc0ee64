"""Files that people send: read into memory, and never more of them than may be kept.

Django reads a form's files before anybody looks at the form. This handler, which the settings
name, lets nothing unchecked touch the disk, and hangs up on somebody who goes on sending.
"""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

MOST_BYTES = 5 * 1024 * 1024
GIVEN_UP_AT = 4 * MOST_BYTES


class InMemory(FileUploadHandler):
    """Keeps MOST_BYTES of a request's files, counts the rest up to a point, then hangs up.

    A form sees the true size of a file, and refuses what is too large in a sentence.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin with an empty buffer."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.buffer = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what there is room for. Raises StopUpload when it is past all reason."""
        self.buffer.write(raw_data[: max(0, MOST_BYTES - self.received)])
        self.received += len(raw_data)
        if self.received > GIVEN_UP_AT:
            raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """The file, with its size as it was sent."""
        self.buffer.seek(0)
        return InMemoryUploadedFile(
            file=self.buffer,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def were_given_up(request: HttpRequest) -> bool:
    """Whether its files, of which none is among its FILES then, were far too large to be heard out."""
    return any(
        isinstance(handler, InMemory) and handler.received > GIVEN_UP_AT
        for handler in request.upload_handlers
    )
