"""The tenant's settings: what it asks people for, and by which ways they may come.

It belongs to a harbour that rents berths, so that labels and choices have something to mean.
"""

import base64
from dataclasses import dataclass

from accountsite.demo import brand, state

BADGE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">
<rect width="24" height="24" rx="6" fill="{colour}"/>
<text x="12" y="17" text-anchor="middle" font-family="Arial, sans-serif" font-size="14"
font-weight="700" fill="#fff">{letter}</text></svg>"""

AREAS = (
    *("name", "avatar", "profile", "email", "phone", "password", "username", "social"),
    *("customData", "mfa", "passkey", "session"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """A profile field.

    One named as a claim of OpenID Connect is kept in a person's profile, any other in custom data.
    """

    name: str
    type: str
    label: str
    config: state.Json
    description: str | None = None
    required: bool = False


FIELDS = (
    Field(
        "fullname",
        "Fullname",
        "Full name",
        {
            "parts": [
                {"name": "givenName", "label": "Given name", "required": True},
                {"name": "middleName", "label": "Middle name", "required": False},
                {"name": "familyName", "label": "Family name", "required": True},
            ]
        },
        description="As it is on your boat licence",
        required=True,
    ),
    Field(
        "nickname",
        "Text",
        "Nickname",
        {"placeholder": "Skipper", "minLength": 2, "maxLength": 40},
        description="What the harbour office calls you",
    ),
    Field(
        "birthdate",
        "Date",
        "Date of birth",
        {"format": "yyyy-MM-dd", "placeholder": "1990-12-31"},
    ),
    Field(
        "gender",
        "Select",
        "Gender",
        {
            "options": [
                {"value": "female", "label": "Female"},
                {"value": "male", "label": "Male"},
                {"value": "other", "label": "Something else"},
            ]
        },
    ),
    Field(
        "website",
        "Url",
        "Website",
        {"placeholder": "https://example.com"},
    ),
    Field(
        "address",
        "Address",
        "Address",
        {
            "parts": [
                {"name": "streetAddress", "label": "Street", "required": True},
                {"name": "locality", "label": "Town", "required": True},
                {"name": "region", "label": "Region", "required": False},
                {"name": "postalCode", "label": "Postcode", "required": False},
                {"name": "country", "label": "Country", "required": True},
            ]
        },
        description="Where the yearly bill goes",
    ),
    Field(
        "company",
        "Text",
        "Company",
        {"placeholder": "Company name", "minLength": 2, "maxLength": 80},
        description="If a company pays for the berth",
    ),
    Field(
        "boatLength",
        "Number",
        "Length of your boat",
        {"placeholder": "7.5", "minValue": 2, "maxValue": 40},
        description="In metres",
        required=True,
    ),
    Field(
        "memberSince",
        "Date",
        "Member since",
        {"format": "custom", "customFormat": "dd.MM.yyyy", "placeholder": "17.03.2024"},
    ),
    Field(
        "newsletter",
        "Checkbox",
        "Send me the tide table by mail",
        {"defaultValue": "false"},
    ),
    Field(
        "contactTime",
        "Select",
        "Best time to call",
        {
            "placeholder": "Choose a time",
            "options": [
                {"value": "morning", "label": "In the morning"},
                {"value": "afternoon", "label": "In the afternoon"},
                {"value": "evening", "label": "In the evening"},
            ],
        },
        description="We ring before a storm",
        required=True,
    ),
    Field(
        "logbook",
        "Url",
        "Logbook",
        {"placeholder": "https://example.com/logbook"},
        description="A page where your trips can be followed",
    ),
    Field(
        "memberNumber",
        "Regex",
        "Member number",
        {"format": "^[A-Z]{2}-[0-9]{4}$", "placeholder": "NS-2041"},
        description="Two letters, a hyphen, four digits",
    ),
)


@dataclass(frozen=True, slots=True)
class Connector:
    """A way to a provider, or to a mail or text service; letter and colour make its badge."""

    factory: str
    target: str
    type: str
    name: str
    letter: str
    colour: str


CONNECTORS = (
    Connector("github-universal", "github", "Social", "GitHub", "G", "#24292f"),
    Connector("google-universal", "google", "Social", "Google", "G", "#4285f4"),
    Connector("apple-universal", "apple", "Social", "Apple", "A", "#111111"),
    Connector("x-universal", "x", "Social", "X", "X", "#0f1419"),
    Connector("mock-social-connector", "mock-social", "Social", "Mock Social", "M", "#7c3aed"),
    Connector("demo-email-service", "demo-email", "Email", "Inbox page, mail", "@", "#0b6e75"),
    Connector("demo-sms-service", "demo-sms", "Sms", "Inbox page, texts", "#", "#0b6e75"),
)


def add_settings(tenant: state.Tenant, *, site: str) -> None:
    """Settings, profile fields and connectors; `site` may register passkeys for the tenant."""
    for connector in CONNECTORS:
        _add_connector(tenant, connector)
    for order, field in enumerate(FIELDS, start=1):
        _add_field(tenant, order, field)
    _add_enterprise_connector(tenant)
    social_targets = [one.target for one in CONNECTORS if one.type == "Social"]
    tenant.sign_in_experience = brand.sign_in_experience(tenant, social_targets)
    tenant.account_center = {
        "tenantId": state.TENANT_ID,
        "id": "default",
        "enabled": True,
        "fields": dict.fromkeys(AREAS, "Edit"),
        "webauthnRelatedOrigins": [site],
        "deleteAccountUrl": None,
        "customCss": None,
        "profileFields": [{"name": field.name} for field in FIELDS],
    }
    tenant.phrases["ko"] = {
        "tenantId": state.TENANT_ID,
        "id": state.fixed_id("phrases:ko", 21),
        "languageTag": "ko",
        "translation": {"action": {"sign_in": "로그인"}},
    }


def _add_field(tenant: state.Tenant, order: int, field: Field) -> None:
    parts = [{"enabled": True, "type": "Text", **part} for part in field.config.get("parts", ())]
    tenant.profile_fields[field.name] = {
        "tenantId": state.TENANT_ID,
        "id": state.fixed_id(f"field:{field.name}", 21),
        "name": field.name,
        "type": field.type,
        "label": field.label,
        "description": field.description,
        "required": field.required,
        "config": {"parts": parts} if parts else field.config,
        "createdAt": state.now(),
        "sieOrder": order,
    }


def _add_connector(tenant: state.Tenant, connector: Connector) -> None:
    connector_id = state.fixed_id(f"connector:{connector.target}")
    badge = BADGE.format(letter=connector.letter, colour=connector.colour).encode()
    is_social = connector.type == "Social"
    credentials = {"clientId": f"demo-{connector.target}", "clientSecret": "demo"}
    tenant.connectors[connector_id] = {
        "id": connector_id,
        "syncProfile": False,
        "enableTokenStorage": connector.target == "github",
        "config": credentials if is_social else {},
        "metadata": {},
        "connectorId": connector.factory,
        "target": connector.target,
        "name": {"en": connector.name},
        "description": {"en": f"{connector.name}, as this demo tenant plays it"},
        "logo": f"data:image/svg+xml;base64,{base64.b64encode(badge).decode()}",
        "logoDark": None,
        "readme": "",
        "configTemplate": "{}",
        "platform": "Universal" if is_social else None,
        **({"isTokenStorageSupported": True} if is_social else {}),
        "type": connector.type,
        "isDemo": False,
        "extraInfo": {},
    }


def _add_enterprise_connector(tenant: state.Tenant) -> None:
    connector_id = state.fixed_id("connector:staff")
    tenant.sso_connectors[connector_id] = {
        "tenantId": state.TENANT_ID,
        "id": connector_id,
        "providerName": "OIDC",
        "connectorName": "harbour-staff",
        "config": {"issuer": "https://staff.example.com", "clientId": "demo"},
        "domains": ["staff.example.com"],
        "branding": {"displayName": "Harbour staff"},
        "syncProfile": False,
        "enableTokenStorage": False,
        "createdAt": state.now(),
        "name": "OIDC",
        "providerType": "oidc",
        "providerLogo": "",
        "providerLogoDark": "",
    }
