"""The symbols that stand beside words."""

import re

from bs4 import BeautifulSoup
from django.conf import settings
from django.template import engines
from django.templatetags.static import static

from accountsite.sections import SECTIONS

SYMBOLS = {
    symbol["id"]
    for symbol in BeautifulSoup(
        (settings.BASE_DIR / "static" / "icons.svg").read_text(), "html.parser"
    ).find_all(id=True)
}
NAMED = re.compile(r'(?:{% icon |icon=)"([^"]*)"')


def shown(template: str, **context: str) -> str:
    return engines["django"].from_string("{% load appearance %}" + template).render(context)


def test_it_is_a_symbol_of_the_one_file_and_says_nothing_itself() -> None:
    drawn = BeautifulSoup(shown("{% icon name %}", name="home"), "html.parser")

    assert drawn.svg is not None
    assert drawn.svg["aria-hidden"] == "true"
    assert drawn.svg.use["href"] == f"{static('icons.svg')}#home"
    assert drawn.get_text() == ""


def test_a_name_is_no_html() -> None:
    assert "<script>" not in shown("{% icon name %}", name='"><script>')


def test_what_templates_name_is_there() -> None:
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    named = {name for path in templates for name in NAMED.findall(path.read_text())}

    assert {"next", "warning"} <= named <= SYMBOLS


def test_each_section_has_one_that_is_there() -> None:
    assert {section.icon for section in SECTIONS} <= SYMBOLS
