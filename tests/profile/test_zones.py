"""The time zones that people can choose from."""

import zoneinfo

import pytest
from django.utils import translation

from accountsite.profile import zones


def names() -> list[str]:
    return [name for _region, choices in zones.choices() for name, _label in choices]


def test_every_choice_is_a_zone_and_stands_once() -> None:
    assert len(names()) == len(set(names())) > 400
    assert set(names()) <= zoneinfo.available_timezones()


def test_a_zone_is_known_by_its_city_and_offset() -> None:
    assert zones.label("Asia/Seoul") == "Seoul (UTC+09:00)"
    assert zones.label("Asia/Kolkata") == "Kolkata (UTC+05:30)"


def test_offsets_follow_the_season(clock: object) -> None:
    clock.move_to("2026-07-01T12:00:00Z")
    assert zones.label("America/New_York") == "New York (UTC−04:00)"

    clock.move_to("2026-12-01T12:00:00Z")
    assert zones.label("America/New_York") == "New York (UTC−05:00)"
    assert "New York (UTC−05:00)" in dict(dict(zones.choices())["America"]).values()


def test_cities_have_their_names_in_the_language_of_the_page() -> None:
    with translation.override("ko"):
        assert zones.label("Asia/Seoul") == "서울 (UTC+09:00)"


@pytest.mark.parametrize("name", zones.FORMER_NAMES)
def test_renamed_places_are_translated_too(name: str) -> None:
    with translation.override("ko"):
        assert not zones.label(name)[0].isascii()


def test_a_stored_alias_can_stay() -> None:
    others = dict(zones.choices(also="US/Pacific"))["Other"]

    assert ("US/Pacific", zones.label("US/Pacific")) in others


@pytest.mark.parametrize("nonsense", ["", "nope", "../../etc/passwd", "Asia/\0"])
def test_nonsense_is_its_own_label(nonsense: str) -> None:
    assert zones.label(nonsense) == nonsense
