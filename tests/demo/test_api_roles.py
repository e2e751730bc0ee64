"""Roles of the demo tenant."""

from tests.demo.management import Api


def role(api: Api, name: str) -> dict:
    return next(role for role in api.get("/roles") if role["name"] == name)


def test_dave_is_admin_of_the_site(api: Api):
    names = [role["name"] for role in api.get(f"/users/{api.person('dave')['id']}/roles")]

    assert "accountsite-admin" in names
    assert api.total == len(names)


def test_the_list_tells_who_has_a_role(api: Api):
    admin = role(api, "accountsite-admin")
    management = next(one for one in api.get("/roles", type="MachineToMachine"))

    assert admin["usersCount"] == 1
    assert [user["name"] for user in admin["featuredUsers"]] == ["Dave Dodgson"]
    assert management["applicationsCount"] == 1


def test_a_role_for_machines_is_not_for_people(api: Api):
    [management] = api.get("/roles", type="MachineToMachine")

    refusal = api.post(f"{api.new_user()}/roles", {"roleIds": [management["id"]]}, 422)

    assert refusal["code"] == "user.invalid_role_type"


def test_giving_taking_and_replacing(api: Api):
    path = f"{api.new_user()}/roles"
    support, member = role(api, "support")["id"], role(api, "member")["id"]

    given = api.post(path, {"roleIds": [support]}, 201)
    again = api.post(path, {"roleIds": [support, member]}, 201)
    api.put(path, {"roleIds": [member]})
    api.delete(f"{path}/{member}")

    assert given == {"roleIds": [support], "addedRoleIds": [support]}
    assert again["addedRoleIds"] == [member]
    assert api.get(path) == []
    assert api.delete(f"{path}/{member}", 404)["code"] == "entity.not_found"


def test_a_role_is_made_changed_and_taken_from_everyone_with_its_end(api: Api):
    user = api.new_user()
    made = api.post("/roles", {"name": "Pilot", "description": "Brings ships in"})
    path = f"/roles/{made['id']}"

    taken = api.post("/roles", {"name": "Pilot", "description": "x"}, 422)
    api.patch(path, {"description": "Brings ships in safely"})
    api.post(f"{path}/users", {"userIds": [user.removeprefix("/users/")]}, 201)
    members = api.get(f"{path}/users")
    api.delete(path)

    assert taken["code"] == "role.name_in_use"
    assert [f"/users/{member['id']}" for member in members] == [user]
    assert api.get(f"{user}/roles") == []
    assert api.get(path, 404)["code"] == "entity.not_exists_with_id"


def test_the_management_role_gives_its_one_scope(api: Api):
    [management] = api.get("/roles", type="MachineToMachine")

    [scope] = api.get(f"/roles/{management['id']}/scopes")

    assert scope["name"] == "all"
    assert scope["resource"]["indicator"] == "https://default.logto.app/api"
