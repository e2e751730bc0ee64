"""/sign-in-exp and /account-center, with their public twins: what people see and may change."""

from accountsite.demo import connectors, state
from accountsite.demo.api import errors, guard, profile_fields
from accountsite.demo.api.calls import Call

SEEN = guard.one_of("Off", "ReadOnly", "Edit")
AREAS = (
    *("name", "avatar", "profile", "email", "phone", "password", "username", "social"),
    *("customData", "mfa", "passkey", "session"),
)
ACCOUNT_CENTER = guard.obj(
    {
        "enabled": guard.optional(guard.boolean()),
        "fields": guard.optional(guard.obj(dict.fromkeys(AREAS, guard.optional(SEEN)))),
        "webauthnRelatedOrigins": guard.optional(guard.array(guard.url())),
        "deleteAccountUrl": guard.optional(
            guard.nullable(guard.either(guard.url(), guard.literal("")))
        ),
        "customCss": guard.optional(guard.nullable(guard.text())),
        "profileFields": guard.optional(guard.array(guard.obj({"name": guard.text()}))),
    }
)

# What the Console can change; each is replaced whole.
_objects = (
    *("color", "branding", "languageInfo", "signIn", "signUp", "socialSignIn", "customContent"),
    *("passwordPolicy", "usernamePolicy", "mfa", "adaptiveMfa", "captchaPolicy", "sentinelPolicy"),
    *("emailBlocklistPolicy", "verificationCodePolicy", "passkeySignIn", "passwordExpiration"),
)
_texts = (
    *("termsOfUseUrl", "privacyPolicyUrl", "supportEmail", "supportWebsiteUrl"),
    *("unknownSessionRedirectUrl", "customCss"),
)
SIGN_IN_EXPERIENCE = guard.obj(
    dict.fromkeys(_objects, guard.optional(guard.free_object()))
    | dict.fromkeys(_texts, guard.optional(guard.nullable(guard.text())))
    | {
        "socialSignInConnectorTargets": guard.optional(guard.array(guard.text())),
        "signInMode": guard.optional(guard.one_of("SignIn", "Register", "SignInAndRegister")),
        "agreeToTermsPolicy": guard.optional(
            guard.one_of("Automatic", "ManualRegistrationOnly", "Manual")
        ),
        "singleSignOnEnabled": guard.optional(guard.boolean()),
        "hideLogtoBranding": guard.optional(guard.boolean()),
    }
)


def sign_in_experience(call: Call) -> state.Json:
    """The whole sign-in experience."""
    return state.tenant.sign_in_experience


def update_sign_in_experience(call: Call) -> state.Json:
    """Change the areas that are sent, each whole."""
    changes = call.body(SIGN_IN_EXPERIENCE)
    if not changes:
        raise errors.nothing_to_change()
    state.tenant.sign_in_experience |= changes
    return state.tenant.sign_in_experience


def public_sign_in_experience(call: Call) -> state.Json:
    """What anybody may know: without the email blocklist and the connectors' configuration."""
    experience = state.tenant.sign_in_experience
    hidden = ("emailBlocklistPolicy", "forgotPasswordMethods")
    fields = profile_fields.in_order()
    kinds = {connector["type"] for connector in state.tenant.connectors.values()}
    return {key: value for key, value in experience.items() if key not in hidden} | {
        "socialConnectors": [connectors.public(one) for one in connectors.social()],
        "ssoConnectors": [_public_enterprise(one) for one in state.tenant.sso_connectors.values()],
        "forgotPassword": {"phone": "Sms" in kinds, "email": "Email" in kinds},
        "customProfileFields": _asked_at_sign_up(fields),
        "customProfileFieldCatalog": fields,
        "isDevelopmentTenant": False,
    }


def account_center(call: Call) -> state.Json:
    """Which parts of an account people may see and change."""
    return state.tenant.account_center


def update_account_center(call: Call) -> state.Json:
    """Change what is sent; `fields` is replaced whole."""
    changes = call.body(ACCOUNT_CENTER)
    if not changes:
        raise errors.nothing_to_change()
    for field in changes.get("profileFields", ()):
        if field["name"] not in state.tenant.profile_fields:
            raise errors.bad_request(f"There is no profile field {field['name']!r}.")
    state.tenant.account_center |= changes
    return state.tenant.account_center


def phrases(call: Call) -> state.Json:
    """The tenant's own words in a language, where it has any."""
    language = call.query.get("lng") or state.tenant.sign_in_experience["languageInfo"].get(
        "fallbackLanguage", "en"
    )
    row = state.tenant.phrases.get(language, {})
    return row.get("translation", {})  # type: ignore[no-any-return]


def status(call: Call) -> None:
    """The tenant is up."""


def _asked_at_sign_up(fields: list[state.Json]) -> list[state.Json]:
    names = {one["name"] for one in state.tenant.sign_in_experience.get("signUpProfileFields", ())}
    return [field for field in fields if field["name"] in names]


def _public_enterprise(connector: state.Json) -> state.Json:
    branding = connector["branding"]
    return {
        "id": connector["id"],
        "connectorName": branding.get("displayName") or connector["connectorName"],
        "logo": branding.get("logo") or connector["providerLogo"],
        "darkLogo": branding.get("darkLogo"),
    }
