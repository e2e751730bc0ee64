"""Whose data it is."""

from dataclasses import dataclass
from datetime import datetime

from accountsite.logto.users import User


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as they were when their export began; what happened later is not in it."""

    user: User
    began_at: datetime

    @property
    def id(self) -> str:
        """Logto's id of them."""
        return self.user.id
