"""Security: the password, and each second step, with what can be done about it."""

import pytest

from tests.conftest import HTMX
from tests.logto import answers
from tests.security.conftest import html, says, says_of

pytestmark = pytest.mark.django_db

PATH = "/security/"
ADDED = "Added on November 21, 2026"


def row(response, name):
    return html(response).find(id=f"row-{name}")


def links(tag):
    return [link["href"] for link in tag.find_all("a")]


def test_it_stands_in_the_navigation(alice, logto):
    current = html(alice.get(PATH)).find(class_="navigation").find("a", {"aria-current": "page"})

    assert current["href"] == PATH


def test_it_tells_whether_a_password_is_set(alice, logto):
    assert "Set" in says_of(row(alice.get(PATH), "password"))

    logto.person["hasPassword"] = False

    password = row(alice.get(PATH), "password")
    assert "You sign in without one" in says_of(password)
    assert says_of(password.a).startswith("Add")


def test_it_tells_how_long_a_password_lives_and_nothing_that_it_cant_know(alice, logto):
    logto.experience["passwordExpiration"] = {"enabled": True, "validPeriodDays": 90}

    text = says_of(row(alice.get(PATH), "password"))

    assert "It expires 90 days after it was set." in text


@pytest.mark.parametrize("access", ["ReadOnly", "Off"])
def test_a_password_that_the_tenant_fixes_cant_be_changed(alice, logto, access):
    logto.lets(password=access)

    shown = row(alice.get(PATH), "password")

    assert (shown is None) is (access == "Off")
    assert shown is None or links(shown) == []
    assert alice.get("/security/password/").status_code == 404


def test_what_could_be_set_up_is_offered(alice, logto):
    page = alice.get(PATH)

    assert links(row(page, "authenticator")) == ["/security/authenticator/"]
    assert "as soon as you have an authenticator app" in says_of(row(page, "backup-codes"))
    assert links(row(page, "backup-codes")) == []
    assert row(page, "two-step") is None


def test_what_is_set_up_tells_when_it_was_added(alice, logto):
    logto.has("Totp", "BackupCode")

    page = alice.get(PATH)

    assert ADDED in says_of(row(page, "authenticator"))
    assert links(row(page, "authenticator")) == [
        "/security/authenticator/",
        "/security/authenticator/removal/",
    ]
    assert "10 left" in says_of(row(page, "backup-codes"))
    assert "You are asked for a second step" in says_of(row(page, "two-step"))


def test_passkeys_tell_their_name_or_where_they_were_made_and_when_they_were_used(alice, logto):
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36"
    logto.factors = [
        answers.factor(id="one", type="WebAuthn", name="My key", lastUsedAt=answers.NOW_ISO),
        answers.factor(id="two", type="WebAuthn", agent=windows),
    ]

    page = alice.get(PATH)

    assert "My key" in says_of(row(page, "passkey-one"))
    assert "Last used on November 21, 2026" in says_of(row(page, "passkey-one"))
    assert "Chrome on Windows" in says_of(row(page, "passkey-two"))


def test_codes_by_mail_and_text_message_need_only_an_address(alice, logto):
    logto.wants("NoPrompt", "EmailVerificationCode", "PhoneVerificationCode")

    page = alice.get(PATH)

    assert "alice@example.com" in says_of(row(page, "email-code"))
    assert links(row(page, "email-code")) == []
    assert links(row(page, "phone-code")) == ["/sign-in-methods/phone/"]


@pytest.mark.parametrize(("left", "warns"), [(4, False), (3, True), (0, True)])
def test_few_backup_codes_are_warned_of(alice, logto, left, warns):
    logto.has("Totp").has("BackupCode", left=left)

    assert ("Few are left" in says_of(row(alice.get(PATH), "backup-codes"))) is warns


def test_backup_codes_that_stand_alone_are_warned_of(alice, logto):
    logto.has("BackupCode")

    codes = row(alice.get(PATH), "backup-codes")

    assert "Nothing else is set up" in says_of(codes)
    assert links(codes) == ["/security/backup-codes/removal/"]


def test_without_backup_codes_a_lost_device_is_warned_of(alice, logto):
    logto.has("Totp")

    assert "locked out" in says_of(row(alice.get(PATH), "backup-codes"))


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("Mandatory", "asks everybody for a second step"),
        ("PromptAtSignInAndSignUpMandatory", "asks everybody for a second step"),
        ("UserControlled", "It is up to you"),
        ("NoPrompt", "It is up to you"),
    ],
)
def test_it_tells_what_the_tenant_wants(alice, logto, policy, sentence):
    logto.wants(policy)

    assert sentence in says(alice.get(PATH))


def test_where_the_tenant_asks_everybody_there_is_no_switch(alice, logto):
    logto.has("Totp").wants("Mandatory")

    assert row(alice.get(PATH), "two-step") is None
    assert alice.get("/security/two-step/").status_code == 404


def test_a_person_who_goes_without_is_told_what_that_means(alice, logto):
    logto.has("Totp").settings["skipMfaOnSignIn"] = True

    assert "Your password alone opens your account" in says_of(row(alice.get(PATH), "two-step"))


def test_a_factor_that_the_tenant_gave_up_can_only_be_removed(alice, logto):
    logto.has("Totp").wants("NoPrompt", "BackupCode")

    shown = row(alice.get(PATH), "authenticator")

    assert "does not ask for it any more" in says_of(shown)
    assert links(shown) == ["/security/authenticator/removal/"]
    assert alice.get("/security/authenticator/").status_code == 404


def test_what_the_tenant_fixes_is_shown_without_anything_to_do(alice, logto):
    logto.has("Totp", "BackupCode").lets(mfa="ReadOnly")

    page = alice.get(PATH)

    assert [links(row(page, name)) for name in ("authenticator", "backup-codes")] == [[], []]
    for path in ("authenticator", "authenticator/removal", "backup-codes", "two-step"):
        assert alice.get(f"/security/{path}/").status_code == 404


def test_what_the_tenant_hides_is_not_there(alice, logto):
    logto.has("Totp").lets(mfa="Off")

    assert html(alice.get(PATH)).find(id="two-step") is None


def test_it_takes_one_round_trip(alice, logto):
    alice.get(PATH)
    logto.slows()

    alice.get(PATH)

    assert logto.round_trips == 1


def test_while_logto_is_down_the_page_says_so(alice, logto):
    logto.fails("GET mfa-verifications", 503, 503)

    assert "can’t be reached" in says(alice.get(PATH))


def test_htmx_gets_the_part_that_changes(alice, logto):
    part = alice.get(PATH, headers=HTMX).text

    assert 'id="row-password"' in part
    assert "<html" not in part


def test_nothing_changes_without_a_fresh_proof(client, sign_in, logto):
    sign_in(client)
    logto.has("Totp", "BackupCode")

    for path in (
        "password",
        "elsewhere",
        "two-step",
        "authenticator",
        "authenticator/removal",
        "backup-codes",
        "backup-codes/removal",
    ):
        for answer in (client.get(f"/security/{path}/"), client.post(f"/security/{path}/")):
            assert answer["Location"] == "/confirm/", path
    assert logto.writes == []


def test_password_managers_find_the_page_for_a_new_password(client):
    answer = client.get("/.well-known/change-password")

    assert (answer.status_code, answer["Location"]) == (302, "/security/password/")
