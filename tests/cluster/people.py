"""Somebody whose account is changed."""

from dataclasses import dataclass, field
from typing import Any

from tests.cluster.visitor import Visitor


@dataclass
class Someone(Visitor):
    """Somebody with an account that was made for them, and an admin who may be asked to help."""

    id: str = ""
    number: int = 0
    admin: Visitor | None = None
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def email(self) -> str:
        return f"{self.username}@example.com"

    @property
    def phone(self) -> str:
        return f"1202555{self.number:04}"

    @property
    def other_phone(self) -> str:
        return f"1202556{self.number:04}"

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Logto itself, about their account, or something else where the path begins with `/`."""
        path = path if path.startswith("/") else f"/users/{self.id}/{path}".rstrip("/")
        answer = self.tenant.management(method, path, json=body)
        assert answer.ok, f"{method} {path}: {answer.text}"
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else None


def told(text: str, someone: Someone) -> str:
    """A text about somebody, filled in."""
    for name in ("id", "username", "email", "phone", "other_phone", "number"):
        text = text.replace(f"{{{name}}}", str(getattr(someone, name)))
    return text
