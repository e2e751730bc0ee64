"""What the demo tenant knows, in memory, behind one lock.

Objects are kept as the dicts that the Management API shows ("records"), so that answering is only
writing JSON. What it must never show, password hashes and factor secrets, stands beside them.

    from accountsite.demo import state

    with state.tenant.lock:
        user = state.tenant.find_user("alice")

Whoever reads and then writes holds the lock for both. Calls of the Management API hold it from
their first line to their last; nothing slow, such as HTTP, may happen under it.
"""

import hashlib
import hmac
import secrets
import string
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

type Json = dict[str, Any]

TENANT_ID = "default"
LOGS_KEPT = 20_000
MESSAGES_KEPT = 20_000

_ALPHABET = string.ascii_lowercase + string.digits
_DIGITS = bytes(ord(_ALPHABET[byte % 36]) for byte in range(256))


@dataclass(slots=True)
class Clock:
    """The tenant's own clock, which a test can set wrong."""

    ahead: int = 0  # milliseconds; behind, where it is negative


clock = Clock()


def now() -> int:
    """The time as Logto writes it: milliseconds since 1970."""
    return time.time_ns() // 1_000_000 + clock.ahead


def new_id(length: int = 12) -> str:
    """An id such as Logto makes: lower-case letters and digits (12 for users, 21 for the rest)."""
    return secrets.token_bytes(length).translate(_DIGITS).decode()


def fixed_id(what: str, length: int = 12) -> str:
    """An id of Logto's form that is the same each time."""
    number = int.from_bytes(hashlib.sha256(what.encode()).digest())
    return "".join(_ALPHABET[number // 36**place % 36] for place in range(length))


@dataclass(slots=True)
class User:
    """A person: the record that the API shows, and what it does not show.

    `factors` are dicts as `mfa-verifications` lists them, plus `key` (Totp), `codes` (BackupCode,
    each `{"code", "usedAt"?}`), or what account/passkeys.py keeps (WebAuthn, any number of them).
    """

    record: Json
    password: str | None = None  # a hash, see hash_password
    password_is_expired: bool = False
    factors: list[Json] = field(default_factory=list)
    role_ids: list[str] = field(default_factory=list)
    personal_access_tokens: list[Json] = field(default_factory=list)
    sso_identities: list[Json] = field(default_factory=list)
    token_sets: dict[str, Json] = field(default_factory=dict)  # stored provider tokens, by target
    settings: Json = field(default_factory=dict)  # what logto-configs shows

    @property
    def id(self) -> str:
        return str(self.record["id"])

    @property
    def is_suspended(self) -> bool:
        return bool(self.record["isSuspended"])

    def shown(self) -> Json:
        """The user as GET /api/users/{userId} answers it."""
        return {**self.record, "hasPassword": self.password is not None}

    def touch(self) -> None:
        """Move `updatedAt`, always forward, as a change does."""
        self.record["updatedAt"] = max(now(), self.record["updatedAt"] + 1)

    def factor(self, kind: str) -> Json | None:
        """The Totp, WebAuthn or BackupCode factor, if there is one."""
        return next((factor for factor in self.factors if factor["type"] == kind), None)

    def knows(self, password: str) -> bool:
        """Whether this is the password; never, where there is none."""
        return self.password is not None and matches_hash(password, self.password)

    def use_backup_code(self, code: str) -> bool:
        """Spend a backup code: true the first time that an unused one of theirs is given."""
        for row in (self.factor("BackupCode") or {}).get("codes", ()):
            if "usedAt" not in row and hmac.compare_digest(row["code"].encode(), code.encode()):
                row["usedAt"] = iso_time(now())
                return True
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A mail or text that the tenant "sent": the inbox page shows it."""

    to: str
    kind: str  # "email" or "sms"
    subject: str
    text: str
    code: str | None
    sent_at: int  # milliseconds


class Tenant:
    """The whole tenant. Its attributes are plain collections; take `lock` to touch several."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.clear()

    def clear(self) -> None:
        """Forget everything, as a tenant before its first user."""
        self.endpoint = "http://localhost:3301"  # our own origin, no trailing slash
        self.resource = "https://default.logto.app/api"
        self.resources: dict[str, Json] = {}  # APIs, by id; Logto's own is among them
        self.users: dict[str, User] = {}  # oldest first
        self.roles: dict[str, Json] = {}
        self.scopes: dict[str, list[Json]] = {}  # by role id
        self.applications: dict[str, Json] = {}  # as GET /api/applications/{id}, without secrets
        self.application_secrets: dict[str, list[Json]] = {}
        self.application_roles: dict[str, list[str]] = {}
        self.organizations: dict[str, Json] = {}
        self.organization_roles: dict[str, Json] = {}
        self.organization_scopes: dict[str, Json] = {}
        self.organization_scopes_of: dict[str, list[str]] = {}  # organization role → scope ids
        self.members: dict[str, dict[str, list[str]]] = {}  # organization → user → role ids
        self.invitations: dict[str, Json] = {}
        self.connectors: dict[str, Json] = {}
        self.sso_connectors: dict[str, Json] = {}
        self.hooks: dict[str, Json] = {}
        self.hook_logs: dict[str, list[Json]] = {}  # by hook id, oldest first
        self.logs: deque[Json] = deque(maxlen=LOGS_KEPT)  # oldest first
        self.messages: deque[Message] = deque(maxlen=MESSAGES_KEPT)  # oldest first
        self.codes: dict[tuple[str, str], Json] = {}  # (purpose or record, address) → see codes.py
        self.code_sends: dict[str, list[int]] = {}  # address → when, in milliseconds
        self.verification_records: dict[str, Any] = {}  # by id: account.records.Record
        self.sign_in_experience: Json = {}
        self.account_center: Json = {}
        self.profile_fields: dict[str, Json] = {}  # by name
        self.email_templates: dict[str, Json] = {}
        self.phrases: dict[str, Json] = {}  # by language tag
        self.one_time_tokens: dict[str, Json] = {}
        self.subject_tokens: dict[str, Json] = {}  # by value: userId, context, expiresAt (ms)
        self.provider_codes: dict[str, Json] = {}  # code → target, id, name, email, avatar
        self.assets: dict[str, tuple[str, bytes]] = {}  # path → content type, content

    @property
    def default_resource(self) -> str | None:
        """The indicator of the API that tokens are for which name none, if there is one."""
        every = self.resources.values()
        return next((row["indicator"] for row in every if row["isDefault"]), None)

    def new_user(self, **fields: Any) -> User:
        """Add a person with nothing but these fields of the record."""
        created_at = now()
        record = {
            "id": new_id(),
            "username": None,
            "primaryEmail": None,
            "primaryPhone": None,
            "name": None,
            "avatar": None,
            "customData": {},
            "identities": {},
            "lastSignInAt": None,
            "createdAt": created_at,
            "updatedAt": created_at,
            "profile": {},
            "applicationId": None,
            "cimdClientId": None,
            "isSuspended": False,
        } | fields
        user = User(record)
        self.users[user.id] = user
        return user

    def find_user(self, identifier: str) -> User | None:
        """Who signs in with this username, email (in any case) or phone."""
        folded = identifier.casefold()
        for user in self.users.values():
            record = user.record
            if identifier in (record["username"], record["primaryPhone"]) or (
                record["primaryEmail"] is not None and record["primaryEmail"].casefold() == folded
            ):
                return user
        return None

    def find_identity(self, target: str, subject: str) -> User | None:
        """Whose account at a provider this is."""
        for user in self.users.values():
            if user.record["identities"].get(target, {}).get("userId") == subject:
                return user
        return None

    def find_personal_access_token(self, value: str) -> tuple[User, Json] | None:
        """The token with this value and whose it is, expired or not."""
        for user in self.users.values():
            for token in user.personal_access_tokens:
                if hmac.compare_digest(token["value"].encode(), value.encode()):
                    return user, token
        return None

    def remove_user(self, user_id: str) -> None:
        """Forget a person, their memberships and what was theirs."""
        del self.users[user_id]
        for members in self.members.values():
            members.pop(user_id, None)

    def roles_of(self, user: User) -> list[Json]:
        return [self.roles[role_id] for role_id in user.role_ids if role_id in self.roles]

    def organizations_of(self, user_id: str) -> Iterator[tuple[Json, list[Json]]]:
        """The organizations that a person is in, each with their roles there."""
        for organization_id, members in self.members.items():
            if user_id in members:
                roles = [self.organization_roles[role_id] for role_id in members[user_id]]
                yield self.organizations[organization_id], roles

    def new_invitation(
        self,
        *,
        organization_id: str,
        invitee: str,
        inviter_id: str | None,
        role_ids: list[str],
        expires_at: int,
    ) -> Json:
        """Add a pending invitation; `role_ids` stands beside what the API shows."""
        created_at = now()
        invitation: Json = {
            "tenantId": TENANT_ID,
            "id": new_id(21),
            "inviterId": inviter_id,
            "invitee": invitee,
            "acceptedUserId": None,
            "organizationId": organization_id,
            "status": "Pending",
            "createdAt": created_at,
            "updatedAt": created_at,
            "expiresAt": expires_at,
            "role_ids": role_ids,
        }
        self.invitations[invitation["id"]] = invitation
        return invitation

    def organization_scopes_by(self, role_ids: list[str]) -> list[Json]:
        """What these organization roles allow, each scope once."""
        scope_ids = (one for role_id in role_ids for one in self.organization_scopes_of[role_id])
        return [self.organization_scopes[scope_id] for scope_id in dict.fromkeys(scope_ids)]

    def scopes_of(self, role_ids: list[str]) -> list[str]:
        """The names of all scopes that these roles give, each once."""
        names = (scope["name"] for role_id in role_ids for scope in self.scopes.get(role_id, ()))
        return list(dict.fromkeys(names))

    def keep_asset(self, path: str, content_type: str, content: bytes) -> str:
        """Keep a file that anybody may fetch. Gives its URL."""
        self.assets[path] = (content_type, content)
        return f"{self.endpoint}/api/assets/{path}"

    def send(self, to: str, *, subject: str, text: str, code: str | None = None) -> None:
        """Put a mail, or a text where `to` is a phone, into the inbox."""
        kind = "email" if "@" in to else "sms"
        message = Message(to=to, kind=kind, subject=subject, text=text, code=code, sent_at=now())
        self.messages.append(message)

    def newest_code(self, address: str) -> str | None:
        """The code in the newest message to an address that has one."""
        codes = (message.code for message in reversed(self.messages) if message.to == address)
        return next((code for code in codes if code is not None), None)

    def log(self, key: str, *, result: str = "Success", **payload: Any) -> Json:
        """Write a row of the audit log. Payload keys are Logto's: userId, applicationId, ip and so on."""
        row = {
            "tenantId": TENANT_ID,
            "id": new_id(21),
            "key": key,
            "payload": {"key": key, "result": result} | payload,
            "createdAt": now(),
        }
        self.logs.append(row)
        return row


def hash_password(password: str) -> str:
    """A salted scrypt hash, cheap enough for a demo: about 2 ms."""
    salt = secrets.token_bytes(8)
    return f"scrypt:{salt.hex()}:{_scrypt(password, salt)}"


def matches_hash(password: str, hashed: str) -> bool:
    """Compare with a hash made by hash_password, or with a plain digest `md5:…`, `sha256:…`."""
    algorithm, _, rest = hashed.partition(":")
    if algorithm == "scrypt":
        salt, _, digest = rest.partition(":")
        return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)), digest)
    if algorithm not in ("md5", "sha1", "sha256"):
        return False  # Argon2 and bcrypt digests can be imported, but nobody signs in with them
    digest = hashlib.new(algorithm, password.encode(), usedforsecurity=False).hexdigest()
    return hmac.compare_digest(digest, rest.lower())


def _scrypt(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**9, r=8, p=1, dklen=32).hex()


def iso_time(milliseconds: int) -> str:
    """A time as Logto writes it in factors and webhooks: 2026-11-21T10:20:30.456Z."""
    seconds, rest = divmod(milliseconds, 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest:03}Z"


tenant = Tenant()
