"""Verification codes of the demo memory."""

import pytest
import time_machine

from accountsite.demo import codes, state
from accountsite.demo.api import errors
from tests.demo.management import Api


@pytest.fixture
def memory() -> state.Tenant:
    """A tenant in this process, with a connector of each kind."""
    state.tenant.clear()
    state.tenant.connectors = {"m": {"type": "Email"}, "t": {"type": "Sms"}}
    return state.tenant


def refused(address: str, digits: str, purpose: str = "Generic") -> str:
    with pytest.raises(errors.Refused) as refusal:
        codes.verify(address, digits, purpose)
    return str(refusal.value.code).removeprefix("verification_code.")


def test_a_code_arrives_in_the_inbox_and_works_once(api: Api):
    api.post("/verification-codes", {"phone": "12025550123"}, 204)
    proof = {"phone": "12025550123", "verificationCode": api.tenant.newest_code("12025550123")}

    api.post("/verification-codes/verify", proof, 204)

    again = api.post("/verification-codes/verify", proof, 400)
    assert again["code"] == "verification_code.not_found"


def test_a_code_is_too_old_after_ten_minutes(memory: state.Tenant):
    with time_machine.travel("2026-11-21T10:00:00Z", tick=False) as clock:
        codes.send("ada@example.com")
        code = memory.newest_code("ada@example.com") or ""
        clock.shift(10 * 60 + 1)

        assert refused("ada@example.com", code) == "expired"


def test_a_code_has_ten_tries(memory: state.Tenant):
    codes.send("ada@example.com")
    code = memory.newest_code("ada@example.com") or ""

    tries = [refused("ada@example.com", "no") for _ in range(codes.MAX_TRIES)]

    assert set(tries) == {"code_mismatch"}
    assert refused("ada@example.com", code) == "exceed_max_try"


def test_a_code_belongs_to_its_purpose_and_its_spelling(memory: state.Tenant):
    codes.send("ada@example.com", "SignIn")
    code = memory.newest_code("ada@example.com") or ""

    assert refused("ada@example.com", code, "Generic") == "not_found"
    assert refused("Ada@example.com", code, "SignIn") == "not_found"
    codes.verify("ada@example.com", code, "SignIn")


def test_sends_are_limited_for_each_address_until_ten_minutes_are_over(memory: state.Tenant):
    with time_machine.travel("2026-11-21T10:00:00Z", tick=False) as clock:
        for _ in range(codes.MAX_SENDS):
            codes.send("ada@example.com")
        with pytest.raises(errors.Refused) as refusal:
            codes.send("ada@example.com")
        codes.send("bob@example.com")
        clock.shift(10 * 60 + 1)
        codes.send("ada@example.com")

    assert (refusal.value.status, refusal.value.code) == (429, "request.message_rate_limited")


def test_without_a_connector_nothing_can_be_sent(memory: state.Tenant):
    memory.connectors.clear()

    with pytest.raises(errors.Refused) as refusal:
        codes.send("12025550123")

    assert refusal.value.status == 501
