"""Logto's audit log, of which only a little is read."""

from typing import Any

import pytest

from accountsite.logto import logs
from tests.logto import answers


def entry(**payload: Any) -> logs.Entry:
    known = {"key": "Interaction.SignIn.Submit", "result": "Success"}
    return logs.Entry.from_json(answers.log(payload=known | payload))


@pytest.mark.parametrize(
    ("code", "is_step"),
    [
        ("session.mfa.require_mfa_verification", True),
        ("user.missing_profile", True),
        ("session.verification_failed", False),
        ("user.suspended", False),
        (None, False),
    ],
)
def test_a_step_that_is_still_wanted_is_told_from_a_failure(
    code: str | None, *, is_step: bool
) -> None:
    assert entry(result="Error", error={"code": code}).is_step is is_step


def test_what_was_done_is_no_step() -> None:
    assert not entry(error={"code": "session.mfa.require_mfa_verification"}).is_step


def test_the_kinds_of_proof_are_told_in_order_but_not_those_that_were_only_begun() -> None:
    records = [
        {"type": "Password", "verified": True},
        {"type": "Totp", "verified": True},
        {"type": "EmailVerificationCode", "verified": False},
        {"type": "Social"},
    ]

    found = entry(interaction={"verificationRecords": records})

    assert found.verified_by == ("Password", "Totp", "Social")


def test_what_was_exchanged_is_told_and_no_other_parameter() -> None:
    params = {"subject_token_type": logs.PERSONAL_ACCESS_TOKEN, "subject_token": answers.PLANTED}

    found = entry(params=params)

    assert found.exchanged == logs.PERSONAL_ACCESS_TOKEN
    assert answers.PLANTED not in repr(found)


@pytest.mark.parametrize(
    "odd", [None, 7, "text", [], [7], {"verificationRecords": [7, {}, {"type": 1}]}]
)
def test_a_payload_that_is_not_as_we_know_it_is_read_as_far_as_it_goes(odd: Any) -> None:
    found = entry(interaction=odd, params=odd, ip=odd, userAgent=odd, error=odd, userId="u1")

    assert found.account_id == "u1"
    assert (found.verified_by, found.exchanged, found.error_code) == ((), None, None)
