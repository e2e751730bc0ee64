"""The tenant's store for uploaded files."""

from typing import Any

from accountsite.logto import client, reading
from accountsite.logto.transport import Upload


def is_ready() -> bool:
    """Whether the tenant has a store. Cloud has; others only if the operator set one up."""
    return client.get("/user-assets/service-status", read=_is_ready)


def upload(content: bytes, *, name: str, content_type: str) -> str:
    """Store a file for everybody to read. The answer is its public URL; it can't be deleted.

    Logto takes the type as claimed, SVG too: send only what we made ourselves. Raises
    Invalid for a type or size (20 MB) that it does not take.
    """
    file = Upload(content=content, name=name, content_type=content_type)
    read = reading.inside("url", reading.str_)
    return client.post("/user-assets", upload=file, read=read)


def _is_ready(data: Any) -> bool:
    return reading.text(reading.obj(data), "status") == "ready"
