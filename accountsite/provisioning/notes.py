"""What a setting of the tenant was before it was changed for a site, so that it can be put back.

It is kept in the custom data of the machine-to-machine application by which the tenant is asked:
that is there before anything else is, and whoever undoes needs it too. A note is written before
the change, so that one that was cut short is known.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.conf import settings

from accountsite.logto import applications
from accountsite.logto.applications import Application
from accountsite.provisioning import marks
from accountsite.provisioning.sites import Site


class Note(StrEnum):
    """What is noted."""

    DELETION_URL = "deleteAccountUrl"  # what it was before, None for nothing
    RELATED_ORIGIN = "webauthnRelatedOrigin"  # that it was added


def of(own: Application, site: Site) -> Mapping[str, Any]:
    """All notes for a site."""
    return _of_all(own).get(site.origin, {})


def keep(site: Site, note: Note, value: Any) -> None:
    """Write it down, in place of an older one. Raises LogtoError."""
    own = applications.get(settings.LOGTO_M2M_APP_ID)
    _write(own, site, {**of(own, site), note.value: value})


def drop(site: Site, note: Note) -> None:
    """Forget it; the application is as it was once all are forgotten. Raises LogtoError."""
    own = applications.get(settings.LOGTO_M2M_APP_ID)
    _write(own, site, {name: value for name, value in of(own, site).items() if name != note})


def _of_all(own: Application) -> dict[str, dict[str, Any]]:
    notes = own.custom_data.get(marks.KEY)
    every = notes if isinstance(notes, dict) else {}
    return {origin: kept for origin, kept in every.items() if isinstance(kept, dict)}


def _write(own: Application, site: Site, notes: Mapping[str, Any]) -> None:
    every = {key: value for key, value in _of_all(own).items() if key != site.origin}
    if notes:
        every[site.origin] = dict(notes)
    data = {key: value for key, value in own.custom_data.items() if key != marks.KEY}
    applications.update(own.id, custom_data={**data, **({marks.KEY: every} if every else {})})
