"""What every action of an admin on an account shares: who, on whom, why, and who is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accountsite.audit import fields, trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.directory.access import Actor
from accountsite.logto import roles, users
from accountsite.notices import delivery as notices
from accountsite.refusals import Refusal
from accountsite.signin import preferences, staff

LANGUAGE, ZONE = "en", "UTC"


class Unable(Refusal):
    """The account stays as it is."""


class Changed(Unable):
    """Somebody else changed it since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This was changed elsewhere since you opened the page. What it is now stands above: "
                "look at it, then send again what you want."
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why an admin does it, and whether the person gets a mail; if not, why not."""

    reason: str
    tells: bool
    why_not: str = ""

    @property
    def explanation(self) -> str:
        """What the trail keeps, for other admins."""
        if self.tells or not self.why_not:
            return self.reason
        return _("%(reason)s · No mail: %(why_not)s") % {
            "reason": self.reason,
            "why_not": self.why_not,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One action on one account. `held` are the roles of the person, read with them."""

    actor: Actor
    person: users.User
    held: tuple[roles.Role, ...]
    why: Why
    item: str = ""
    """Which of the person's things, where the action is about one of several."""

    @property
    def is_self(self) -> bool:
        """Whether it is the admin's own account."""
        return self.actor.id == self.person.id

    def refuse_self(self) -> None:
        """Raise Unable for the admin's own account."""
        if self.is_self:
            raise Unable(_("This is your own account. Ask another admin to do this."))

    def refuse_above(self) -> None:
        """Raise Unable for somebody whose roles let them do more here than the admin may.

        Else who resets passwords could sign in as somebody who manages people.
        """
        level = staff.level_of(role.name for role in self.held)
        if level is not None and level > self.actor.level:
            raise Unable(
                _("This person may do more here than you do. Ask somebody who manages people.")
            )

    @contextmanager
    def change(
        self,
        action: Action,
        *also_to: str | None,
        values: fields.Values | None = None,
    ) -> Iterator[AuditEvent]:
        """Audit one change in the admin's name, then tell the person by mail if they are to know.

        The mail goes to the address that they have, and to those in `also_to`. Raises Unable for
        somebody above the admin, and whatever the block raises.
        """
        with trail.change(
            action,
            self.person.id,
            values=values,
            actor=trail.admin(self.actor.id),
            explanation=self.why.explanation[: trail.LONGEST_EXPLANATION],
        ) as event:
            self.refuse_above()
            # Only here is known whether they are to be told; afterwards nobody could find out.
            with notices.promised(event, *self._told(*also_to), **self._way_of_telling()):
                yield event
        self.tell(event, *also_to)

    def tell(self, event: AuditEvent, *also_to: str | None) -> None:
        """Mail the person about it, in their own language."""
        notices.announce(event, *self._told(*also_to), **self._way_of_telling())

    def _told(self, *also_to: str | None) -> tuple[str | None, ...]:
        return (self.person.primary_email, *also_to) if self.why.tells else ()

    def _way_of_telling(self) -> dict[str, str]:
        profile = self.person.profile
        return {
            "language": preferences.supported(profile.locale or "") or LANGUAGE,
            "time_zone": preferences.known_zone(profile.zoneinfo or "") or ZONE,
        }
