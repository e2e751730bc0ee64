"""/verifications: how a person proves something, step by step. Each makes a record."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest

from accountsite.demo import codes, providers, state
from accountsite.demo.account import passkeys, policies, records
from accountsite.demo.account.access import Person
from accountsite.demo.account.records import Record
from accountsite.demo.api import errors, guard, identities
from accountsite.demo.api.calls import Answer, Call, created

PASSWORD = guard.obj({"password": guard.text(minimum=1)})
IDENTIFIER = guard.obj({"type": guard.one_of("email", "phone"), "value": guard.text()})
CODE_TO_SEND = guard.obj(
    {
        "identifier": IDENTIFIER,
        "templateType": guard.optional(guard.one_of("BindMfa", records.PERMISSION)),
    }
)
CODE = guard.obj(
    {"identifier": IDENTIFIER, "verificationId": guard.text(), "code": guard.text()},
)
DESTINATION = guard.obj(
    {
        "connectorId": guard.text(),
        "state": guard.text(),
        "redirectUri": guard.text(),
        "scope": guard.optional(guard.text()),
    }
)
CALLBACK = guard.obj({"verificationRecordId": guard.text(), "connectorData": guard.free_object()})
ATTESTATION = guard.obj({"verificationRecordId": guard.text(), "payload": passkeys.ATTESTATION})

CODE_TYPES = {"email": records.EMAIL_CODE, "phone": records.PHONE_CODE}


def password(call: Call, person: Person) -> Answer:
    """Prove who one is by the password. Nobody is locked out, whatever the number of tries."""
    given = call.body(PASSWORD)["password"]
    person.must_be_at_home()
    if not person.user.knows(given):
        raise errors.Refused(422, "session.invalid_credentials", "This is not the password.")
    record = Record(type=records.PASSWORD, user_id=person.user.id, is_verified=True)
    return created(records.add(record).shown())


def send_code(call: Call, person: Person) -> Answer:
    """Send a code: to one's own address to prove who one is, to another one to prove that it is
    one's own.
    """
    asked = call.body(CODE_TO_SEND)
    person.must_be_at_home()
    kind, address = asked["identifier"]["type"], asked["identifier"]["value"]
    is_new = address != person.user.record["primaryEmail" if kind == "email" else "primaryPhone"]
    if is_new and kind == "email":
        policies.refuse_email(address)
    template = "BindNewIdentifier" if is_new else asked.get("templateType", records.PERMISSION)
    record = Record(
        type=CODE_TYPES[kind],
        user_id=None if is_new else person.user.id,
        data={"template": template, "address": address},
    )
    codes.send(address, template, record_id=record.id)
    return created(records.add(record).shown())


def verify_code(call: Call, person: Person) -> state.Json:
    """Take the code that was sent, once."""
    given = call.body(CODE)
    person.must_be_at_home()
    kind, address = given["identifier"]["type"], given["identifier"]["value"]
    record = records.find(given["verificationId"], CODE_TYPES[kind])
    if record.data["address"] != address:
        message = "The code was sent to another address."
        raise errors.Refused(400, f"verification_code.{kind}_mismatch", message)
    codes.verify(address, given["code"], record_id=record.id)
    record.is_verified = True
    return _done(record)


def social(call: Call, person: Person) -> Answer:
    """Where to go to prove that an account at a provider is one's own.

    The record is the session that some connectors need. Third parties may ask, too.
    """
    asked = call.body(DESTINATION)
    if not asked["state"] or not asked["redirectUri"]:
        message = "Send a state and a redirect URI."
        raise errors.Refused(400, "session.insufficient_info", message)
    connector = _social_connector(asked["connectorId"])
    record = records.add(Record(type=records.SOCIAL, user_id=None, data={"connector": connector}))
    address = providers.authorization_uri(
        connector["target"], state=asked["state"], redirect_uri=asked["redirectUri"]
    )
    return created(record.shown() | {"authorizationUri": address})


def verify_social(call: Call, person: Person) -> state.Json:
    """Let the connector read what the provider sent to the callback. The state is not checked."""
    given = call.body(CALLBACK)
    record = records.find(given["verificationRecordId"], records.SOCIAL)
    connector = record.data["connector"]
    record.data["account"] = identities.read_callback(connector, given["connectorData"])
    record.is_verified = True
    return _done(record)


def passkey(call: Call, person: Person) -> state.Json:
    """What the browser needs to make a passkey. It belongs to the host name of this very call."""
    person.must_be_at_home()
    options = passkeys.creation_options(person.user, _host(call.request))
    data = {"challenge": options["challenge"], "rp_id": options["rp"]["id"]}
    record = records.add(Record(type=records.PASSKEY, user_id=person.user.id, data=data))
    return record.shown() | {"registrationOptions": options}


def verify_passkey(call: Call, person: Person) -> state.Json:
    """Take the passkey that the browser made, at our own origin or a related one."""
    given = call.body(ATTESTATION)
    person.must_be_at_home()
    record = records.find(given["verificationRecordId"], records.PASSKEY)
    origins = [_origin(call.request), *state.tenant.account_center["webauthnRelatedOrigins"]]
    record.data["passkey"] = passkeys.registered(
        given["payload"],
        challenge=record.data["challenge"],
        rp_id=record.data["rp_id"],
        origins=origins,
    ) | {"agent": call.request.headers.get("User-Agent", "")}
    record.is_verified = True
    return _done(record)


def _done(record: Record) -> state.Json:
    return {"verificationRecordId": record.id}


def _social_connector(connector_id: str) -> Any:
    connector = state.tenant.connectors.get(connector_id)
    if connector is None:
        message = "There is no such connector."
        raise errors.Refused(422, "session.invalid_connector_id", message)
    if connector["type"] != "Social":
        message = "Nobody signs in with this kind of connector."
        raise errors.Refused(400, "connector.unexpected_type", message)
    return connector


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _host(request: HttpRequest) -> str:
    return urlsplit(_origin(request)).hostname or ""
