"""Alice, Bob, Carol, Dave and Erin: one person for each kind of account.

Their passwords are for a tenant that lives on loopback and forgets everything when it stops.
"""

import hashlib
from typing import Any

from accountsite.demo import state

DAY = 24 * 60 * 60 * 1000  # milliseconds

BOBS_SECRET = "KVKFKRCPNZQUYMLXOVYDSQKJKZDTSRLD"  # noqa: S105 - of his authenticator app
BOBS_CODES = tuple(
    hashlib.sha256(f"bob:{number}".encode()).hexdigest()[:10] for number in range(10)
)

PEOPLE = [
    {
        "username": "alice",
        "password": "Teacup-Orbit-27",
        "email": "alice@example.com",
        "note": "Everything filled in, GitHub linked, runs an organization",
    },
    {
        "username": "bob",
        "password": "Lantern-Maple-31",
        "email": "bob@example.com",
        "note": f"Authenticator app (secret {BOBS_SECRET}) and backup codes, such as {BOBS_CODES[0]};"
        " signed in on a phone, where he let Photo Prints in",
    },
    {
        "username": "carol",
        "password": "Harness-Velvet-64",
        "email": "carol@example.com",
        "note": "Suspended: may not sign in",
    },
    {
        "username": "dave",
        "password": "Granite-Swallow-85",
        "email": "dave@example.com",
        "note": "Admin of the site, with an enterprise account",
    },
    {
        "username": "erin",
        "password": "",
        "email": "erin@example.com",
        "note": "No password: signs in with a code from the inbox; invited to an organization",
    },
]

ALICES_PROFILE = {
    "familyName": "Liddell",
    "givenName": "Alice",
    "middleName": "Pleasance",
    "nickname": "Al",
    "preferredUsername": "alice",
    "profile": "https://example.com/people/alice",
    "website": "https://alice.example.com",
    "gender": "female",
    "birthdate": "1992-05-04",
    "zoneinfo": "Europe/London",
    "locale": "en-GB",
    "address": {
        "formatted": "12 Quay Street\nHull HU1 1AA\nUnited Kingdom",
        "streetAddress": "12 Quay Street",
        "locality": "Hull",
        "region": "East Yorkshire",
        "postalCode": "HU1 1AA",
        "country": "United Kingdom",
    },
}
ALICES_DATA = {
    "company": "Liddell & Daughters",
    "boatLength": 7.5,
    "memberSince": "2024-03-17",
    "newsletter": True,
    "contactTime": "evening",
    "logbook": "https://alice.example.com/logbook",
    "memberNumber": "NS-2041",
    "theme": "system",
}
ALICES_GITHUB = {
    "userId": "1865",
    "details": {
        "id": "1865",
        "name": "Alice Liddell",
        "email": "alice@users.example.com",
        "rawData": {"userInfo": {"id": 1865, "login": "alice-liddell"}},
    },
}


def id_of(username: str) -> str:
    """The id of one of the five: always the same, twelve characters."""
    return state.fixed_id(f"user:{username}")


def add(tenant: state.Tenant) -> None:
    """Add the five, with what makes each of them special."""
    alice = _add(tenant, "alice", age=700, name="Alice Liddell", primaryPhone="12025550123")
    alice.record |= {
        "profile": ALICES_PROFILE,
        "customData": ALICES_DATA,
        "identities": {"github": ALICES_GITHUB},
        "lastSignInAt": state.now() - 2 * DAY,
    }
    alice.token_sets["github"] = _token_set(tenant, alice)
    alice.personal_access_tokens = _tokens(alice)

    bob = _add(tenant, "bob", age=650, name="Bob Duckworth")
    bob.record["profile"] = {"givenName": "Bob", "familyName": "Duckworth", "locale": "en-US"}
    bob.factors = _factors()

    carol = _add(tenant, "carol", age=600, name="Carol Canterbury")
    carol.record["isSuspended"] = True

    dave = _add(tenant, "dave", age=550, name="Dave Dodgson")
    dave.sso_identities = [_enterprise_identity(tenant, dave)]

    erin = _add(tenant, "erin", age=520, name="에린 김")
    erin.record["profile"] = {"givenName": "에린", "familyName": "김", "locale": "ko-KR"}
    erin.record["profile"]["zoneinfo"] = "Asia/Seoul"


def _add(tenant: state.Tenant, username: str, *, age: int, **fields: Any) -> state.User:
    person = next(person for person in PEOPLE if person["username"] == username)
    created_at = state.now() - age * DAY
    user = tenant.new_user(
        id=id_of(username),
        username=username,
        primaryEmail=person["email"],
        createdAt=created_at,
        updatedAt=created_at,
        **fields,
    )
    if person["password"]:
        user.password = state.hash_password(person["password"])
    return user


def _factors() -> list[state.Json]:
    added_at = state.now() - 90 * DAY
    return [
        {
            "id": state.fixed_id("bobtotp", 21),
            "createdAt": state.iso_time(added_at),
            "type": "Totp",
            "key": BOBS_SECRET,
        },
        {
            "id": state.fixed_id("bobbackupcodes", 21),
            "createdAt": state.iso_time(added_at + 60_000),
            "type": "BackupCode",
            "codes": [{"code": code} for code in BOBS_CODES],
        },
    ]


def _tokens(user: state.User) -> list[state.Json]:
    """One that lasts, one that ends soon, one that ended."""
    return [
        {
            "tenantId": state.TENANT_ID,
            "userId": user.id,
            "name": name,
            "value": f"pat_{hashlib.sha256(name.encode()).hexdigest()[:32]}",
            "createdAt": state.now() - 80 * DAY,
            "expiresAt": None if days is None else state.now() + days * DAY,
        }
        for name, days in (("Backup script", None), ("Laptop", 5), ("Old phone", -10))
    ]


def _token_set(tenant: state.Tenant, user: state.User) -> state.Json:
    connector = next(one for one in tenant.connectors.values() if one["target"] == "github")
    stored_at = state.now() - 20 * DAY
    return {
        "tenantId": state.TENANT_ID,
        "id": state.fixed_id("alicegithubtokens", 21),
        "userId": user.id,
        "type": "federated_token_set",
        "metadata": {
            "scope": "read:user user:email",
            "tokenType": "Bearer",
            "hasRefreshToken": False,
        },
        "createdAt": stored_at,
        "updatedAt": stored_at,
        "connectorId": connector["id"],
        "identityId": ALICES_GITHUB["userId"],
        "target": "github",
    }


def _enterprise_identity(tenant: state.Tenant, user: state.User) -> state.Json:
    connector = next(iter(tenant.sso_connectors.values()))
    return {
        "tenantId": state.TENANT_ID,
        "id": state.fixed_id("daveenterprise", 21),
        "userId": user.id,
        "issuer": connector["config"]["issuer"],
        "identityId": "staff-1832",
        "detail": {"name": "Dave Dodgson", "email": "dave@staff.example.com"},
        "createdAt": user.record["createdAt"],
        "updatedAt": user.record["createdAt"],
        "ssoConnectorId": connector["id"],
    }
