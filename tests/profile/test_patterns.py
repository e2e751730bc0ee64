"""Regular expressions that a tenant's admin wrote, in JavaScript's dialect."""

import time

import pytest

from accountsite.profile import patterns


@pytest.mark.parametrize(
    ("pattern", "value", "accepted"),
    [
        ("^[A-Z]{2}-[0-9]{4}$", "NS-2041", True),
        ("^[A-Z]{2}-[0-9]{4}$", "ns-2041", False),
        ("[0-9]", "berth 7", True),  # found anywhere, as JavaScript's test() does
        (r"^\d+$", "٣", False),  # JavaScript's \d knows only 0 to 9
        (r"^(?<first>.)\k<first>$", "aa", True),
        (r"^(?<first>.)\k<first>$", "ab", False),
        (r"^(?<=a)b|ab$", "ab", True),
        (r"^(?<!x)y$", "y", True),
        ("^a[^]b$", "a\nb", True),
    ],
)
def test_it_decides_as_javascript_does(pattern: str, value: str, *, accepted: bool) -> None:
    assert patterns.accepts(pattern, value) is accepted


@pytest.mark.parametrize("pattern", ["(((", "^[\\p{L}$", "a{2,1}", "(?<>a)"])
def test_one_that_cannot_be_read_keeps_nobody_from_saving(
    pattern: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert patterns.accepts(pattern, "anything")
    assert "can't be read" in caplog.text


def test_one_that_takes_for_ever_is_stopped() -> None:
    began = time.monotonic()

    with pytest.raises(patterns.TooSlow):
        patterns.accepts("^(a+)+$", "a" * 40 + "!")

    assert time.monotonic() - began < patterns.SECONDS + 2
