"""What counts as a second step: for this tenant, and for this person."""

import pytest

from accountsite.factors.protection import Protection
from accountsite.logto import mfa, users
from accountsite.logto.account_center import AccountCenter
from accountsite.logto.mfa import Bound
from accountsite.logto.sign_in_experience import Factor, SignInExperience
from accountsite.logto.tenant import Tenant
from tests.logto import answers

TOTP, PASSKEY, CODES = "Totp", "WebAuthn", "BackupCode"
MAIL, TEXT = "EmailVerificationCode", "PhoneVerificationCode"
EVERYTHING = (TOTP, PASSKEY, CODES, MAIL, TEXT)


def protection(*bound, offers=EVERYTHING, policy="NoPrompt", chosen=None, email=None):
    experience = answers.sign_in_experience(mfa={"factors": list(offers), "policy": policy})
    settings = {"mfa": {"skipped": False, "skipMfaOnSignIn": False, **(chosen or {})}}
    return Protection(
        user=users.User.from_json(answers.user(primaryEmail=email, primaryPhone=None)),
        tenant=Tenant(
            sign_in_experience=SignInExperience.from_json(experience),
            account_center=AccountCenter.from_json(answers.account_center()),
            profile_fields=(),
        ),
        bound=tuple(Bound.from_json(answers.factor(id=each, type=each)) for each in bound),
        settings=mfa.Settings.from_json(settings | {"passkeySignIn": {"skipped": False}}),
    )


@pytest.mark.parametrize(
    ("bound", "offers", "asked"),
    [
        ([], EVERYTHING, ()),
        ([TOTP], EVERYTHING, (Factor.TOTP,)),
        ([TOTP, PASSKEY], EVERYTHING, (Factor.TOTP, Factor.WEBAUTHN)),
        ([TOTP, PASSKEY], [PASSKEY], (Factor.WEBAUTHN,)),
        ([CODES], EVERYTHING, ()),  # they only stand in for something
    ],
)
def test_what_is_set_up_can_be_asked_for_where_the_tenant_has_it(bound, offers, asked):
    assert protection(*bound, offers=offers).asked() == asked


def test_codes_by_mail_can_be_asked_for_where_there_is_an_address():
    assert protection(email="a@example.com").asked() == (Factor.EMAIL_CODE,)
    assert protection(email="a@example.com", offers=[TOTP]).asked() == ()


@pytest.mark.parametrize(
    ("facts", "is_on"),
    [
        ({}, False),
        ({"bound": [TOTP]}, True),
        ({"bound": [TOTP], "offers": [PASSKEY]}, False),
        ({"bound": [CODES]}, False),
        ({"bound": [TOTP], "chosen": {"skipMfaOnSignIn": True}}, False),
        ({"bound": [TOTP], "chosen": {"enabled": False}}, False),
        ({"bound": [TOTP], "chosen": {"enabled": False}, "policy": "Mandatory"}, True),
        ({"bound": [TOTP], "chosen": {"skipMfaOnSignIn": True}, "policy": "Mandatory"}, True),
        ({"policy": "Mandatory"}, False),
        ({"email": "a@example.com"}, False),
        ({"email": "a@example.com", "chosen": {"enabled": True}}, True),
        ({"email": "a@example.com", "policy": "Mandatory"}, True),
    ],
)
def test_whether_a_second_step_is_asked_for(facts, is_on):
    facts = dict(facts)

    assert protection(*facts.pop("bound", []), **facts).is_on is is_on


def test_without_one_of_two_the_other_is_left():
    known = protection(TOTP, PASSKEY)

    assert known.asked(without=TOTP) == (Factor.WEBAUTHN,)
    assert [bound.id for bound in known.made(without=TOTP)] == [PASSKEY]


def test_backup_codes_are_counted():
    assert protection().codes_left == 0
    codes = Bound.from_json(answers.factor(id="c", type=CODES, remainCodes=7))
    known = protection()
    assert (
        Protection(
            user=known.user, tenant=known.tenant, bound=(codes,), settings=known.settings
        ).codes_left
        == 7
    )
