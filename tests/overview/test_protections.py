"""What the first page says of the password and of second steps."""

import pytest

from tests.conftest import ALICE, API
from tests.logto import answers

OPEN = {"password": "Edit", "mfa": "Edit"}
TOTP = answers.factor(id="totp1", type="Totp")


def codes(left):
    return answers.factor(id="codes1", type="BackupCode", remainCodes=left)


@pytest.fixture
def account(wire):
    """Lets Logto tell of alice's factors and of the tenant."""

    def account(
        *factors, offered=("Totp", "BackupCode"), settings=None, center=OPEN, status=200, **user
    ):
        wire.get(f"{API}/users/{ALICE}", json=answers.user(id=ALICE, **user))
        mfa = {"factors": list(offered), "policy": "NoPrompt"}
        wire.get(f"{API}/sign-in-exp", json=answers.sign_in_experience(mfa=mfa))
        wire.get(f"{API}/account-center", json=answers.account_center(fields=center))
        wire.get(f"{API}/custom-profile-fields", json=[])
        wire.get(f"{API}/users/{ALICE}/mfa-verifications", json=list(factors), status=status)
        chosen = {"skipped": False, "skipMfaOnSignIn": False} | (settings or {})
        configs = {"mfa": chosen, "passkeySignIn": {"skipped": False}}
        wire.get(f"{API}/users/{ALICE}/logto-configs", json=configs)

    return account


def standing(page):
    (link,) = page.find_all("a", class_="standing__title", href="/security/")
    return link.find_parent(class_="standing")


def suggestion(page):
    step = page.find(class_="step")
    return step and (step.h2.text, step.a["href"])


@pytest.mark.parametrize(
    ("factors", "settings", "has_password", "text"),
    [
        ([], {}, True, "Your password alone opens your account."),
        ([TOTP], {}, True, "Your password, and a second step."),
        ([TOTP], {"skipMfaOnSignIn": True}, True, "Your password alone opens your account."),
        ([TOTP], {}, False, "No password, but a second step."),
        ([], {}, False, "No password."),
    ],
)
def test_it_says_what_is_asked_for(alice, browse, account, factors, settings, has_password, text):
    account(*factors, settings=settings, hasPassword=has_password)

    assert text in " ".join(standing(browse(alice, "/")).get_text().split())


@pytest.mark.parametrize(
    ("factors", "has_password", "step"),
    [
        ([], True, ("Add a second step", "/security/authenticator/")),
        ([TOTP], True, ("Make backup codes", "/security/backup-codes/")),
        ([TOTP, codes(3)], True, ("Make backup codes", "/security/backup-codes/")),
        ([TOTP, codes(4)], True, None),
        ([TOTP, codes(4)], False, ("Set a password", "/security/password/")),
    ],
)
def test_it_suggests_what_is_missed_most(alice, browse, account, factors, has_password, step):
    account(*factors, hasPassword=has_password)

    assert suggestion(browse(alice, "/")) == step


@pytest.mark.parametrize(
    "tenant",
    [
        {"center": {"password": "ReadOnly", "mfa": "ReadOnly"}},
        {"offered": ["WebAuthn"], "center": {"password": "Off", "mfa": "Edit"}},
    ],
)
def test_it_suggests_nothing_that_the_tenant_does_not_allow(alice, browse, account, tenant):
    account(hasPassword=False, **tenant)

    assert suggestion(browse(alice, "/")) is None


def test_while_it_cant_be_read_the_page_works(alice, browse, account):
    account(status=503)

    page = browse(alice, "/")

    assert "can’t be read at the moment" in standing(page).get_text()
