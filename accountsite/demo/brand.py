"""How the tenant looks, and what its sign-in takes: the brand of a harbour that is made up."""

from accountsite.demo import state

BRAND = "#0b6e75"
BRAND_IN_THE_DARK = "#5cc6c9"

LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="132" height="32" viewBox="0 0 132 32">
<path d="M4 21h24l-5 7H9z" fill="{brand}"/><path d="M15 3v16H6z" fill="{brand}"/>
<path d="M17 7v12h8z" fill="{brand}" opacity=".6"/>
<text x="38" y="22" font-family="Georgia, serif" font-size="18" fill="{ink}">Harbour</text>
</svg>"""
FAVICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="{brand}"/>
<path d="M5 21h22l-5 6H10z" fill="#fff"/><path d="M15 4v15H7z" fill="#fff"/>
<path d="M17 8v11h7z" fill="#fff" opacity=".7"/></svg>"""


def sign_in_experience(tenant: state.Tenant, social_targets: list[str]) -> state.Json:
    """What `sign-in-exp` answers; pictures go into the tenant's assets."""
    svg = "image/svg+xml"
    light = LOGO.format(brand=BRAND, ink="#17323a").encode()
    dark = LOGO.format(brand=BRAND_IN_THE_DARK, ink="#eef6f6").encode()
    favicon = FAVICON.format(brand=BRAND).encode()
    return {
        "tenantId": state.TENANT_ID,
        "id": "default",
        "color": {
            "primaryColor": BRAND,
            "isDarkModeEnabled": True,
            "darkPrimaryColor": BRAND_IN_THE_DARK,
        },
        "branding": {
            "logoUrl": tenant.keep_asset("brand/logo.svg", svg, light),
            "darkLogoUrl": tenant.keep_asset("brand/logo-dark.svg", svg, dark),
            "favicon": tenant.keep_asset("brand/favicon.svg", svg, favicon),
        },
        "hideLogtoBranding": False,
        "languageInfo": {"autoDetect": True, "fallbackLanguage": "en"},
        "termsOfUseUrl": "https://harbour.example.com/terms",
        "privacyPolicyUrl": "https://harbour.example.com/privacy",
        "agreeToTermsPolicy": "Automatic",
        "signIn": {
            "methods": [
                {
                    "identifier": identifier,
                    "password": True,
                    "verificationCode": identifier != "username",
                    "isPasswordPrimary": True,
                }
                for identifier in ("username", "email", "phone")
            ]
        },
        "signUp": {"identifiers": ["username"], "password": True, "verify": False},
        "socialSignIn": {},
        "socialSignInConnectorTargets": social_targets,
        "signInMode": "SignInAndRegister",
        "customCss": None,
        "customContent": {},
        "customUiAssets": None,
        "customUiCsp": {},
        "passwordPolicy": {
            "length": {"min": 8, "max": 256},
            "characterTypes": {"min": 2},
            "rejects": {
                "pwned": False,
                "repetitionAndSequence": True,
                "userInfo": True,
                "words": ["harbour", "password"],
            },
        },
        "mfa": {"factors": ["Totp", "WebAuthn", "BackupCode"], "policy": "NoPrompt"},
        "adaptiveMfa": {},
        "singleSignOnEnabled": True,
        "supportEmail": "office@harbour.example.com",
        "supportWebsiteUrl": "https://harbour.example.com/help",
        "unknownSessionRedirectUrl": None,
        "captchaPolicy": {},
        "sentinelPolicy": {},
        "emailBlocklistPolicy": {"customBlocklist": ["@throwaway.example"]},
        "verificationCodePolicy": {},
        "forgotPasswordMethods": [],
        "passkeySignIn": {},
        "signUpProfileFields": [],
        "passwordExpiration": {},
        "usernamePolicy": {
            "caseSensitive": True,
            "minLength": 1,
            "maxLength": 128,
            "allowedChars": {
                "lowercase": True,
                "uppercase": True,
                "numbers": True,
                "underscore": True,
            },
        },
    }
