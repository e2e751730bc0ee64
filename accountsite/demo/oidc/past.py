"""Where people signed in before the tenant started, so that a demo has something to sign out."""

from accountsite.demo import people
from accountsite.demo.oidc import store
from accountsite.demo.state import Json

DAY = 24 * 60 * 60  # seconds
PHOTO_PRINTS = "demo-photo-prints"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1"
)


def add() -> None:
    """Bob's phone, on which he let Photo Prints in. Call it under `state.tenant.lock`."""
    at = store.seconds() - 6 * DAY
    grant = store.Grant(
        client_id=PHOTO_PRINTS,
        user_id=people.id_of("bob"),
        scope="openid profile email offline_access",
        issued_at=at,
        expires_at=at + store.GRANT_LIFETIME,
    )
    session = store.Session(
        user_id=grant.user_id,
        client_id=PHOTO_PRINTS,
        submission=_submission(grant.user_id),
        started_at=at,
        signed_in_at=at,
        expires_at=at + store.SESSION_LIFETIME,
        authorizations={
            PHOTO_PRINTS: {"sid": store.new_value(), "grantId": grant.id, "persistsLogout": True}
        },
    )
    store.grants[grant.id] = grant
    store.sessions[session.id] = session


def _submission(user_id: str) -> Json:
    """A password and a code of the app, seen behind a proxy that tells the place."""
    return {
        "interactionEvent": "SignIn",
        "userId": user_id,
        "verificationRecords": [
            {
                "id": "bobspassword",
                "type": "Password",
                "identifier": {"type": "username", "value": "bob"},
                "verified": True,
            },
            {"id": "bobscode", "type": "Totp", "userId": user_id, "verified": True},
        ],
        "signInContext": {
            "ip": "203.0.113.24",
            "userAgent": IPHONE,
            "city": "Hull",
            "country": "GB",
        },
    }
