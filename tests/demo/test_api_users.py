"""/users of the demo tenant: what the site relies on, and what Logto gets wrong."""

import pytest

from tests.demo.management import Api

EMOJI_NAME = "🦆" * 128  # characters, but 256 UTF-16 units


def test_a_new_user_shows_what_was_sent_and_that_there_is_a_password(api: Api):
    path = api.new_user(name="Ada", password="Kestrel-94", profile={"givenName": "Ada"})

    user = api.get(path)

    assert (user["name"], user["profile"]) == ("Ada", {"givenName": "Ada"})
    assert user["hasPassword"]
    assert "password" not in user


def test_a_change_replaces_custom_data_but_its_own_call_merges(api: Api):
    path = api.new_user(customData={"theme": "dark", "plan": "pro"})

    merged = api.patch(f"{path}/custom-data", {"customData": {"theme": "light"}})
    replaced = api.patch(path, {"customData": {"theme": "light"}})

    assert merged == {"theme": "light", "plan": "pro"}
    assert replaced["customData"] == {"theme": "light"}


def test_an_unknown_claim_is_dropped_and_a_wrong_one_named(api: Api):
    path = api.new_user()

    assert api.patch(f"{path}/profile", {"profile": {"shoeSize": "44"}}) == {}
    refusal = api.patch(f"{path}/profile", {"profile": {"address": {"country": 44}}}, 400)

    [issue] = refusal["data"]["issues"]
    assert refusal["code"] == "guard.invalid_input"
    assert issue["path"] == ["profile", "address", "country"]


@pytest.mark.parametrize(
    ("field", "theirs", "code"),
    [
        ("username", "alice", "user.username_already_in_use"),
        ("primaryEmail", "ALICE@example.com", "user.email_already_in_use"),
        ("primaryPhone", "12025550123", "user.phone_already_in_use"),
    ],
)
def test_an_identifier_of_somebody_else_is_refused(api: Api, field: str, theirs: str, code: str):
    refusal = api.patch(api.new_user(), {field: theirs}, 422)

    assert refusal["code"] == code


def test_a_name_of_too_many_utf16_units_is_saved_and_breaks_every_answer(api: Api):
    path = api.new_user()

    assert "code" not in api.patch(path, {"name": EMOJI_NAME}, 500)
    api.get(path, 500)
    api.get("/users", 500)
    api.patch(path, {"avatar": None}, 500)
    api.patch(f"{path}/profile", {"profile": {"nickname": "still works"}})

    assert api.patch(path, {"name": "🦆" * 64})["name"] == "🦆" * 64
    api.get("/users")


def test_a_nul_in_a_text_is_a_server_error_without_a_code(api: Api):
    path = api.new_user(name="Ada")

    refusal = api.patch(path, {"name": "a\0b"}, 500)

    assert set(refusal) == {"message"}
    assert api.get(path)["name"] == "Ada"


def test_a_form_is_taken_like_json(api: Api):
    user = api.call("POST", "/users", status=200, data={"username": "from_a_form"})

    assert user["username"] == "from_a_form"


def test_an_imported_digest_verifies(api: Api):
    digest = {"passwordDigest": "5f4dcc3b5aa765d61d8327deb882cf99", "passwordAlgorithm": "MD5"}
    path = api.new_user(**digest)

    api.post(f"{path}/password/verify", {"password": "password"}, 204)
    api.post(f"{path}/password/verify", {"password": "other"}, 422)
    refusal = api.post("/users", {"password": "x"} | digest, 400)

    assert refusal["code"] == "user.password_and_digest"


def test_the_list_is_paged_newest_first(api: Api):
    newest = api.get("/users", page_size=100)
    last = api.get("/users", page=11, page_size=100)

    assert api.total == 1005
    assert [user["username"] for user in last] == ["erin", "dave", "carol", "bob", "alice"]
    times = [user["createdAt"] for user in newest]
    assert times == sorted(times, reverse=True)
    assert api.get("/users", page=12, page_size=100) == []
    assert 'page=11&page_size=100>; rel="prev"' in api.last.headers["Link"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "%ALICE@%"}, ["alice"]),
        ({"search": "alic_"}, ["alice"]),
        ({"search": "lic"}, []),
        ({"search.name": "에린%"}, ["erin"]),
        ({"search.username": "^(bob|dave)$", "mode.username": "posix"}, ["dave", "bob"]),
        ({"search.username": ["bob", "dave"], "mode.username": "exact"}, ["dave", "bob"]),
        ({"search.username": "bob", "search.primaryEmail": "dave%", "joint": "and"}, []),
        ({"search.username": "ALICE", "isCaseSensitive": "true"}, []),
        (
            {
                "search.username": "(bob|da%)",
                "mode.username": "similar_to",
                "isCaseSensitive": "true",
                "search.primaryEmail": "bob@example.com",
                "joint": "and",
            },
            ["bob"],
        ),
    ],
)
def test_searches(api: Api, query: dict, found: list[str]):
    assert [user["username"] for user in api.get("/users", **query)] == found


@pytest.mark.parametrize(
    "query",
    [
        {"search": ""},
        {"search.password": "x"},
        {"search": "x", "mode": "fuzzy"},
        {"search": "x", "joint": "xor"},
        {"search": "x", "searchFields[]": "name"},
        {"search.name": "x", "mode.name": "similar_to"},
    ],
)
def test_searches_that_are_refused(api: Api, query: dict):
    assert api.get("/users", 400, **query)["code"] == "request.invalid_input"


def test_a_broken_regular_expression_is_a_server_error(api: Api):
    api.get("/users", 500, **{"search.username": "([", "mode.username": "posix"})


def test_a_deleted_user_leaves_their_organization(api: Api):
    bob = api.person("bob")
    [organization] = api.get(f"/users/{bob['id']}/organizations")

    api.delete(f"/users/{bob['id']}")

    members = api.get(f"/organizations/{organization['id']}/users")
    assert {member["username"] for member in members} == {"alice", "dave"}


def test_a_wrong_method_names_the_right_ones_even_to_strangers(api: Api):
    answer = api.tenant.http.put(f"{api.tenant.endpoint}/api/users/x/identities", json={})

    assert (answer.status_code, answer.text) == (405, "Method Not Allowed")
    assert answer.headers["Allow"] == "POST"


def test_trusted_devices_are_not_there_in_this_release(api: Api):
    assert api.get(f"/users/{api.person('alice')['id']}/trusted-devices", 404) == "Not Found"
