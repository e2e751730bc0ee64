"""Sessions, grants, tokens and sign-ins under way, in memory, under `state.tenant.lock`.

A session is a person in a browser. In it each application that they entered has an authorization:
its own `sid`, and the grant that its tokens hang on. Ending a session and ending a grant are two
things, as in Logto. Times are whole seconds since 1970, as in tokens.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any

from accountsite.demo import state
from accountsite.demo.state import Json

SESSION_LIFETIME = 14 * 24 * 3600
GRANT_LIFETIME = 180 * 24 * 3600
REFRESH_LIFETIME = 14 * 24 * 3600
ACCESS_LIFETIME = 3600
CODE_LIFETIME = 60
INTERACTION_LIFETIME = 3600
CROWD = 5_000  # so many tokens or interactions at once are looked through for dead ones


def seconds() -> int:
    """The time as tokens write it."""
    return state.now() // 1000


def new_value(length: int = 32) -> str:
    """A random value that nobody guesses: an id of a session or grant, a code or a token."""
    return secrets.token_urlsafe(length)


@dataclass(slots=True, kw_only=True)
class Session:
    """A person in a browser. `id` is the cookie's value; `uid` is what the API shows."""

    user_id: str
    client_id: str
    submission: Json
    id: str = field(default_factory=new_value)
    uid: str = field(default_factory=new_value)
    started_at: int = field(default_factory=seconds)
    signed_in_at: int = field(default_factory=seconds)
    expires_at: int = field(default_factory=lambda: seconds() + SESSION_LIFETIME)
    authorizations: dict[str, Json] = field(default_factory=dict)

    def as_json(self) -> Json:
        """The session as the Management API shows it."""
        return {
            "payload": {
                "kind": "Session",
                "uid": self.uid,
                "jti": self.id,
                "accountId": self.user_id,
                "loginTs": self.signed_in_at,
                "iat": self.started_at,
                "exp": self.expires_at,
                "authorizations": self.authorizations,
            },
            "lastSubmission": self.submission,
            "clientId": self.client_id,
            "accountId": self.user_id,
            "expiresAt": self.expires_at * 1000,
        }


@dataclass(slots=True, kw_only=True)
class Grant:
    """What a person lets an application do."""

    client_id: str
    user_id: str
    scope: str
    id: str = field(default_factory=new_value)
    issued_at: int = field(default_factory=seconds)
    expires_at: int = field(default_factory=lambda: seconds() + GRANT_LIFETIME)

    def as_json(self, application: Json | None) -> Json:
        """The grant as the Management API shows it; `application` as far as it still exists."""
        shown: Json = {
            "id": self.id,
            "payload": {
                "kind": "Grant",
                "jti": self.id,
                "accountId": self.user_id,
                "clientId": self.client_id,
                "iat": self.issued_at,
                "exp": self.expires_at,
                "openid": {"scope": self.scope},
            },
            "expiresAt": self.expires_at * 1000,
        }
        if application:
            shown["application"] = {"id": application["id"], "name": application["name"]}
        return shown


@dataclass(slots=True, kw_only=True)
class Proof:
    """What codes, access tokens and refresh tokens have in common: whose, for what, until when."""

    kind: str  # "code", "access" or "refresh"
    client_id: str
    user_id: str
    grant_id: str
    scope: str
    expires_at: int
    value: str = field(default_factory=new_value)
    issued_at: int = field(default_factory=seconds)
    sid: str | None = None
    auth_time: int | None = None  # only where the ID token must tell it
    nonce: str | None = None
    redirect_uri: str | None = None
    challenge: str | None = None
    is_used: bool = False


@dataclass(slots=True, kw_only=True)
class Interaction:
    """A sign-in under way: an authorization request that waits for the person.

    `user_id` is who they say they are once a first proof was good; `login_at` is set when all are.
    """

    browser: str
    params: dict[str, str]
    client_id: str
    id: str = field(default_factory=new_value)
    expires_at: int = field(default_factory=lambda: seconds() + INTERACTION_LIFETIME)
    user_id: str | None = None
    records: list[Json] = field(default_factory=list)
    code_address: str | None = None
    passkey_challenge: str | None = None
    has_consented: bool = False
    login_at: int | None = None
    submission: Json | None = None


sessions: dict[str, Session] = {}  # by id, the cookie's value
grants: dict[str, Grant] = {}
proofs: dict[str, Proof] = {}  # by value
interactions: dict[str, Interaction] = {}
spent_totp: set[tuple[str, str, int]] = set()  # user, code, time step: each is good once


def clear() -> None:
    """Forget everything."""
    for collection in (sessions, grants, proofs, interactions, spent_totp):
        collection.clear()


def add_proof(proof: Proof) -> Proof:
    """Keep a code or token."""
    if len(proofs) > CROWD:
        _drop_expired(proofs)
    proofs[proof.value] = proof
    return proof


def add_interaction(interaction: Interaction) -> Interaction:
    """Keep a sign-in under way."""
    if len(interactions) > CROWD:
        _drop_expired(interactions)
    interactions[interaction.id] = interaction
    return interaction


def find_proof(value: str, *kinds: str) -> Proof | None:
    """The code or token with this value, if it is of these kinds and not expired."""
    proof = proofs.get(value)
    if proof is None or proof.kind not in kinds or proof.expires_at <= seconds():
        return None
    return proof


def find_session(session_id: str | None) -> Session | None:
    """The session of a cookie, if it is not over."""
    session = sessions.get(session_id or "")
    return session if session and session.expires_at > seconds() else None


def sessions_of(user_id: str) -> list[Session]:
    """The sessions of a person that are not over, oldest first."""
    now = seconds()
    return [
        session
        for session in sessions.values()
        if session.user_id == user_id and session.expires_at > now
    ]


def revoke_tokens(grant_id: str) -> None:
    """Kill every code and token of a grant; the grant stays."""
    for value in [value for value, proof in proofs.items() if proof.grant_id == grant_id]:
        del proofs[value]


def revoke_grant(grant_id: str) -> None:
    """End a grant, with all its codes and tokens."""
    grants.pop(grant_id, None)
    revoke_tokens(grant_id)


def _drop_expired(collection: dict[str, Any]) -> None:
    now = seconds()
    for key in [key for key, item in collection.items() if item.expires_at <= now]:
        del collection[key]
