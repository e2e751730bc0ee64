"""Signs that this is no place for a demo: its passwords are printed, its data is made up."""

from collections.abc import Mapping
from urllib.parse import urlsplit

# What hosting platforms set for what they run.
PLATFORMS = (
    "KUBERNETES_SERVICE_HOST",
    "DYNO",
    "FLY_APP_NAME",
    "RENDER",
    "RAILWAY_ENVIRONMENT",
    "K_SERVICE",
    "GAE_ENV",
    "VERCEL",
    "WEBSITE_INSTANCE_ID",
    "AWS_EXECUTION_ENV",
    "ECS_CONTAINER_METADATA_URI_V4",
)
# What only somebody with a real tenant or database sets.
REAL = (
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "LOGTO_APP_ID",
    "LOGTO_APP_SECRET",
    "LOGTO_M2M_APP_ID",
    "LOGTO_M2M_APP_SECRET",
)
ADDRESSES = ("SITE_URL", "LOGTO_ENDPOINT")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def sign(environment: Mapping[str, str]) -> str | None:
    """The first sign of production, as a clause such as "DATABASE_URL is set"; None if none is."""
    for name in PLATFORMS:
        if environment.get(name):
            return f"{name} is set"
    for name in (each + ending for each in REAL for ending in ("", "_FILE")):
        if environment.get(name):
            return f"{name} is set"
    for name in ADDRESSES:
        if (value := environment.get(name)) and urlsplit(value).hostname not in LOOPBACK:
            return f"{name} is {value}, which is not on this machine"
    return None
