"""Whether Logto answers at all."""

from accountsite.logto import errors, transport


def is_up() -> bool:
    """Ask its health check, without any credentials."""
    try:
        transport.send("GET", "/api/status")
    except errors.LogtoError:
        return False
    return True
