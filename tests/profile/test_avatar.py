"""Your picture: upload one, see it everywhere at once, go without."""

from collections.abc import Iterator
from typing import Any

import pytest
import responses
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accountsite import avatars
from accountsite.profile import uploads
from tests.conftest import ALICE, API, HTMX
from tests.profile import pictures
from tests.profile.conftest import Logto, Row, html, says

pytestmark = pytest.mark.django_db

PAGE, REMOVAL = "/profile/avatar/", "/profile/avatar/removal/"
ELSEWHERE = "https://cdn.example.com/a.webp"


@pytest.fixture(autouse=True)
def empty_storage() -> Iterator[None]:
    yield
    pictures.empty_storage()


def file(content: bytes | None = None, name: str = "me.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pictures.plain(), "image/png")


def upload(client: Client, *, htmx: bool = False, **more: Any) -> Any:
    return Row(client, PAGE).send(htmx=htmx, **({"picture": file()} | more))


@pytest.fixture
def store(logto: Logto) -> Logto:
    """A tenant that stores files."""
    logto.wire.replace(responses.GET, f"{API}/user-assets/service-status", json={"status": "ready"})
    logto.wire.post(f"{API}/user-assets", json={"url": "https://assets.example.com/a.webp"})
    return logto


def test_it_is_saved_in_place_and_in_the_navigation(alice: Client, logto: Logto) -> None:
    response = upload(alice, htmx=True)

    assert response.status_code == 200
    [(what, body)] = logto.writes
    assert what == "user"
    answer = html(response)
    assert answer.find(id="row-avatar").find("img")["src"] == body["avatar"]
    assert answer.find("hx-partial", {"hx-target": ".who"}).find("img")["src"] == body["avatar"]
    assert "Picture saved." in says(response)


def test_it_is_saved_without_htmx(alice: Client, logto: Logto, browse) -> None:
    response = upload(alice)

    assert (response.status_code, response["Location"]) == (303, "/profile/#row-avatar")
    page = browse(alice, "/profile/")
    assert page.find(class_="who").find("img")["src"] == logto.person["avatar"]
    assert "Picture saved." in page.find(id="messages").get_text()


def test_kept_here_anybody_with_its_address_can_see_it_and_nothing_more(
    alice: Client, client: Client, logto: Logto
) -> None:
    upload(alice)

    response = Client().get(logto.person["avatar"])

    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in response["Cache-Control"]
    assert "Set-Cookie" not in response
    assert response.content.startswith(b"RIFF")


@pytest.mark.parametrize(
    "name", ["nope.webp", "..%2f..%2fdb.sqlite3", "a" * 20 + "." + "b" * 22 + ".webp"]
)
def test_other_names_are_not_found(client: Client, db: None, name: str) -> None:
    assert client.get(f"/avatars/{name}").status_code == 404


def test_a_tenant_with_a_store_gets_it(alice: Client, store: Logto) -> None:
    upload(alice)

    [call] = [call for call in store.wire.calls if call.request.url == f"{API}/user-assets"]
    assert b"RIFF" in call.request.body
    assert b"Content-Type: image/webp" in call.request.body
    assert store.person["avatar"] == "https://assets.example.com/a.webp"
    assert pictures.kept() == []


def test_a_tenant_too_old_to_have_a_store_has_none(alice: Client, logto: Logto) -> None:
    logto.wire.replace(
        responses.GET, f"{API}/user-assets/service-status", status=404, body="Not Found"
    )

    assert upload(alice).status_code == 303
    assert len(pictures.kept()) == 1


def test_a_new_one_takes_the_place_of_the_old(alice: Client, logto: Logto) -> None:
    upload(alice)
    upload(alice)

    assert [logto.person["avatar"].rpartition("/")[2]] == pictures.kept()


HOSTILE = {
    "svg": pictures.SVG,
    "html as png": pictures.HTML_AS_PNG,
    "bomb": pictures.bomb(),
    "truncated": pictures.plain("JPEG", (900, 900))[:-300],
    "bmp": pictures.plain("BMP"),
    "huge": pictures.plain() + b"x" * uploads.MOST_BYTES,
}


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_anything_but_a_picture_of_at_most_5_mb_is_refused_beside_the_field(
    alice: Client, logto: Logto, content: bytes, *, htmx: bool
) -> None:
    response = upload(alice, picture=file(content), htmx=htmx)

    assert response.status_code == 422
    wrong = html(response).find(attrs={"aria-invalid": "true"})
    assert wrong["name"] == "picture"
    assert logto.writes == []
    assert pictures.kept() == []


def test_choosing_nothing_is_refused(alice: Client, logto: Logto) -> None:
    response = Row(alice, PAGE).send()

    assert response.status_code == 422
    assert "Choose a picture." in says(response)


@pytest.mark.parametrize("more", [0, uploads.MOST_BYTES, uploads.GIVEN_UP_AT])
def test_one_that_is_too_large_is_told_the_limit_however_large_it_is(
    alice: Client, logto: Logto, more: int
) -> None:
    large = pictures.plain() + b"x" * (uploads.MOST_BYTES + more)

    response = upload(alice, picture=file(large))

    assert response.status_code == 422
    assert "Choose a picture of at most 5 MB." in says(response)


@pytest.mark.parametrize("when", ["reading", "writing"])
@pytest.mark.parametrize("htmx", [True, False])
def test_an_outage_of_logto_is_told_in_the_form(
    alice: Client, logto: Logto, when: str, *, htmx: bool
) -> None:
    row = Row(alice, PAGE)
    logto.reads_fail, logto.writes_fail = when == "reading", True

    response = row.send(picture=file(), htmx=htmx)

    assert response.status_code == 503
    assert "could not be reached" in says(response)


def test_one_that_may_have_been_saved_is_kept(alice: Client, logto: Logto) -> None:
    row = Row(alice, PAGE)
    logto.writes_fail = True

    row.send(picture=file())

    assert len(pictures.kept()) == 1, "Logto may have its address"


def test_one_that_logto_refused_is_not(alice: Client, logto: Logto) -> None:
    row = Row(alice, PAGE)
    logto.refuses(422, "entity.invalid_input")

    response = row.send(picture=file())

    assert response.status_code == 422
    assert pictures.kept() == []


def test_a_picture_from_elsewhere_is_not_overwritten_unseen(alice: Client, logto: Logto) -> None:
    row = Row(alice, PAGE)
    logto.person["avatar"] = ELSEWHERE

    response = row.send(picture=file())

    assert response.status_code == 422
    assert "changed elsewhere meanwhile" in says(response)
    row.page = html(response)
    assert row.send(picture=file()).status_code == 303


def test_removing_it_asks_first(alice: Client, logto: Logto, browse) -> None:
    logto.person["avatar"] = ELSEWHERE

    link = browse(alice, PAGE).find("a", href=REMOVAL)
    page = browse(alice, link["href"])

    assert logto.writes == []
    assert page.find("form", {"action": REMOVAL}).find("button").get_text() == "Remove picture"


def test_there_is_nothing_to_remove_without_one(alice: Client, logto: Logto, browse) -> None:
    assert browse(alice, PAGE).find("a", href=REMOVAL) is None


@pytest.mark.parametrize("htmx", [True, False])
def test_without_it_initials_take_its_place(
    alice: Client, logto: Logto, browse, *, htmx: bool
) -> None:
    upload(alice)

    response = Row(alice, REMOVAL).send(htmx=htmx)

    assert response.status_code == (200 if htmx else 303)
    assert logto.writes[-1] == ("user", {"avatar": None})
    assert pictures.kept() == []
    page = browse(alice, "/profile/")
    assert page.find(id="row-avatar").find(class_="avatar").get_text() == "AK"
    assert not page.find(class_="who").find("img")


def test_an_outage_while_removing_is_told_in_the_form(alice: Client, logto: Logto) -> None:
    logto.person["avatar"] = ELSEWHERE
    row = Row(alice, REMOVAL)
    logto.writes_fail = True

    response = row.send(htmx=True)

    assert response.status_code == 503
    assert "could not be reached" in says(response)


def test_a_picture_from_elsewhere_is_not_removed_unseen(alice: Client, logto: Logto) -> None:
    logto.person["avatar"] = ELSEWHERE
    row = Row(alice, REMOVAL)
    logto.person["avatar"] = f"{ELSEWHERE}?new"

    assert row.send().status_code == 422
    assert logto.writes == []


def test_a_picture_that_the_tenant_requires_cannot_be_removed(alice: Client, logto: Logto) -> None:
    logto.asks("avatar", "Url", required=True)
    logto.person["avatar"] = ELSEWHERE

    response = Row(alice, REMOVAL).send()

    assert response.status_code == 422
    assert "Upload another one" in says(response)


@pytest.mark.parametrize("access", ["Off", "ReadOnly"])
@pytest.mark.parametrize("path", [PAGE, REMOVAL])
def test_a_tenant_can_keep_people_from_changing_it(
    alice: Client, logto: Logto, access: str, path: str
) -> None:
    logto.person["avatar"] = ELSEWHERE
    logto.lets(avatar=access)

    assert alice.get(path).status_code == 404
    assert alice.post(path, {"picture": file(), "shown": "x"}).status_code == 422
    assert logto.writes == []
    assert pictures.kept() == []


def test_somebody_elses_picture_survives_its_address_being_used(
    alice: Client, logto: Logto
) -> None:
    bobs = avatars.keep(b"webp", account_id="bob")
    logto.person["avatar"] = bobs

    upload(alice)

    assert avatars.read(bobs.rpartition("/")[2]) == b"webp"


def test_a_file_is_asked_for_with_the_right_form(alice: Client, logto: Logto) -> None:
    form = html(alice.get(PAGE, headers=HTMX)).find("form", id="row-avatar")

    assert form["enctype"] == "multipart/form-data"
    assert form["hx-post"] == form["action"] == PAGE
    assert ALICE not in str(form)
