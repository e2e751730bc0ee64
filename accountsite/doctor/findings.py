"""What a check finds."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """How bad it is. What is skipped could not be looked at, because of something else."""

    OK = "ok", _("OK")
    WARNING = "warning", _("Warning")
    ERROR = "error", _("Error")
    SKIPPED = "skipped", _("Skipped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line. `mend` is the sentence that says what to do, empty where there is nothing.

    `about` names one of several things of the same kind, such as a connector.
    """

    level: Level
    says: str
    mend: str = ""
    about: str = ""

    @property
    def is_bad(self) -> bool:
        """Whether somebody should do something."""
        return self.level in {Level.WARNING, Level.ERROR}


def ok(says: str, *, about: str = "") -> Finding:
    """All is well."""
    return Finding(level=Level.OK, says=says, about=about)


def warning(says: str, mend: str, *, about: str = "") -> Finding:
    """The site works, but not all of it, or not for long."""
    return Finding(level=Level.WARNING, says=says, mend=mend, about=about)


def error(says: str, mend: str, *, about: str = "") -> Finding:
    """People can't use the site, or part of it, or it is not safe."""
    return Finding(level=Level.ERROR, says=says, mend=mend, about=about)


def skipped(says: str) -> Finding:
    """Nobody knows."""
    return Finding(level=Level.SKIPPED, says=says)
