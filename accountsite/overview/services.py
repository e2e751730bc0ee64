"""What the first page says."""

import functools
from dataclasses import dataclass

from accountsite import sections
from accountsite.logto import errors, parallel, tenant, users
from accountsite.overview import panels
from accountsite.overview.panels import Panel
from accountsite.overview.standings import Standing, Step, unknown
from accountsite.signin import guards


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A person and how each section of their account stands, as far as it could be read."""

    user: users.User
    standings: tuple[Standing, ...]

    @property
    def next_step(self) -> Step | None:
        """The one thing to do next: what the first section suggests that suggests something."""
        return next((standing.step for standing in self.standings if standing.step), None)


def overview(account_id: str) -> Overview:
    """Read everything at once. A section that can't be read is shown as such.

    Raises AccountEnded, and Unavailable if the account itself can't be read.
    """
    shown = _shown()
    person, *findings = parallel.settle(
        functools.partial(guards.person, account_id, with_enterprise=True),
        *(functools.partial(panel.read, account_id) for panel in shown),
    )
    if isinstance(person, errors.LogtoError):
        raise person
    return Overview(
        user=person,
        standings=tuple(
            unknown(panel.slug)
            if isinstance(finding, errors.LogtoError)
            else panel.standing(person, finding)
            for panel, finding in zip(shown, findings, strict=True)
        ),
    )


def _shown() -> tuple[Panel, ...]:
    """Those of sections that the operator and the tenant offer."""
    known = tenant.cached()
    return tuple(panel for panel in panels.PANELS if sections.named(panel.slug).is_shown(known))
