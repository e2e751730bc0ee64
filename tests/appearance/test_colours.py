"""A tenant's colour, whatever it is, can be read in both themes."""

import re

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from accountsite.appearance import colours
from accountsite.appearance.colours import DARK, LIGHT, Colour, Palette

parts = st.integers(0, 255)
any_colour = st.builds(Colour, parts, parts, parts)
any_theme = st.sampled_from([LIGHT, DARK])


@given(any_colour, any_theme)
def test_text_on_the_brand_can_be_read(brand, theme):
    palette = Palette.of(brand, theme)

    assert colours.contrast(palette.on_brand, palette.brand) >= 4.5
    assert colours.contrast(palette.on_brand, palette.brand_hover) >= 4.5


@given(any_colour, any_theme)
def test_text_in_the_brands_colour_can_be_read_wherever_it_stands(brand, theme):
    palette = Palette.of(brand, theme)

    for ground in (theme.page, theme.surface, palette.brand_tint):
        assert colours.contrast(palette.brand_text, ground) >= 4.5


@given(any_colour, any_theme)
def test_plain_text_can_be_read_on_the_tint(brand, theme):
    text = Colour.parse("#1c1d1f" if theme is LIGHT else "#ececea")

    assert colours.contrast(text, Palette.of(brand, theme).brand_tint) >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is():
    brand = Colour.parse("#0b6e75")

    assert Palette.of(brand, LIGHT).brand_text == brand


def test_white_and_black_have_the_greatest_contrast():
    assert colours.contrast(colours.WHITE, colours.BLACK) == 21


@pytest.mark.parametrize(
    ("text", "meant"), [("#0af", "#00aaff"), ("#6139F6", "#6139f6"), ("123456", "#123456")]
)
def test_colours_are_read_as_logto_writes_them(text, meant):
    assert str(Colour.parse(text)) == meant


@pytest.mark.parametrize("text", ["", "#12345", "red", "#1234567", "#12 456", "#fff;}"])
def test_anything_else_is_no_colour(text):
    with pytest.raises(ValueError, match="is not a colour"):
        Colour.parse(text)


def test_the_stylesheet_has_the_surfaces_that_contrast_is_kept_on():
    tokens = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()

    for name in ("page", "surface"):
        in_css = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", tokens)
        assert in_css.groups() == (str(getattr(LIGHT, name)), str(getattr(DARK, name)))
