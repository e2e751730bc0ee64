"""docs/links.md, which integrators write their links by."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver, resolve

from accountsite.links import returns

DOCUMENT = Path(settings.BASE_DIR, "docs", "links.md").read_text()
PLACEHOLDER = re.compile(r"<([^>]+)>")


def addresses(title: str) -> list[str]:
    """The addresses of one table, with something in the place of what is to be filled in."""
    [part] = [each for each in DOCUMENT.split("\n## ") if each.startswith(f"{title}\n")]
    found = re.findall(r"^\| `(/[^`]*)` \|", part, flags=re.MULTILINE)
    return [PLACEHOLDER.sub(_filled, address) for address in found]


def _filled(placeholder: re.Match[str]) -> str:
    words = placeholder[1].split()
    return "7" if words[0] == "number" else words[0].strip(",")


def names(resolver=None, above: tuple[str, ...] = ()) -> Iterator[str]:
    """Every address of the site by its name, but those of the admin."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join((*above, str(pattern.name)))
        elif pattern.app_name != "admin":
            yield from names(pattern, (*above, pattern.namespace) if pattern.namespace else above)


SECTIONS, TASKS, OTHERS = map(addresses, ("Sections", "Tasks", "What is not for links"))


def test_every_address_of_the_site_is_in_it():
    documented = {resolve(address).view_name for address in (*SECTIONS, *TASKS, *OTHERS)}

    assert set(names()) - documented == set()


@pytest.mark.parametrize("address", [*SECTIONS, *TASKS, *OTHERS])
def test_every_address_in_it_is_one(address):
    assert resolve(address)


def test_it_names_each_address_once():
    every = [*SECTIONS, *TASKS, *OTHERS]

    assert len(every) == len(set(every)) > 80


@pytest.mark.parametrize("address", SECTIONS)
def test_a_section_is_not_left_by_itself(address):
    assert returns.is_section(address)


@pytest.mark.parametrize("address", TASKS)
def test_a_task_is(address):
    assert not returns.is_section(address)


@pytest.mark.parametrize("address", [*SECTIONS, *TASKS])
def test_who_is_signed_out_comes_there_by_signing_in(client, db, address):
    """And brings along what the link says."""
    answer = client.get(address, {"return_to": "https://app.example.com/"})

    if address == "/.well-known/change-password":
        assert answer.headers["Location"].startswith("/security/password/?return_to=")
    else:
        assert answer.headers["Location"].startswith("/sign-in/?next=")
        assert "return_to" in answer.headers["Location"]


def test_the_parameters_are_those_that_the_site_reads():
    table = DOCUMENT.split("\n## ")[0]

    assert re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE) == [
        returns.PARAMETER,
        "ui_locales",
        "theme",
    ]


def test_the_operator_finds_it():
    assert "(links.md)" in Path(settings.BASE_DIR, "docs", "settings.md").read_text()
