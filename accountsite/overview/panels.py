"""The sections that the overview looks at: one panel for each.

A new section adds a panel, and the module that it names. The order is that on the page, and that
of importance: the first suggestion is the one that is made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accountsite.elsewhere import apps
from accountsite.logto import organizations, sessions, tenant, tokens, users
from accountsite.overview import (
    belonging,
    completeness,
    connected,
    copies,
    latest,
    programs,
    protections,
    signing_in,
    whereabouts,
)
from accountsite.overview.standings import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A section's part of the overview.

    `read` gets the account's id, may raise a LogtoError, and runs beside the others: it must not
    touch the database. `standing`, which may, gets the person and what was read.
    """

    slug: str
    read: Callable[[str], Any]
    standing: Callable[[users.User, Any], Standing]


PANELS = (
    Panel(
        slug="profile",
        read=lambda _account_id: tenant.current(),
        standing=completeness.standing,
    ),
    Panel(
        slug="identifiers",
        read=lambda _account_id: tenant.current(),
        standing=signing_in.standing,
    ),
    Panel(slug="security", read=protections.read, standing=protections.standing),
    Panel(
        slug="connections",
        read=lambda _account_id: tenant.current(),
        standing=connected.standing,
    ),
    Panel(slug="devices", read=sessions.of_user, standing=whereabouts.devices),
    Panel(slug="grants", read=apps.of_user, standing=whereabouts.apps),
    Panel(slug="tokens", read=tokens.of_user, standing=programs.standing),
    Panel(slug="organizations", read=organizations.of_user, standing=belonging.standing),
    Panel(slug="activity", read=lambda _account_id: None, standing=latest.standing),
    Panel(slug="privacy", read=lambda _account_id: None, standing=copies.standing),
)
