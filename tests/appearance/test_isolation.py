"""A name in a sentence does not turn the rest of it around."""

from accountsite.appearance.isolation import isolated


def test_a_name_keeps_its_direction_to_itself():
    assert f"You left {isolated('שלום')}." == "You left \u2068שלום\u2069."
