"""Settings of the demo tenant: what the site shapes itself by."""

from tests.demo.management import Api

TYPES = {"Text", "Number", "Date", "Checkbox", "Select", "Url", "Regex", "Address", "Fullname"}


def test_there_is_a_profile_field_of_every_type_in_the_order_of_the_account_center(api: Api):
    fields = api.get("/custom-profile-fields")

    names = [field["name"] for field in fields]
    assert {field["type"] for field in fields} == TYPES
    assert [one["name"] for one in api.get("/account-center")["profileFields"]] == names
    assert any(field["required"] for field in fields)


def test_alice_has_filled_in_every_field(api: Api):
    alice = api.person("alice")
    fields = {field["name"] for field in api.get("/custom-profile-fields")} - {"fullname"}

    assert fields <= set(alice["profile"]) | set(alice["customData"])


def test_fields_are_reordered_replaced_and_removed(api: Api):
    order = {"order": [{"name": "nickname", "sieOrder": 0}]}
    first = api.post("/custom-profile-fields/properties/sie-order", order)[0]
    changed = {"type": "Text", "label": "Called", "required": True}
    replaced = api.put("/custom-profile-fields/nickname", changed)
    api.delete("/custom-profile-fields/nickname")

    assert first["name"] == "nickname"
    assert (replaced["label"], replaced["config"], replaced["sieOrder"]) == ("Called", {}, 0)
    assert {"name": "nickname"} not in api.get("/account-center")["profileFields"]


def test_a_batch_of_fields_is_made_whole_or_not_at_all(api: Api):
    fine = {"name": "shoes", "type": "Number", "required": False}
    choice = {"name": "hat", "type": "Select", "required": False}

    refusal = api.post("/custom-profile-fields/batch", [fine, choice], 400)

    assert refusal["code"] == "custom_profile_fields.invalid_options"
    api.get("/custom-profile-fields/shoes", 404)
    api.post("/custom-profile-fields/batch", [fine], 201)


def test_an_admin_can_freeze_and_hide_what_people_change(api: Api):
    changed = api.patch("/account-center", {"fields": {"name": "ReadOnly", "avatar": "Off"}})
    wrong = api.patch("/account-center", {"fields": {"name": "Sometimes"}}, 400)

    assert changed["fields"] == {"name": "ReadOnly", "avatar": "Off"}
    assert wrong["data"]["issues"][0]["path"] == ["fields", "name"]


def test_the_public_settings_leave_out_what_is_not_for_everybody(api: Api):
    answer = api.tenant.http.get(f"{api.tenant.endpoint}/api/.well-known/sign-in-exp")
    public = answer.json()

    private = api.get("/sign-in-exp")
    assert private["emailBlocklistPolicy"]
    assert set(private) - set(public) == {"emailBlocklistPolicy", "forgotPasswordMethods"}
    assert all("config" not in connector for connector in public["socialConnectors"])


def test_the_logo_is_served_by_the_tenant_itself_and_runs_nothing(api: Api):
    logo = api.tenant.http.get(api.get("/sign-in-exp")["branding"]["logoUrl"])

    assert logo.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in logo.headers["Content-Security-Policy"]
    assert logo.text.startswith("<svg")


def test_areas_of_the_sign_in_experience_are_replaced_whole(api: Api):
    changed = api.patch("/sign-in-exp", {"mfa": {"policy": "Mandatory", "factors": ["Totp"]}})

    assert changed["mfa"] == {"policy": "Mandatory", "factors": ["Totp"]}
    assert api.get("/sign-in-exp")["color"]["primaryColor"]


def test_templates_and_phrases_are_kept(api: Api):
    details = {"subject": "Hello", "content": "{{code}}"}
    template = {"languageTag": "en", "templateType": "Generic", "details": details}

    [made] = api.put("/email-templates", {"templates": [template]})
    [replaced] = api.put("/email-templates", {"templates": [template]})
    path = f"/email-templates/{replaced['id']}"
    changed = api.patch(f"{path}/details", {"subject": "Hi"})

    api.get(f"/email-templates/{made['id']}", 404)
    assert changed["details"] == {"subject": "Hi", "content": "{{code}}"}
    assert api.delete("/email-templates", 422)["code"] == "request.invalid_input"
    assert api.delete("/email-templates", 200, languageTag="en") == {"rowCount": 1}
    phrases = api.put("/custom-phrases/ko", {"action": {"sign_in": "들어가기"}}, 201)
    assert api.get("/custom-phrases/ko") == phrases
    assert api.get("/.well-known/phrases", lng="ko") == {"action": {"sign_in": "들어가기"}}
