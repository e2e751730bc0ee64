"""Points in time and phone numbers, as people read them."""

import zoneinfo
from datetime import UTC, datetime

import pytest
from django.template import engines
from django.utils import timezone, translation

MOMENT = datetime(2026, 11, 21, 6, 33, tzinfo=UTC)


def shown(template, **context):
    return engines["django"].from_string("{% load appearance %}" + template).render(context)


@pytest.mark.parametrize(
    ("language", "zone", "words"),
    [
        ("en", "UTC", "November 21, 2026, 6:33\u202fAM"),
        ("en", "Asia/Seoul", "November 21, 2026, 3:33\u202fPM"),
        ("ko", "Asia/Seoul", "2026년 11월 21일 오후 3:33"),
    ],
)
def test_a_moment_is_in_words_of_the_language_and_in_the_persons_zone(language, zone, words):
    with translation.override(language), timezone.override(zoneinfo.ZoneInfo(zone)):
        assert shown("{{ moment|moment }}", moment=MOMENT) == words


@pytest.mark.parametrize(
    ("language", "zone", "words"),
    [("en", "UTC", "6:33\u202fAM"), ("ko", "Asia/Seoul", "오후 3:33")],
)
def test_a_time_of_day_is_too(language, zone, words):
    with translation.override(language), timezone.override(zoneinfo.ZoneInfo(zone)):
        assert shown("{{ moment|clock }}", moment=MOMENT) == words


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("821012345678", "+82 10-1234-5678"),
        ("12025550123", "+1 202-555-0123"),
        ("447700900123", "+44 7700 900123"),
        ("1", "+1"),
    ],
)
def test_a_phone_number_is_in_groups_with_its_country(digits, words):
    assert shown("{{ digits|phone }}", digits=digits) == words
