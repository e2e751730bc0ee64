"""What the tenant's applications know, handed from the launcher to the tenant by environment."""

import os
import secrets
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Ids and secrets of the seeded applications, and the key that webhooks are signed with.

    The ids begin with `demo-`: the site refuses such an id unless it runs as part of the demo.
    """

    client_id: str = "demo-account-site"
    client_secret: str
    m2m_client_id: str = "demo-management"
    m2m_client_secret: str
    roleless_client_id: str = "demo-roleless"
    roleless_client_secret: str
    webhook_signing_key: str

    PREFIX: ClassVar[str] = "DEMO_"

    @classmethod
    def from_environment(cls) -> Self:
        """Those in DEMO_CLIENT_ID, DEMO_CLIENT_SECRET and so on; secrets not given are random."""
        names = [field.name for field in fields(cls)]
        given = {name: os.environ.get(cls.PREFIX + name.upper()) for name in names}
        made = {name: secrets.token_urlsafe(24) for name in names if not name.endswith("_id")}
        return cls(**made | {name: value for name, value in given.items() if value})

    def environment(self) -> dict[str, str]:
        """The variables that from_environment() reads, for a child process."""
        return {self.PREFIX + name.upper(): value for name, value in self.as_options().items()}

    def as_options(self) -> dict[str, Any]:
        """The values by name, as the seed takes them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
