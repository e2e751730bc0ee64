"""Pictures in a bucket, for machines that share no folder."""

from collections.abc import Iterator

import boto3
import moto
import pytest
from django.test import Client

from accountsite import avatars, environment

ADDRESS = "s3://pictures/people?region=eu-west-1"


@pytest.fixture
def bucket(settings, monkeypatch) -> Iterator[object]:
    """A bucket, and a site that keeps pictures there."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "only-for-tests")
    with moto.mock_aws():
        client = boto3.client("s3", region_name="eu-west-1")
        place = {"LocationConstraint": "eu-west-1"}
        client.create_bucket(Bucket="pictures", CreateBucketConfiguration=place)
        settings.STORAGES = settings.STORAGES | {"default": configured(ADDRESS)}
        yield client


def configured(address: str) -> dict[str, object]:
    return environment.pictures(address, folder="media")


def keys(client) -> list[str]:
    return [one["Key"] for one in client.list_objects_v2(Bucket="pictures").get("Contents", [])]


def test_a_picture_is_kept_there_and_shown_from_here(bucket, client: Client):
    url = avatars.keep(b"webp", account_id="alice")

    [key] = keys(bucket)
    assert key.startswith("people/avatars/")
    assert key.endswith(url.rpartition("/")[2])
    response = client.get(url.removeprefix("http://localhost:8000"))
    assert (response.status_code, response.content) == (200, b"webp")
    assert response["Content-Type"] == "image/webp"


def test_a_person_s_pictures_go_and_nobody_else_s(bucket):
    for account_id in ("alice", "alice", "bob"):
        url = avatars.keep(b"webp", account_id=account_id)

    avatars.forget_all("alice")
    avatars.forget_all("nobody")

    assert len(keys(bucket)) == 1
    assert avatars.own(url, account_id="bob") == b"webp"
    avatars.forget(url, account_id="bob")
    assert keys(bucket) == []
    assert avatars.read(url.rpartition("/")[2]) is None


def test_a_bucket_that_is_gone_is_no_room_and_no_crash(bucket, client: Client, caplog):
    url = avatars.keep(b"webp", account_id="alice")
    bucket.delete_object(Bucket="pictures", Key=keys(bucket)[0])
    bucket.delete_bucket(Bucket="pictures")

    with pytest.raises(avatars.UnableToKeep):
        avatars.keep(b"webp", account_id="alice")
    avatars.forget(url, account_id="alice")
    with pytest.raises(OSError, match="bucket"):
        avatars.forget_all("alice")
    assert "can't be kept" in caplog.text


def test_other_services_are_named_by_their_address():
    options = configured("s3://people?endpoint=https://minio.example.com")["OPTIONS"]

    assert options == {
        "bucket_name": "people",
        "location": "",
        "region_name": None,
        "endpoint_url": "https://minio.example.com",
    }


@pytest.mark.parametrize(
    "address",
    ["pictures", "https://bucket", "s3://", "s3://key:secret@bucket", "s3://b?acl=public"],
)
def test_what_names_no_bucket_stops_the_start(address: str):
    assert not environment.is_bucket(address)


def test_without_one_pictures_are_in_the_folder(tmp_path):
    assert environment.is_bucket("none")
    found = environment.pictures("none", folder=tmp_path)
    assert found["OPTIONS"] == {"location": tmp_path}
