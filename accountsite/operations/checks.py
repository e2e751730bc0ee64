"""What a start is refused for: set-ups that work at first, and lose something later.

Django's own checks, which `manage.py serve`, `migrate` and `check` run.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's word
from django.db import connection

from accountsite.operations import disks

NO_SHARED_CACHE = "accountsite.E001"
SQLITE_IN_A_NETWORK = "accountsite.E002"
SQLITE_ON_A_HOST = "accountsite.W001"


def shared_cache(
    app_configs: Sequence[AppConfig] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Refuse several processes that share no cache.

    Nothing is lost without it: sessions, limits and turns are in the database. But the processes
    hear of a change of the tenant's settings at different times, so that from one click to the next
    a field can be there or not; and while Logto is away, one that has just started fails where the
    others go on.
    """
    if settings.WEB_CONCURRENCY == 1 or settings.REDIS_URL != "none":
        return []
    return [
        Error(
            f"WEB_CONCURRENCY is {settings.WEB_CONCURRENCY}, and the processes share no cache: pages"
            " would come out differently from one to the other.",
            hint="Set REDIS_URL, or WEB_CONCURRENCY to 1, which is 16 pages at a time.",
            id=NO_SHARED_CACHE,
        )
    ]


def local_disk(
    app_configs: Sequence[AppConfig] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Refuse SQLite on a disk of another machine, and warn of one that may be."""
    path = _file_of_sqlite()
    if path is None:
        return []
    type_name = disks.type_of(path, disks.mounts())
    match disks.kind_of(type_name):
        case disks.Kind.NETWORK:
            return [
                Error(
                    f"The database of DATABASE_URL is SQLite on a network file system ({type_name}),"
                    " where it breaks.",
                    hint="Use PostgreSQL, or a disk of this machine.",
                    id=SQLITE_IN_A_NETWORK,
                )
            ]
        case disks.Kind.UNSURE:
            return [
                Warning(
                    "The database of DATABASE_URL is SQLite in a folder of the machine around this"
                    f" one ({type_name}).",
                    hint="Use a volume, or let nothing else open the file.",
                    id=SQLITE_ON_A_HOST,
                )
            ]
        case _:
            return []


def _file_of_sqlite() -> Path | None:
    """Where it is, without symbolic links; None if the database is none, or in memory."""
    database = connection.settings_dict
    name = str(database["NAME"])
    is_file = database["ENGINE"].endswith("sqlite3") and ":memory:" not in name
    return Path(name).resolve() if is_file else None
