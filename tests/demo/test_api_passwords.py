"""Passwords of the demo tenant: its policy judges as Logto's does."""

import pytest

from accountsite.demo import password_policy
from tests.demo.management import Api

CHECK = "/sign-in-exp/default/check-password"
POLICY = password_policy.Policy.from_json(
    {"characterTypes": {"min": 2}, "rejects": {"words": ["Logto"]}}
)
ADA = ("ada_lovelace", "ada", "15555550100")


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("Kestrel-94-Maple", []),
        ("mylogto-pass1", []),  # measured: enough is left beside the word
        ("Str0ng-Passw0rd!42", []),
        ("aB1", ["too_short"]),
        ("", ["too_short"]),
        ("kestrelmapleheron", ["character_types"]),
        ("x", ["too_short", "character_types"]),
        ("aB1-" * 65, ["too_long"]),
        ("Пароль-длинный-1", ["unsupported_characters"]),
        ("aaaaaaaa1", ["restricted.repetition"]),
        ("abcdefgh1", ["restricted.sequence"]),
        ("abcdefghijk", ["character_types", "restricted.sequence"]),
        ("87654321-x", ["restricted.sequence"]),
        ("ada_lovelace1", ["restricted.user_info"]),
        ("15555550100!a", ["restricted.user_info"]),
        ("logtologto1!", ["restricted.words"]),
        ("logto-11111", ["restricted.words", "restricted.repetition"]),
    ],
)
def test_the_policy_names_every_issue(password: str, codes: list[str]):
    issues = POLICY.issues(password, ADA)

    assert [issue["code"].removeprefix("password_rejected.") for issue in issues] == codes


def test_an_issue_tells_the_number_it_takes():
    [issue] = POLICY.issues("aB1", ADA)

    assert issue["interpolation"] == {"min": 8}


def test_a_person_s_words_are_those_of_their_name_and_identifiers():
    record = {
        "name": "Ada K. Lovelace",
        "username": "countess",
        "primaryEmail": "ada.l@example.com",
        "primaryPhone": None,
    }

    words = password_policy.words_of(record)

    assert set(words) == {"ada", "lovelace", "ada k. lovelace", "countess", "ada.l"}


def test_check_password_answers_400_with_the_issues(api: Api):
    alice = api.person("alice")["id"]

    answer = api.post(CHECK, {"password": "Liddell1!", "userId": alice}, 400)

    assert answer["result"] is False
    assert {"code": "password_rejected.restricted.user_info"} in answer["issues"]
    assert api.post(CHECK, {"password": "Kestrel-94-Maple", "userId": alice}) == {"result": True}


def test_check_password_needs_a_user_as_long_as_the_policy_looks_at_one(api: Api):
    refusal = api.post(CHECK, {"password": "Kestrel-94-Maple"}, 400)
    api.patch("/sign-in-exp", {"passwordPolicy": {"rejects": {"userInfo": False}}})

    assert refusal["code"] == "request.invalid_input"
    assert api.post(CHECK, {"password": "Kestrel-94-Maple"}) == {"result": True}


def test_a_new_password_passes_without_policy_and_the_old_one_stops(api: Api):
    path = api.new_user(password="Kestrel-94-Maple")

    api.patch(f"{path}/password", {"password": "a"})

    api.post(f"{path}/password/verify", {"password": "a"}, 204)
    refusal = api.post(f"{path}/password/verify", {"password": "Kestrel-94-Maple"}, 422)
    assert refusal["code"] == "session.invalid_credentials"


def test_passwords_expire_only_where_the_tenant_says_so(api: Api):
    path = f"{api.new_user(password='Kestrel-94')}/password/expiration"

    refusal = api.patch(path, {"isExpired": True}, 400)
    api.patch("/sign-in-exp", {"passwordExpiration": {"enabled": True}})

    assert refusal["code"] == "sign_in_experiences.password_expiration_not_enabled"
    assert api.patch(path, {"isExpired": True})["hasPassword"]
