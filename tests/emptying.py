"""How a database is made empty again after a test that committed.

Django's own way empties every table, then makes content types and permissions anew, which takes
longer than most of these tests. Here only tables in which there is something are emptied, and what
the migrations put there stays.
"""

import django.test
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from accountsite.audit import pruning

OF_MIGRATIONS = {"contenttypes.ContentType", "auth.Permission"}


def _tables() -> list[str]:
    models: list[type[Model]] = apps.get_models(include_auto_created=True)
    kept = [model for model in models if model._meta.label not in OF_MIGRATIONS]
    return [model._meta.db_table for model in kept if model._meta.managed]


def empty(_case: django.test.TransactionTestCase) -> None:
    """Delete every row of a test. The order doesn't matter: references are looked at at the end."""
    names = [connection.ops.quote_name(name) for name in _tables()]
    with connection.cursor() as cursor:
        looks = ", ".join(f"EXISTS (SELECT 1 FROM {name})" for name in names)  # noqa: S608 - our tables
        cursor.execute(f"SELECT {looks}")
        [has_rows] = cursor.fetchall()
    filled = [name for name, has_some in zip(names, has_rows, strict=True) if has_some]
    if filled:
        with transaction.atomic(), pruning._allowed(), connection.cursor() as cursor:
            for name in filled:
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608
