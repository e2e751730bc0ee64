"""Why an admin did something, in their own words; kept from edits like every other column.

SQLite may build the table anew for a new column, without its triggers, and refuses to drop one that
a trigger names: so they are dropped before, and made again.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

triggers = import_module("accountsite.audit.migrations.0002_triggers")
SQLITE_BACK = triggers.SQLITE_BACK
BEFORE = [statement for statement in triggers.SQLITE if "CREATE TRIGGER" in statement]
LAST_COLUMN = "AND NEW.changes IS OLD.changes"
AFTER = [
    statement.replace(LAST_COLUMN, f"{LAST_COLUMN} AND NEW.explanation IS OLD.explanation")
    for statement in BEFORE
]


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL's triggers look at every column, and stay as they are."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE_BACK:
            if "TRIGGER" in statement:
                schema_editor.execute(statement, params=None)


def create_old(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _create(schema_editor, BEFORE)


def create_new(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _create(schema_editor, AFTER)


def _create(schema_editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for statement in statements:
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_triggers")]

    operations = [
        migrations.RunPython(drop, create_old),
        migrations.AddField(
            model_name="auditevent",
            name="explanation",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                max_length=500,
                verbose_name="explanation",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(create_new, drop),
    ]
