"""Why an admin did something, in their own words; kept from edits like every other column.

SQLite builds the table anew for a new column, and forgets its triggers: they are put back.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

LAST_COLUMN = "AND NEW.changes IS OLD.changes"
BEFORE = [
    statement
    for statement in import_module("accountsite.audit.migrations.0002_triggers").SQLITE
    if "CREATE TRIGGER" in statement
]
AFTER = [
    statement.replace(LAST_COLUMN, f"{LAST_COLUMN} AND NEW.explanation IS OLD.explanation")
    for statement in BEFORE
]


def nothing(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The new table has other triggers; PostgreSQL's look at every column as they are."""


def old_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _create(schema_editor, BEFORE)


def new_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _create(schema_editor, AFTER)


def _create(schema_editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for statement in statements:
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_triggers")]

    operations = [
        migrations.RunPython(nothing, old_triggers),
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
        migrations.RunPython(new_triggers, nothing),
    ]
