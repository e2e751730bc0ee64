"""The site's own calls of the Account API, answered by the tenant over a real socket."""

from typing import Any

import pyotp
import pytest

from accountsite.logto import account_api, errors
from accountsite.logto.sign_in_experience import Factor
from tests.demo.account.authenticator import Passkey
from tests.demo.account.owner import CALLBACK, Owner, pick

pytestmark = pytest.mark.demo

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def at_the_tenant(tenant: Any, settings: Any) -> None:
    settings.LOGTO_ENDPOINT = tenant.endpoint


@pytest.fixture
def token(alice: Owner) -> str:
    return alice.token


@pytest.fixture
def proof(token: str) -> str:
    """A fresh proof by password."""
    return account_api.verify_password(token, "Teacup-Orbit-27").id


def test_the_token_tells_whose_it_is(alice: Owner, token: str):
    me = account_api.me(token)

    assert me.id == alice.tenant.user("alice")["id"]
    assert me.needs_proof
    assert [identity.target for identity in me.identities] == ["github"]


def test_refusals_have_their_names(alice: Owner, token: str):
    with pytest.raises(errors.PersonTokenRefused):
        account_api.me("made-up")
    with pytest.raises(errors.WrongPassword):
        account_api.verify_password(token, "wrong")
    with pytest.raises(errors.ProofNeeded):
        account_api.own_sessions(token, proof=None)

    alice.tenant.management("PATCH", "/account-center", json={"enabled": False})

    with pytest.raises(errors.AccountCenterOff):
        account_api.me(token)


def test_a_code_to_ones_own_address_is_a_proof(alice: Owner, token: str):
    email = "alice@example.com"
    sent = account_api.send_code(token, email=email)
    code = alice.tenant.newest_code(email)
    assert code is not None
    with pytest.raises(errors.CodeMismatch):
        account_api.verify_code(token, verification_id=sent.id, code="no", email=email)

    account_api.verify_code(token, verification_id=sent.id, code=code, email=email)

    [session] = account_api.own_sessions(token, proof=sent.id)
    assert session.is_current


def test_a_passkey_is_added_renamed_and_removed(token: str, proof: str):
    start = account_api.start_passkey(token)
    made = Passkey().create(dict(start.options)) | {"type": "public-key"}
    account_api.finish_passkey(
        token, verification_id=start.verification.id, credential=made, user_agent="Browser/1.0"
    )
    record = {"verification_id": start.verification.id, "proof": proof}
    account_api.add_passkey(token, name="Laptop", **record)

    [bound] = account_api.factors(token)
    assert (bound.factor, bound.name) == (Factor.WEBAUTHN, "Laptop")
    assert bound.agent == "Browser/1.0"

    account_api.rename_passkey(token, factor_id=bound.id, name="Desk", proof=proof)
    assert account_api.factors(token)[0].name == "Desk"
    account_api.delete_factor(token, factor_id=bound.id, proof=proof)
    assert account_api.factors(token) == ()


def test_a_passkey_of_another_origin_is_invalid(token: str):
    start = account_api.start_passkey(token)
    made = Passkey(origin="http://evil.example").create(dict(start.options))

    with pytest.raises(errors.PasskeyRefused):
        account_api.finish_passkey(
            token, verification_id=start.verification.id, credential=made, user_agent=""
        )


def test_an_app_is_bound_replaced_and_has_codes_beside_it(alice: Owner, token: str, proof: str):
    code = pyotp.TOTP(SECRET).now()
    with pytest.raises(errors.TotpCodeWrong):
        account_api.add_totp(token, secret=SECRET, code="none", proof=proof)
    account_api.add_totp(token, secret=SECRET, code=code, proof=proof)
    with pytest.raises(errors.TotpAlreadyBound):
        account_api.add_totp(token, secret=SECRET, code=code, proof=proof)
    account_api.replace_totp(token, secret=SECRET, code=code, proof=proof)
    path = f"/users/{alice.tenant.user('alice')['id']}/mfa-verifications"
    alice.tenant.management("POST", path, json={"type": "BackupCode"})

    assert len(account_api.backup_codes(token, proof=proof)) == 10


def test_one_may_choose_to_go_without(token: str, proof: str):
    account_api.set_skips_mfa_at_sign_in(token, skips=True, proof=proof)

    assert account_api.skips_mfa_at_sign_in(token, proof=proof)


def test_an_account_at_x_is_linked_and_unlinked(alice: Owner, token: str, proof: str):
    [connector] = alice.tenant.management("GET", "/connectors?target=x").json()
    where = {"connector_id": connector["id"], "redirect_uri": CALLBACK}
    start = account_api.start_social(token, state="st", **where)
    record = start.verification.id
    account_api.finish_social(token, verification_id=record, data=pick(start.url, "2012"))
    account_api.link_identity(token, verification_id=record, proof=proof)
    with pytest.raises(errors.IdentityInUse):
        account_api.link_identity(token, verification_id=record, proof=proof)

    account_api.unlink_identity(token, target="x", proof=proof)

    with pytest.raises(errors.IdentityNotFound):
        account_api.unlink_identity(token, target="x", proof=proof)


def test_who_says_no_at_the_provider_is_told_so(alice: Owner, token: str):
    [connector] = alice.tenant.management("GET", "/connectors?target=apple").json()
    where = {"connector_id": connector["id"], "redirect_uri": CALLBACK}
    start = account_api.start_social(token, state="st", **where)

    with pytest.raises(errors.ProviderFailed):
        account_api.finish_social(
            token, verification_id=start.verification.id, data=pick(start.url, "")
        )


def test_a_picture_is_uploaded(token: str):
    png = b"\x89PNG\r\n\x1a\n rest"

    url = account_api.upload_avatar(token, png, name="a.png", content_type="image/png")

    assert url.endswith(".png")
