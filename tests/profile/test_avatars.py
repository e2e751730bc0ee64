"""What becomes of a file that somebody gives for their picture."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from accountsite import avatars
from tests.profile import pictures


def squared(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(avatars.square(content)))
    picture.load()
    return picture


@pytest.fixture(autouse=True)
def empty_storage() -> Iterator[None]:
    yield
    pictures.empty_storage()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_it_becomes_a_square_webp(kind: str) -> None:
    picture = squared(pictures.plain(kind, (1600, 900)))

    assert picture.format == "WEBP"
    assert picture.size == (512, 512)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_any_kind_of_colour_will_do(mode: str) -> None:
    assert squared(pictures.plain("PNG", mode=mode)).size == (480, 480)


def test_printers_colours_will_do() -> None:
    assert squared(pictures.plain("JPEG", mode="CMYK")).mode == "RGB"


def test_a_small_one_stays_small() -> None:
    assert squared(pictures.plain(size=(40, 30))).size == (30, 30)


def test_a_detailed_one_is_made_light() -> None:
    """18 kB, of the 45 that a first visit to the profile may weigh."""
    picture = pictures.detailed(grain=24)

    assert len(avatars.square(picture)) <= 18_000


def test_the_middle_of_it_is_kept() -> None:
    picture = squared(pictures.encoded(pictures.striped(1200, 400), "PNG"))

    colours = {tuple(round(part, -1) for part in picture.getpixel((x, 200))) for x in (5, 395)}
    assert colours == {(220, 30, 30)}, "the blue quarter at the left is cut off"


def test_it_stands_upright() -> None:
    picture = squared(pictures.on_its_side())

    top, bottom = picture.getpixel((200, 20)), picture.getpixel((200, 380))
    assert top[2] > top[0], "blue at the top"
    assert bottom[0] > bottom[2], "red below"


def test_of_a_moving_one_the_first_picture_is_kept() -> None:
    picture = squared(pictures.moving())

    assert not getattr(picture, "is_animated", False)
    assert picture.getpixel((30, 30))[0] > picture.getpixel((30, 30))[2]


def test_what_was_transparent_stays_transparent() -> None:
    content = pictures.encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG")

    assert squared(content).getpixel((25, 25))[3] == 0


def test_it_no_longer_says_where_or_with_what_it_was_taken() -> None:
    original = pictures.with_place()
    assert b"Secret" in original

    kept = avatars.square(original)

    assert b"Secret" not in kept
    assert b"EXIF" not in kept
    assert not Image.open(BytesIO(kept)).getexif()


def test_a_colour_profile_is_left_out() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = pictures.encoded(Image.new("RGB", (50, 50)), "WEBP", icc_profile=profile)
    assert b"ICCP" in content

    assert b"ICCP" not in avatars.square(content)


HOSTILE = {
    "svg": pictures.SVG,
    "html": pictures.HTML,
    "html as png": pictures.HTML_AS_PNG,
    "html as gif": pictures.HTML_AS_GIF,
    "nothing": b"",
    "truncated jpeg": pictures.plain("JPEG", (1600, 900))[:-400],
    "truncated png": pictures.encoded(pictures.striped(700, 700), "PNG")[:-60],
    "truncated webp": pictures.encoded(pictures.striped(700, 700), "WEBP")[:-60],
    "bomb": pictures.bomb(),
    "too many pixels": pictures.plain("PNG", (6_000, 5_000), "1"),
    "too many pixels for a jpeg": pictures.plain("JPEG", (8_000, 7_000), "L"),
    "bmp": pictures.plain("BMP"),
    "tiff": pictures.plain("TIFF"),
    "ico": pictures.plain("ICO", (32, 32)),
    "pdf": b"%PDF-1.7\n",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_anything_else_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(avatars.UnableToUse, match="Choose"):
        avatars.square(content)


def test_a_comment_that_unpacks_without_end_is_not_unpacked() -> None:
    with pytest.raises(avatars.UnableToUse):
        avatars.square(pictures.with_text_bomb())


@given(st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]), st.data())
def test_no_damage_gets_further_than_a_sentence(
    noise: bytes, kind: str, data: st.DataObject
) -> None:
    content = bytearray(pictures.encoded(pictures.striped(48, 48), kind))
    place = data.draw(st.integers(0, len(content)))
    content[place : place + len(noise)] = noise

    try:
        kept = avatars.square(bytes(content))
    except avatars.UnableToUse:
        return

    assert Image.open(BytesIO(kept)).format == "WEBP"


def test_kept_here_it_has_an_address_of_ours_that_nobody_can_guess() -> None:
    one, other = (avatars.keep(b"webp", account_id="alice") for _time in range(2))

    assert one.startswith("http://localhost:8000/avatars/")
    assert one != other
    assert "alice" not in one
    assert avatars.read(one.rpartition("/")[2]) == b"webp"


def test_it_can_be_forgotten() -> None:
    url = avatars.keep(b"webp", account_id="alice")

    avatars.forget(url, account_id="alice")

    assert avatars.read(url.rpartition("/")[2]) is None


def test_somebody_elses_is_not_forgotten() -> None:
    url = avatars.keep(b"webp", account_id="bob")

    avatars.forget(url, account_id="alice")

    assert avatars.read(url.rpartition("/")[2]) == b"webp"


def test_ours_are_recognized_after_the_secret_key_was_replaced(settings) -> None:
    for _picture in range(2):
        url = avatars.keep(b"webp", account_id="alice")
    settings.SECRET_KEY = "another-secret-key-of-forty-characters-.."

    assert avatars.own(url, account_id="alice") == b"webp"
    avatars.forget(url, account_id="alice")
    assert len(pictures.kept()) == 1
    avatars.forget_all("alice")
    assert pictures.kept() == []


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://cdn.example.com/avatars/{name}",
        "http://localhost:8000/avatars/../{name}",
        "http://localhost:8000/avatars/{name}?x",
        "javascript:alert(1)",
    ],
)
def test_other_addresses_are_nothing_to_forget(url: str | None) -> None:
    name = avatars.keep(b"webp", account_id="alice").rpartition("/")[2]

    avatars.forget(url and url.format(name=name), account_id="alice")

    assert avatars.read(name) == b"webp"


@pytest.mark.parametrize("name", ["", "..", "../db.sqlite3", "x.webp", "a" * 20 + "." + "b" * 22])
def test_only_names_of_ours_are_read(name: str) -> None:
    assert avatars.read(name) is None


def test_only_its_owner_s_picture_at_an_address_of_this_site_is_theirs():
    url = avatars.keep(b"webp", account_id="alice")

    assert avatars.own(url, account_id="alice") == b"webp"
    assert avatars.own(url, account_id="bob") is None
    assert avatars.own(url.replace("localhost", "elsewhere.test"), account_id="alice") is None
    assert avatars.own(None, account_id="alice") is None
