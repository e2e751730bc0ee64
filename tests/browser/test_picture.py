"""A picture of oneself: uploaded, shown, kept clean of what nobody should see, removed."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.photographs import a_photograph
from tests.browser.steps import (
    edit,
    form,
    in_four_ways,
    in_two_ways,
    refused,
    row,
    said,
    save,
    with_and_without_javascript,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def a_bomb() -> bytes:
    """A small file with very many pixels."""
    written = io.BytesIO()
    Image.new("1", (6_000, 6_000)).save(written, "PNG")
    return written.getvalue()


@in_four_ways
def test_a_photograph_becomes_ones_picture_everywhere(
    alice: Page, tenant: Any, words: Callable[..., str]
) -> None:
    choose(alice, a_photograph(), "IMG_2041.JPG")

    save(form(alice, "avatar"))

    expect(said(alice)).to_have_text(words("Picture saved."))
    is_loaded(row(alice, "avatar").locator("img"))
    if alice.viewport_size["width"] > 400:  # a phone has no room for the small one
        is_loaded(alice.locator(".who img"))
    kept = Image.open(io.BytesIO(requests.get(tenant.user("alice")["avatar"], timeout=5).content))
    assert (kept.format, kept.size) == ("WEBP", (512, 512))
    assert not kept.getexif()  # the place where it was taken above all
    red, _green, blue = kept.convert("RGB").getpixel((256, 40))[:3]
    assert red > blue  # turned upright: the sky of the test photograph is red


@in_two_ways
def test_a_picture_can_be_removed_again(
    alice: Page, tenant: Any, words: Callable[..., str]
) -> None:
    choose(alice, a_photograph(), "me.jpg")
    save(form(alice, "avatar"))
    expect(row(alice, "avatar").locator("img")).to_be_visible()

    edit(alice, "avatar").get_by_role("link", name=words("Remove picture")).click()
    form(alice, "avatar").get_by_role("button", name=words("Remove picture")).click()

    expect(said(alice)).to_have_text(words("Picture removed."))
    expect(row(alice, "avatar").locator(".avatar")).to_have_text("AL")
    expect(alice.locator("img.avatar")).to_have_count(0)
    assert tenant.user("alice")["avatar"] is None


@with_and_without_javascript
def test_what_cant_be_used_is_explained(alice: Page, tenant: Any) -> None:
    for name, content, reason in (
        ("notes.jpg", b"these are notes", "Choose a JPEG, PNG, WebP or GIF"),
        ("bomb.png", a_bomb(), "fewer pixels"),
        ("half.jpg", a_photograph()[:9000], "Choose a JPEG, PNG, WebP or GIF"),
        ("large.jpg", a_photograph() + bytes(6_000_000), "at most 5 MB"),
        ("drawing.png", SVG, "Choose a JPEG, PNG, WebP or GIF"),
        ("empty.jpg", b"", "not empty"),
    ):
        choose(alice, content, name)

        save(form(alice, "avatar"))

        expect(refused(form(alice, "avatar"))).to_contain_text(reason)
        assert tenant.user("alice")["avatar"] is None
        alice.goto("/profile/")


@with_and_without_javascript
def test_a_film_instead_of_a_picture_is_told_the_limit(alice: Page, tmp_path: Path) -> None:
    film = tmp_path / "film.mov"
    film.write_bytes(bytes(30_000_000))
    edit(alice, "avatar").locator("input[type=file]").set_input_files(film)

    save(form(alice, "avatar"))

    expect(refused(form(alice, "avatar"))).to_have_text("Choose a picture of at most 5 MB.")


@with_and_without_javascript
def test_saving_without_choosing_one_says_so(alice: Page) -> None:
    save(edit(alice, "avatar"))

    expect(refused(form(alice, "avatar"))).to_have_text("Choose a picture.")


def test_a_picture_that_cant_be_stored_now_is_not_lost_sight_of(alice: Page, tenant: Any) -> None:
    tenant.faults.add(path="/api/user-assets", method="POST", status=500)
    choose(alice, a_photograph(), "me.jpg")

    save(form(alice, "avatar"))

    expect(form(alice, "avatar").locator("[role=alert]")).to_be_visible()
    assert tenant.user("alice")["avatar"] is None


def test_a_picture_that_is_gone_leaves_no_hole(alice: Page, tenant: Any) -> None:
    gone = f"{tenant.endpoint}/user-assets/no-such.webp"
    tenant.management("PATCH", f"/users/{tenant.user('alice')['id']}", json={"avatar": gone})

    alice.goto("/profile/")

    expect(row(alice, "avatar").locator(".avatar")).to_be_visible()


def choose(page: Page, content: bytes, name: str) -> None:
    """Pick a file in the row of the picture."""
    file = {"name": name, "mimeType": "image/jpeg", "buffer": content}
    edit(page, "avatar").locator("input[type=file]").set_input_files(file)


def is_loaded(image: Locator) -> None:
    """It arrived, and was not refused by the CSP or cut off."""
    expect(image).to_be_visible()
    expect(image).to_have_js_property("naturalWidth", 512)
