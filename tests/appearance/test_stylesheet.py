"""The one stylesheet: all parts, with the brand's colours, under an address that says which."""

import re

from django.conf import settings

from accountsite.appearance import stylesheet
from accountsite.appearance.colours import Colour

LIGHT, DARK = Colour.parse("#0b6e75"), Colour.parse("#5cc6c9")
CSS = settings.BASE_DIR / "static" / "css"


def test_it_holds_every_part(client):
    answer = client.get(stylesheet.address(LIGHT, DARK))

    assert answer["Content-Type"] == "text/css; charset=utf-8"
    for part in CSS.glob("*.css"):
        assert _first_selector(part.read_text()) in _in_one_line(answer.text), part.name


def test_it_declares_the_order_of_the_layers_before_anything_else(client):
    text = client.get(stylesheet.address(LIGHT, DARK)).text

    assert text.startswith("@layer reset, tokens, base, components, utilities;")


def test_it_has_the_brands_colours_for_both_themes(client):
    text = client.get(stylesheet.address(LIGHT, DARK)).text

    assert "--brand:light-dark(#0b6e75,#5cc6c9);" in text


def test_browsers_keep_it_for_good_whoever_is_signed_in(client):
    answer = client.get(stylesheet.address(LIGHT, DARK))

    assert "immutable" in answer["Cache-Control"]
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies


def test_another_version_is_answered_but_not_kept(client):
    address = stylesheet.address(LIGHT, DARK).replace(stylesheet.version(), "0" * 12)

    answer = client.get(address)

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=60"


def test_its_address_changes_with_the_colours():
    assert stylesheet.address(LIGHT, DARK) != stylesheet.address(DARK, LIGHT)


def test_no_other_address_is_a_stylesheet(client):
    for path in ("/appearance/", "/appearance/red-blue.0123456789ab.css", "/appearance/x.css"):
        assert "text/css" not in client.get(path)["Content-Type"]


def test_each_part_is_one_layer():
    for part in CSS.glob("*.css"):
        layers = re.findall(r"^@layer ([a-z]+) \{$", part.read_text(), flags=re.MULTILINE)
        assert len(layers) == 1, part.name


def test_no_part_forces_its_way():
    for part in CSS.glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", part.read_text(), flags=re.DOTALL)
        assert "!important" not in text, part.name
        assert not re.search(r"^\s*[^:;{}]*#[a-z][^:;]*\{", text, flags=re.MULTILINE), part.name


def test_only_the_tokens_name_colours():
    for part in CSS.glob("*.css"):
        if part.name != "tokens.css":
            assert not re.search(r"#[0-9a-f]{3,8}\b|rgb|hsl|oklch", part.read_text()), part.name


def _first_selector(css: str) -> str:
    inside = css.split("{\n", 1)[1]
    return _in_one_line(re.sub(r"/\*.*?\*/", "", inside, flags=re.DOTALL).split(" {", 1)[0]).strip()


def _in_one_line(css: str) -> str:
    return " ".join(css.split())
