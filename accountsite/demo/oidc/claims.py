"""What tokens and userinfo tell about a person, by scope, as Logto tells it."""

from authlib.oauth2.rfc6749 import scope_to_list

from accountsite.demo import state
from accountsite.demo.state import Json, User

# Claims of the scope profile, and where the user's `profile` keeps them.
PROFILE_CLAIMS = {
    "family_name": "familyName",
    "given_name": "givenName",
    "middle_name": "middleName",
    "nickname": "nickname",
    "profile": "profile",
    "website": "website",
    "gender": "gender",
    "birthdate": "birthdate",
    "zoneinfo": "zoneinfo",
    "locale": "locale",
}
# Without further settings a tenant keeps these out of ID tokens; userinfo tells them.
USERINFO_ONLY = {"organization_data", "custom_data", "identities", "sso_identities"}


def of(user: User, scope: str, *, for_userinfo: bool = False) -> Json:
    """The claims that these scopes give, `sub` first. Times are in milliseconds (measured)."""
    claims: Json = {"sub": user.id}
    for name in scope_to_list(scope) or ():
        if name in _BY_SCOPE:
            claims |= _BY_SCOPE[name](user)
    if for_userinfo:
        return claims
    return {claim: value for claim, value in claims.items() if claim not in USERINFO_ONLY}


def _profile(user: User) -> Json:
    record, profile = user.record, user.record["profile"]
    claims = {
        "name": record["name"],
        "picture": record["avatar"],
        "username": record["username"],
        "created_at": record["createdAt"],
        "updated_at": record["updatedAt"],
        "preferred_username": profile.get("preferredUsername", record["username"]),
    }
    return claims | {claim: profile[key] for claim, key in PROFILE_CLAIMS.items() if key in profile}


def _email(user: User) -> Json:
    address = user.record["primaryEmail"]
    return {"email": address, "email_verified": address is not None}


def _phone(user: User) -> Json:
    number = user.record["primaryPhone"]
    return {"phone_number": number, "phone_number_verified": number is not None}


def _address(user: User) -> Json:
    # Logto hands out its own key names here, not those of OpenID Connect.
    address = user.record["profile"].get("address")
    return {"address": address} if address else {}


def _identities(user: User) -> Json:
    shown = ("issuer", "identityId", "detail")
    return {
        "identities": user.record["identities"],
        "sso_identities": [
            {key: identity[key] for key in shown if key in identity}
            for identity in user.sso_identities
        ],
    }


def _organizations(user: User) -> Json:
    found = [organization for organization, _roles in state.tenant.organizations_of(user.id)]
    return {
        "organizations": [organization["id"] for organization in found],
        "organization_data": [
            {key: organization[key] for key in ("id", "name", "description")}
            for organization in found
        ],
    }


def _organization_roles(user: User) -> Json:
    return {
        "organization_roles": [
            f"{organization['id']}:{role['name']}"
            for organization, roles in state.tenant.organizations_of(user.id)
            for role in roles
        ]
    }


_BY_SCOPE = {
    "profile": _profile,
    "email": _email,
    "phone": _phone,
    "address": _address,
    "custom_data": lambda user: {"custom_data": user.record["customData"]},
    "identities": _identities,
    "roles": lambda user: {"roles": [role["name"] for role in state.tenant.roles_of(user)]},
    "urn:logto:scope:organizations": _organizations,
    "urn:logto:scope:organization_roles": _organization_roles,
}
