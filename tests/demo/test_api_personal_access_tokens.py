"""Personal access tokens of the demo tenant."""

import time
from urllib.parse import quote

from tests.demo.management import Api


def test_every_list_shows_the_values(api: Api):
    path = f"{api.new_user()}/personal-access-tokens"

    token = api.post(path, {"name": "laptop", "expiresAt": None}, 201)

    assert token["value"].startswith("pat_")
    assert api.get(path) == [token]


def test_alice_has_one_that_lasts_one_that_ends_soon_and_one_that_ended(api: Api):
    tokens = api.get(f"/users/{api.person('alice')['id']}/personal-access-tokens")

    lasting, ending, ended = (token["expiresAt"] for token in tokens)
    assert lasting is None
    assert ended < time.time() * 1000 < ending


def test_a_name_is_unique_and_renaming_keeps_the_value(api: Api):
    path = f"{api.new_user()}/personal-access-tokens"
    token = api.post(path, {"name": "laptop"}, 201)
    api.post(path, {"name": "desktop"}, 201)

    refusal = api.patch(path, {"currentName": "laptop", "name": "desktop"}, 422)
    renamed = api.patch(path, {"currentName": "laptop", "name": "phone"})

    assert refusal["code"] == "user.personal_access_token_name_exists"
    assert renamed == token | {"name": "phone"}
    assert api.patch(path, {"name": "tablet"}, 404)["code"] == "entity.not_exists"


def test_a_name_with_a_slash_is_deleted_by_its_encoded_path(api: Api):
    path = f"{api.new_user()}/personal-access-tokens"
    api.post(path, {"name": "ci job/1 é"}, 201)

    api.delete(f"{path}/{quote('ci job/1 é', safe='')}")

    assert api.get(path) == []
    assert api.post(f"{path}/delete", {"name": "ci job/1 é"}, 404)["code"] == "entity.not_found"


def test_an_expiry_in_the_past_is_refused_but_zero_is_taken(api: Api):
    path = f"{api.new_user()}/personal-access-tokens"

    refusal = api.post(path, {"name": "old", "expiresAt": 1}, 400)

    assert refusal["code"] == "request.invalid_input"
    assert api.post(path, {"name": "odd", "expiresAt": 0}, 201)["expiresAt"] == 0


def test_a_token_for_nobody_is_a_dangling_key(api: Api):
    path = "/users/nosuchthing0/personal-access-tokens"

    assert api.get(path, 404)["code"] == "entity.not_found"
    refusal = api.post(path, {"name": "laptop"}, 404)
    assert refusal["code"] == "entity.relation_foreign_key_not_found"
