"""How much of a file is listened to."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from accountsite.profile import uploads


def sent(**sizes: int) -> WSGIRequest:
    files = {name: SimpleUploadedFile(name, b"x" * size) for name, size in sizes.items()}
    return RequestFactory().post("/", files | {"after": "word"})


def test_a_file_arrives_as_it_is() -> None:
    file = sent(picture=1_000).FILES["picture"]

    assert (file.name, file.size, file.read()) == ("picture", 1_000, b"x" * 1_000)


def test_of_one_that_is_too_large_no_more_is_kept_than_allowed() -> None:
    request = sent(picture=uploads.MOST_BYTES + 1)

    file = request.FILES["picture"]
    assert file.size == uploads.MOST_BYTES + 1
    assert len(file.read()) == uploads.MOST_BYTES
    assert request.POST["after"] == "word"


def test_many_files_have_to_share() -> None:
    request = sent(one=uploads.MOST_BYTES, two=uploads.MOST_BYTES, three=10)

    assert sum(len(file.read()) for file in request.FILES.values()) == uploads.MOST_BYTES


def test_who_goes_on_sending_is_no_longer_listened_to() -> None:
    request = sent(picture=uploads.GIVEN_UP_AT + 100_000)

    assert not request.FILES
    assert request.upload_handlers[0].received <= uploads.GIVEN_UP_AT + 100_000
