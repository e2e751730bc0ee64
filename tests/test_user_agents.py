"""Browsers in words."""

import pytest
from django.utils import translation

from accountsite import user_agents

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
IPAD = "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 (Linux; Android 14; K) {CHROME} Mobile Safari/537.36", "Chrome on Android"),
        (
            f"{IPHONE} (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (f"{IPAD} (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPad"),
        (
            f"Mozilla/5.0 (Linux; Android 14; SM-S918B) {CHROME} Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {CHROME} Safari/537.36 Edg/140.0",
            "Edge on macOS",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox on Linux",
        ),
        ("curl/8.5.0", "curl"),
        ("", "Unknown device"),
        ("<script>", "Unknown device"),
    ],
)
def test_a_browser_is_named_as_its_owner_would(user_agent, words):
    with translation.override("en"):
        assert user_agents.describe(user_agent) == words


def test_only_the_rules_that_are_asked_for_take_memory():
    device_of = user_agents._parser().parse_device

    assert device_of("Mozilla/5.0 (Linux; Android 14; SM-S918B) Chrome/140.0").brand == "Generic"
    assert device_of(IPAD).family == "iPad"
