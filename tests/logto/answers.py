"""JSON as Logto sends it: whole answers, of which a test names only what it is about.

Secrets in them are marked with PLANTED, so that a test can look for what must not get out.
"""

from typing import Any

PLANTED = "planted-secret"
NOW = 1_795_230_406_592  # milliseconds, 2026-11-21T03:06:46.592Z
NOW_ISO = "2026-11-21T03:06:46.592Z"


def user(**changes: Any) -> dict[str, Any]:
    return {
        "id": "u1",
        "username": "ada",
        "primaryEmail": "ada@example.com",
        "primaryPhone": "15550100001",
        "name": "Ada Byron",
        "avatar": "https://example.com/ada.webp",
        "customData": {"company": "Engines"},
        "identities": {"github": identity()},
        "lastSignInAt": NOW,
        "createdAt": NOW,
        "updatedAt": NOW,
        "profile": {"givenName": "Ada", "locale": "en-GB", "address": {"country": "GB"}},
        "applicationId": "app1",
        "cimdClientId": None,
        "isSuspended": False,
        "hasPassword": True,
        **changes,
    }


def identity(**changes: Any) -> dict[str, Any]:
    return {
        "userId": "gh-1",
        "details": {
            "id": "gh-1",
            "name": "Ada on GitHub",
            "email": "ada@github.example",
            "avatar": "https://example.com/gh.png",
            "rawData": {"tokenResponse": {"access_token": PLANTED}},
        },
        **changes,
    }


def enterprise_identity(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": "sso1",
        "userId": "u1",
        "issuer": "https://idp.example.com",
        "identityId": "ada-at-work",
        "detail": {"name": "Ada at work", "email": "ada@work.example"},
        "createdAt": NOW,
        "updatedAt": NOW,
        "ssoConnectorId": "conn-work",
        **changes,
    }


def token_secret(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": "secret1",
        "userId": "u1",
        "type": "federated_token_set",
        "metadata": {
            "scope": "email profile",
            "expiresAt": NOW // 1000,
            "tokenType": "Bearer",
            "hasRefreshToken": True,
        },
        "createdAt": NOW,
        "updatedAt": NOW,
        "connectorId": "conn1",
        "identityId": "gh-1",
        "target": "github",
        **changes,
    }


def role(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": "role1",
        "name": "support",
        "description": "People who help",
        "type": "User",
        "isDefault": False,
        **changes,
    }


def sign_in_experience(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": "default",
        "color": {
            "primaryColor": "#123456",
            "isDarkModeEnabled": True,
            "darkPrimaryColor": "#abcdef",
        },
        "branding": {"logoUrl": "https://example.com/logo.svg"},
        "hideLogtoBranding": False,
        "languageInfo": {"autoDetect": True, "fallbackLanguage": "ko"},
        "termsOfUseUrl": "https://example.com/terms",
        "privacyPolicyUrl": "",
        "agreeToTermsPolicy": "Automatic",
        "signIn": {
            "methods": [
                {
                    "identifier": "username",
                    "password": True,
                    "verificationCode": False,
                    "isPasswordPrimary": True,
                },
                {
                    "identifier": "email",
                    "password": True,
                    "verificationCode": True,
                    "isPasswordPrimary": True,
                },
            ]
        },
        "signUp": {
            "identifiers": ["username"],
            "password": True,
            "verify": False,
            "secondaryIdentifiers": [{"identifier": "emailOrPhone", "verify": True}],
        },
        "socialSignIn": {},
        "socialSignInConnectorTargets": ["github"],
        "signInMode": "SignInAndRegister",
        "customCss": "body { color: red }",
        "customContent": {},
        "customUiAssets": None,
        "customUiCsp": {},
        "passwordPolicy": {
            "length": {"min": 10, "max": 64},
            "characterTypes": {"min": 3},
            "rejects": {
                "pwned": False,
                "repetitionAndSequence": True,
                "userInfo": False,
                "words": ["engine"],
            },
        },
        "mfa": {"factors": ["Totp", "WebAuthn", "BackupCode"], "policy": "NoPrompt"},
        "adaptiveMfa": {},
        "singleSignOnEnabled": True,
        "supportEmail": "help@example.com",
        "supportWebsiteUrl": None,
        "unknownSessionRedirectUrl": None,
        "captchaPolicy": {},
        "sentinelPolicy": {},
        "emailBlocklistPolicy": {"blockSubaddressing": True, "customBlocklist": ["@bad.example"]},
        "verificationCodePolicy": {},
        "forgotPasswordMethods": [],
        "passkeySignIn": {"enabled": True},
        "signUpProfileFields": [],
        "passwordExpiration": {},
        "usernamePolicy": {
            "caseSensitive": False,
            "minLength": 3,
            "maxLength": 32,
            "allowedChars": {
                "lowercase": True,
                "uppercase": False,
                "numbers": True,
                "underscore": True,
            },
        },
        **changes,
    }


def account_center(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": "default",
        "enabled": True,
        "fields": {"name": "Edit", "avatar": "ReadOnly", "profile": "Edit", "email": "Off"},
        "webauthnRelatedOrigins": ["https://account.example.com"],
        "deleteAccountUrl": None,
        "customCss": None,
        "profileFields": [{"name": "nickname"}, {"name": "company"}],
        **changes,
    }


def profile_field(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": "field1",
        "name": "company",
        "type": "Text",
        "label": "Company",
        "description": None,
        "required": False,
        "config": {},
        "createdAt": NOW,
        "sieOrder": 1,
        **changes,
    }


def connector(**changes: Any) -> dict[str, Any]:
    return {
        "id": "conn1",
        "syncProfile": False,
        "enableTokenStorage": False,
        "config": {"clientId": "id", "clientSecret": PLANTED},
        "metadata": {},
        "connectorId": "github-universal",
        "target": "github",
        "name": {"en": "GitHub", "ko": "깃허브"},
        "description": {"en": "Code lives here."},
        "logo": "https://example.com/github.svg",
        "logoDark": None,
        "readme": "# GitHub",
        "platform": "Universal",
        "type": "Social",
        "isDemo": False,
        "extraInfo": {},
        **changes,
    }


def enterprise_connector(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": "conn-work",
        "providerName": "OIDC",
        "connectorName": "work",
        "config": {"clientSecret": PLANTED},
        "domains": ["work.example"],
        "branding": {"displayName": "The works"},
        "syncProfile": False,
        "enableTokenStorage": True,
        "createdAt": NOW,
        "name": "OIDC",
        "providerType": "oidc",
        "providerLogo": "https://example.com/oidc.svg",
        "providerLogoDark": "https://example.com/oidc-dark.svg",
        **changes,
    }


def factor(**changes: Any) -> dict[str, Any]:
    return {"id": "factor1", "createdAt": NOW_ISO, "type": "Totp", **changes}


def personal_access_token(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "userId": "u1",
        "name": "laptop",
        "value": f"pat_{PLANTED}",
        "createdAt": NOW,
        "expiresAt": None,
        **changes,
    }


def session(**changes: Any) -> dict[str, Any]:
    return {
        "payload": {
            "exp": NOW // 1000 + 60,
            "iat": NOW // 1000,
            "jti": "jti1",
            "uid": "session1",
            "kind": "Session",
            "loginTs": NOW // 1000,
            "accountId": "u1",
            "authorizations": {
                "app1": {"sid": "sid1", "grantId": "grant1", "persistsLogout": True}
            },
        },
        "lastSubmission": {
            "interactionEvent": "SignIn",
            "userId": "u1",
            "verificationRecords": [
                {
                    "id": "record1",
                    "type": "Password",
                    "identifier": {"type": "username", "value": "ada"},
                    "verified": True,
                },
                {"id": "record2", "type": "Totp", "userId": "u1", "verified": True},
            ],
            "signInContext": {"ip": "192.0.2.1", "userAgent": "Browser/1.0", "country": "GB"},
        },
        "clientId": "app1",
        "accountId": "u1",
        "expiresAt": NOW + 60_000,
        **changes,
    }


def grant(**changes: Any) -> dict[str, Any]:
    return {
        "id": "grant1",
        "payload": {
            "exp": NOW // 1000 + 60,
            "iat": NOW // 1000,
            "jti": "grant1",
            "kind": "Grant",
            "clientId": "app1",
            "accountId": "u1",
            "openid": {"scope": "openid profile"},
            "resources": {"https://api.example.com": "read write"},
        },
        "expiresAt": NOW + 60_000,
        "application": {"id": "app1", "name": "Notebook"},
        **changes,
    }


def organization(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": "org1",
        "name": "Engines Ltd",
        "description": None,
        "customData": {},
        "isMfaRequired": False,
        "color": {},
        "branding": {"logoUrl": "https://example.com/org.svg"},
        "customCss": None,
        "createdAt": NOW,
        "organizationRoles": [{"id": "orole1", "name": "admin"}],
        **changes,
    }


def invitation(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": "invite1",
        "inviterId": "u2",
        "invitee": "ada@example.com",
        "acceptedUserId": None,
        "organizationId": "org1",
        "status": "Pending",
        "createdAt": NOW,
        "updatedAt": NOW,
        "expiresAt": NOW + 60_000,
        "organizationRoles": [{"id": "orole1", "name": "admin"}],
        **changes,
    }


def log(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": "log1",
        "key": "Interaction.SignIn.Submit",
        "payload": {
            "key": "Interaction.SignIn.Submit",
            "result": "Success",
            "ip": "192.0.2.1",
            "userAgent": "Browser/1.0",
            "userId": "u1",
            "applicationId": "app1",
            "params": {"code": PLANTED, "code_verifier": PLANTED},
            "interaction": {"verificationRecords": [{"id": "r1", "type": "Password"}]},
        },
        "createdAt": NOW,
        **changes,
    }


def hook(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": "hook1",
        "name": "Account settings",
        "event": None,
        "events": ["User.Deleted"],
        "config": {"url": "https://account.example.com/webhooks/logto/"},
        "signingKey": PLANTED,
        "enabled": True,
        "createdAt": NOW,
        **changes,
    }


def application(**changes: Any) -> dict[str, Any]:
    return {
        "tenantId": "default",
        "id": "app1",
        "name": "Account settings",
        "secret": PLANTED,
        "description": None,
        "type": "Traditional",
        "oidcClientMetadata": {
            "redirectUris": ["https://account.example.com/callback/"],
            "postLogoutRedirectUris": ["https://account.example.com/"],
            "backchannelLogoutUri": "https://account.example.com/backchannel/",
            "backchannelLogoutSessionRequired": True,
        },
        "customClientMetadata": {"allowTokenExchange": True},
        "protectedAppMetadata": None,
        "customData": {},
        "isThirdParty": False,
        "appLevelAccessControlEnabled": False,
        "createdAt": NOW,
        **changes,
    }
