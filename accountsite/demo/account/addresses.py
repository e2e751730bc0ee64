"""/my-account/primary-email and /primary-phone: addresses that a person can sign in with."""

from dataclasses import dataclass

from accountsite.demo import state
from accountsite.demo.account import access, policies, records
from accountsite.demo.account.access import Person
from accountsite.demo.api import guard, users
from accountsite.demo.api.calls import Call

RECORD_ID = "newIdentifierVerificationRecordId"
NEW_EMAIL = guard.obj({"email": users.EMAIL, RECORD_ID: guard.text()})
NEW_PHONE = guard.obj({"phone": users.PHONE, RECORD_ID: guard.text()})


@dataclass(frozen=True, slots=True)
class Kind:
    """What the account center, the body and the scope call an address; where it is kept."""

    name: str
    key: str
    record_type: str


EMAIL = Kind("email", "primaryEmail", records.EMAIL_CODE)
PHONE = Kind("phone", "primaryPhone", records.PHONE_CODE)


def set_email(call: Call, person: Person) -> None:
    """Take an email address that a record proves."""
    _set(call, person, EMAIL, call.body(NEW_EMAIL))


def set_phone(call: Call, person: Person) -> None:
    """Take a phone number that a record proves."""
    _set(call, person, PHONE, call.body(NEW_PHONE))


def delete_email(call: Call, person: Person) -> None:
    """Go without an email address, if another way to sign in stays."""
    _delete(call, person, EMAIL)


def delete_phone(call: Call, person: Person) -> None:
    """Go without a phone number, if another way to sign in stays."""
    _delete(call, person, PHONE)


def _set(call: Call, person: Person, kind: Kind, sent: state.Json) -> None:
    _must_change(person, kind)
    address = sent[kind.name]
    if kind is EMAIL:
        policies.refuse_email(address)
    if records.find_verified(sent[RECORD_ID], kind.record_type).data["address"] != address:
        raise records.not_found()
    users.refuse_taken({kind.key: address}, but=person.user)
    users.refuse_long({kind.key: address})
    person.user.record[kind.key] = address
    access.changed(call, person.user)


def _delete(call: Call, person: Person, kind: Kind) -> None:
    _must_change(person, kind)
    policies.refuse_last_identifier(person.user, **{kind.key: None})
    person.user.record[kind.key] = None
    access.changed(call, person.user)


def _must_change(person: Person, kind: Kind) -> None:
    person.must_prove()
    person.must_edit(kind.name)
    person.must_hold(kind.name, status=400)
    person.must_be_at_home()
