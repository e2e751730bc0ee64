"""The numbers: each kind is limited in every way that it can be."""

import pytest

from accountsite.limits import rules
from accountsite.limits.rules import Kind, Per


# Mails that this site sends by itself are no client's attempts.
@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.NEW_DEVICE}))
def test_every_kind_is_limited_per_person_and_per_client(kind):
    assert {Per.ACCOUNT, Per.ADDRESS} <= {rule.per for rule in rules.RULES if rule.kind == kind}


@pytest.mark.parametrize("kind", [Kind.CODE, Kind.SEND])
def test_what_concerns_an_address_is_limited_per_address_too(kind):
    assert Per.TARGET in {rule.per for rule in rules.RULES if rule.kind == kind}


def test_a_six_digit_code_is_not_guessed():
    """An address gets few codes an hour, and each lives ten minutes: the chance stays small."""
    per_day = min(
        rule.most
        for rule in rules.RULES
        if (rule.kind, rule.per, rule.seconds) == (Kind.CODE, Per.TARGET, rules.DAY)
    )

    assert per_day / 10**6 < 1 / 10_000
