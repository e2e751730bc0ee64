"""Second factors of the demo tenant."""

import base64
import io

from PIL import Image

from tests.demo.management import Api


def factors(api: Api, path: str) -> list[dict]:
    return api.get(f"{path}/mfa-verifications")


def test_bob_has_an_app_and_ten_codes_whose_secrets_stay_hidden(api: Api):
    totp, codes = factors(api, f"/users/{api.person('bob')['id']}")

    assert (totp["type"], codes["type"], codes["remainCodes"]) == ("Totp", "BackupCode", 10)
    assert not {"key", "secret", "codes"} & (set(totp) | set(codes))


def test_a_totp_is_bound_at_once_and_comes_with_a_picture(api: Api):
    path = api.new_user()

    made = api.post(f"{path}/mfa-verifications", {"type": "Totp"})

    picture = base64.b64decode(made["secretQrCode"].removeprefix("data:image/png;base64,"))
    image = Image.open(io.BytesIO(picture)).convert("1")
    # The eye of a QR code, behind its quiet zone of four modules with four pixels each.
    eye = [bool(image.getpixel((16 + 4 * module + 2, 30))) for module in range(-1, 8)]
    assert eye == [True, False, True, False, False, False, True, False, True]
    assert [factor["type"] for factor in factors(api, path)] == ["Totp"]


def test_an_empty_secret_is_bound_as_logto_binds_it(api: Api):
    made = api.post(f"{api.new_user()}/mfa-verifications", {"type": "Totp", "secret": ""})

    assert made["secret"] == ""


def test_backup_codes_outlive_the_app_and_are_not_made_twice(api: Api):
    path = f"/users/{api.person('bob')['id']}"
    totp = factors(api, path)[0]

    again = api.post(f"{path}/mfa-verifications", {"type": "BackupCode"}, 422)
    api.delete(f"{path}/mfa-verifications/{totp['id']}")
    alone = api.post(f"{path}/mfa-verifications", {"type": "BackupCode"}, 422)

    assert again["code"] == "user.backup_code_already_in_use"
    assert alone["code"] == "session.mfa.backup_code_can_not_be_alone"
    assert [factor["type"] for factor in factors(api, path)] == ["BackupCode"]


def test_what_a_person_decided_is_kept(api: Api):
    path = f"{api.new_user()}/logto-configs"

    before = api.get(path)
    after = api.patch(path, {"mfa": {"skipped": True, "enabled": False}})

    assert before == {
        "mfa": {"skipped": False, "skipMfaOnSignIn": False},
        "passkeySignIn": {"skipped": False},
    }
    assert after["mfa"] == {"skipped": True, "skipMfaOnSignIn": False, "enabled": False}
    assert api.get(path) == after
