"""How the tenant lets people sign in: brand, languages, policies and factors."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from accountsite.logto import client, reading
from accountsite.logto.reading import Json


class Factor(StrEnum):
    """A second step of signing in."""

    TOTP = "Totp"
    WEBAUTHN = "WebAuthn"
    BACKUP_CODE = "BackupCode"
    EMAIL_CODE = "EmailVerificationCode"
    PHONE_CODE = "PhoneVerificationCode"


class Prompting(StrEnum):
    """When Logto asks people to set up a second step."""

    USER_CONTROLLED = "UserControlled"
    MANDATORY = "Mandatory"
    ONLY_AT_SIGN_IN = "PromptOnlyAtSignIn"
    AT_SIGN_IN_AND_SIGN_UP = "PromptAtSignInAndSignUp"
    NEVER = "NoPrompt"
    AT_SIGN_IN_AND_SIGN_UP_MANDATORY = "PromptAtSignInAndSignUpMandatory"
    ONLY_AT_SIGN_IN_MANDATORY = "PromptOnlyAtSignInMandatory"


class Identifier(StrEnum):
    """What people type to say who they are."""

    USERNAME = "username"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """The tenant's looks. Colours are `#rgb` or `#rrggbb`."""

    primary_color: str
    dark_primary_color: str
    is_dark_mode_enabled: bool
    logo_url: str | None
    dark_logo_url: str | None
    favicon_url: str | None
    dark_favicon_url: str | None

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """`color` and `branding` of the whole."""
        color, branding = reading.part(data, "color"), reading.part_or_empty(data, "branding")
        return cls(
            primary_color=reading.text(color, "primaryColor"),
            dark_primary_color=reading.text(color, "darkPrimaryColor"),
            is_dark_mode_enabled=reading.flag(color, "isDarkModeEnabled"),
            logo_url=reading.text_or_none(branding, "logoUrl"),
            dark_logo_url=reading.text_or_none(branding, "darkLogoUrl"),
            favicon_url=reading.text_or_none(branding, "favicon"),
            dark_favicon_url=reading.text_or_none(branding, "darkFavicon"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPolicy:
    """What a password must be. Only to tell people: `passwords.check` decides.

    What the tenant left open has Logto's own defaults.
    """

    min_length: int
    max_length: int
    min_character_types: int
    rejects_breached: bool
    rejects_repetition_and_sequence: bool
    rejects_user_info: bool
    rejected_words: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """`passwordPolicy`."""
        length = reading.part_or_empty(data, "length")
        types = reading.part_or_empty(data, "characterTypes")
        rejects = reading.part_or_empty(data, "rejects")
        return cls(
            min_length=reading.whole(length, "min", default=8),
            max_length=reading.whole(length, "max", default=256),
            min_character_types=reading.whole(types, "min", default=1),
            rejects_breached=reading.flag(rejects, "pwned", default=True),
            rejects_repetition_and_sequence=reading.flag(
                rejects, "repetitionAndSequence", default=True
            ),
            rejects_user_info=reading.flag(rejects, "userInfo", default=True),
            rejected_words=reading.texts(rejects, "words"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UsernamePolicy:
    """What a username must be. The Management API does not enforce it."""

    is_case_sensitive: bool
    min_length: int
    max_length: int
    allows_lowercase: bool
    allows_uppercase: bool
    allows_numbers: bool
    allows_underscore: bool

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """`usernamePolicy`."""
        allowed = reading.part_or_empty(data, "allowedChars")
        return cls(
            is_case_sensitive=reading.flag(data, "caseSensitive", default=True),
            min_length=reading.whole(data, "minLength", default=1),
            max_length=reading.whole(data, "maxLength", default=reading.MAX_UNITS),
            allows_lowercase=reading.flag(allowed, "lowercase", default=True),
            allows_uppercase=reading.flag(allowed, "uppercase", default=True),
            allows_numbers=reading.flag(allowed, "numbers", default=True),
            allows_underscore=reading.flag(allowed, "underscore", default=True),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mfa:
    """Which second steps there are, and whether one is a must."""

    factors: tuple[Factor, ...]
    prompting: Prompting

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """`mfa`."""
        return cls(
            factors=reading.choices(data, "factors", Factor),
            prompting=reading.choice(data, "policy", Prompting, default=Prompting.USER_CONTROLLED),
        )

    @property
    def is_mandatory(self) -> bool:
        """Whether everyone must have a factor."""
        return self.prompting in {
            Prompting.MANDATORY,
            Prompting.AT_SIGN_IN_AND_SIGN_UP_MANDATORY,
            Prompting.ONLY_AT_SIGN_IN_MANDATORY,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailBlocklist:
    """Which addresses may not be used. The Management API does not enforce it."""

    blocks_disposable: bool
    blocks_subaddressing: bool
    allowed: tuple[str, ...]
    blocked: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """`emailBlocklistPolicy`; entries are addresses, or domains such as `@example.com`."""
        return cls(
            blocks_disposable=reading.flag(data, "blockDisposableAddresses", default=False),
            blocks_subaddressing=reading.flag(data, "blockSubaddressing", default=False),
            allowed=reading.texts(data, "customAllowlist"),
            blocked=reading.texts(data, "customBlocklist"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInMethod:
    """One identifier, and what proves it."""

    identifier: Identifier
    by_password: bool
    by_code: bool

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """One of `signIn.methods`."""
        answer = reading.obj(data)
        return cls(
            identifier=Identifier(reading.text(answer, "identifier")),
            by_password=reading.flag(answer, "password"),
            by_code=reading.flag(answer, "verificationCode"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What a new account must have. Several identifiers: one of them is enough."""

    identifiers: tuple[Identifier, ...]
    needs_password: bool
    verifies: bool
    secondary: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """`signUp`. A secondary identifier can also be `emailOrPhone`."""
        return cls(
            identifiers=reading.choices(data, "identifiers", Identifier),
            needs_password=reading.flag(data, "password"),
            verifies=reading.flag(data, "verify"),
            secondary=reading.items(
                data, "secondaryIdentifiers", reading.inside("identifier", reading.str_)
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInExperience:
    """The tenant's sign-in experience.

    `password_valid_days` is None where passwords do not expire. `code_seconds` and `code_tries` are
    how long a verification code lives and how many tries it bears.
    """

    brand: Brand
    fallback_language: str
    detects_language: bool
    terms_of_use_url: str | None
    privacy_policy_url: str | None
    support_email: str | None
    support_website_url: str | None
    password_policy: PasswordPolicy
    username_policy: UsernamePolicy
    mfa: Mfa
    email_blocklist: EmailBlocklist
    sign_in_methods: tuple[SignInMethod, ...]
    sign_up: SignUp
    social_targets: tuple[str, ...]
    is_passkey_sign_in_enabled: bool
    is_enterprise_sign_in_enabled: bool
    password_valid_days: int | None
    code_seconds: int
    code_tries: int

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The answer of `sign-in-exp`."""
        answer = reading.obj(data)
        codes = reading.part_or_empty(answer, "verificationCodePolicy")
        languages = reading.part(answer, "languageInfo")
        return cls(
            brand=Brand.from_json(answer),
            fallback_language=reading.text(languages, "fallbackLanguage"),
            detects_language=reading.flag(languages, "autoDetect"),
            terms_of_use_url=reading.text_or_none(answer, "termsOfUseUrl"),
            privacy_policy_url=reading.text_or_none(answer, "privacyPolicyUrl"),
            support_email=reading.text_or_none(answer, "supportEmail"),
            support_website_url=reading.text_or_none(answer, "supportWebsiteUrl"),
            password_policy=PasswordPolicy.from_json(_part(answer, "passwordPolicy")),
            username_policy=UsernamePolicy.from_json(_part(answer, "usernamePolicy")),
            mfa=Mfa.from_json(_part(answer, "mfa")),
            email_blocklist=EmailBlocklist.from_json(_part(answer, "emailBlocklistPolicy")),
            sign_in_methods=reading.items(
                reading.part(answer, "signIn"), "methods", SignInMethod.from_json
            ),
            sign_up=SignUp.from_json(reading.part(answer, "signUp")),
            social_targets=reading.texts(answer, "socialSignInConnectorTargets"),
            is_passkey_sign_in_enabled=_is_enabled(answer, "passkeySignIn"),
            is_enterprise_sign_in_enabled=reading.flag(
                answer, "singleSignOnEnabled", default=False
            ),
            password_valid_days=_valid_days(_part(answer, "passwordExpiration")),
            code_seconds=reading.whole(codes, "expirationDuration", default=600),
            code_tries=reading.whole(codes, "maxRetryAttempts", default=10),
        )

    def signs_in_with(self, identifier: Identifier) -> bool:
        """Whether this identifier lets anyone in."""
        return any(method.identifier is identifier for method in self.sign_in_methods)


def get() -> SignInExperience:
    """The sign-in experience as it is now; pages use `tenant.current`."""
    return client.get("/sign-in-exp", read=SignInExperience.from_json)


def update(changes: Mapping[str, Any]) -> SignInExperience:
    """Change these properties, under Logto's names. Raises Invalid."""
    return client.patch("/sign-in-exp", body=dict(changes), read=SignInExperience.from_json)


def _part(data: Json, key: str) -> Json:
    return reading.part_or_empty(data, key)


def _is_enabled(data: Json, key: str) -> bool:
    return reading.flag(_part(data, key), "enabled", default=False)


def _valid_days(data: Json) -> int | None:
    is_on = reading.flag(data, "enabled", default=False)
    return reading.whole(data, "validPeriodDays") if is_on else None
