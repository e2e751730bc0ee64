"""/custom-profile-fields: what the tenant asks people for beside the usual claims."""

import re

from accountsite.demo import state
from accountsite.demo.api import errors, guard
from accountsite.demo.api.calls import Answer, Call, created

TYPES = (*("Text", "Number", "Date", "Checkbox", "Select", "Url", "Regex", "Address", "Fullname"),)
IDENTIFIERS = ("username", "email", "phone", "primaryEmail", "primaryPhone")
BATCH = 20  # fields at once

_fields = {
    "type": guard.one_of(*TYPES, code="invalid_union_discriminator"),
    "label": guard.optional(guard.text()),
    "description": guard.optional(guard.nullable(guard.text())),
    "required": guard.boolean(),
    "config": guard.optional(guard.free_object()),
}
NEW_FIELD = guard.obj({"name": guard.text(minimum=1), **_fields})
NEW_FIELDS = guard.array(NEW_FIELD, minimum=1, maximum=BATCH)
CHANGES = guard.obj(_fields)
ORDER = guard.obj(
    {"order": guard.array(guard.obj({"name": guard.text(), "sieOrder": guard.number()}), minimum=1)}
)


def listing(call: Call) -> list[state.Json]:
    """Every field, in order."""
    return in_order()


def in_order() -> list[state.Json]:
    """The fields as forms show them."""
    return sorted(state.tenant.profile_fields.values(), key=lambda field: field["sieOrder"])


def create(call: Call) -> Answer:
    """A new field, last in order."""
    asked = call.body(NEW_FIELD)
    _refuse(asked)
    return created(add(asked))


def create_several(call: Call) -> Answer:
    """New fields, all or none."""
    asked = call.body(NEW_FIELDS)
    for field in asked:
        _refuse(field)
    return created([add(field) for field in asked])


def add(asked: state.Json) -> state.Json:
    """Add a field to the tenant."""
    orders = [field["sieOrder"] for field in state.tenant.profile_fields.values()]
    field = {
        "tenantId": state.TENANT_ID,
        "id": state.new_id(21),
        "name": asked["name"],
        "type": asked["type"],
        "label": asked.get("label", ""),
        "description": asked.get("description"),
        "required": asked["required"],
        "config": asked.get("config", {}),
        "createdAt": state.now(),
        "sieOrder": max(orders, default=0) + 1,
    }
    state.tenant.profile_fields[field["name"]] = field
    return field


def get(call: Call, name: str) -> state.Json:
    """One field."""
    return find(name)


def replace(call: Call, name: str) -> state.Json:
    """Make a field what is sent; its name and order stay."""
    asked = call.body(CHANGES)
    field = find(name)
    defaults: state.Json = {"label": "", "description": None, "config": {}}
    field.update(defaults | asked)
    return field


def delete(call: Call, name: str) -> None:
    """Remove a field. What people filled in stays with them."""
    find(name)
    del state.tenant.profile_fields[name]
    shown = state.tenant.account_center["profileFields"]
    state.tenant.account_center["profileFields"] = [one for one in shown if one["name"] != name]


def reorder(call: Call) -> list[state.Json]:
    """Give fields another order."""
    order = call.body(ORDER)["order"]
    for place in order:
        find(place["name"])
    for place in order:
        state.tenant.profile_fields[place["name"]]["sieOrder"] = place["sieOrder"]
    return in_order()


def find(name: str) -> state.Json:
    """The field of this name.

    Raises errors.Refused, 404 `entity.not_found`.
    """
    try:
        return state.tenant.profile_fields[name]
    except KeyError:
        raise errors.not_found() from None


def _refuse(asked: state.Json) -> None:
    """Raises errors.Refused for a name that cannot be, and for options or parts that lack."""
    name = asked["name"]
    if not re.fullmatch("[A-Za-z0-9]+", name):
        raise _refused("invalid_name", "A name has letters and digits only.")
    if name in IDENTIFIERS:
        message = "This is the name of an identifier."
        raise _refused("name_conflict_sign_in_identifier", message)
    if name in state.tenant.profile_fields:
        code = "custom_profile_fields.name_exists_already"
        raise errors.Refused(422, code, "There is a field of this name.")
    config = asked.get("config", {})
    if asked["type"] == "Select" and not config.get("options"):
        raise _refused("invalid_options", "A choice needs options.")
    if asked["type"] == "Regex" and not config.get("format"):
        raise _refused("invalid_regex_format", "Say which expression.")
    if asked["type"] in ("Address", "Fullname") and not config.get("parts"):
        kind = "address" if asked["type"] == "Address" else "fullname"
        raise _refused(f"invalid_{kind}_components", "Say which parts.")


def _refused(code: str, message: str) -> errors.Refused:
    return errors.Refused(400, f"custom_profile_fields.{code}", message)
