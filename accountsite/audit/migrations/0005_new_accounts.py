"""A row may be begun about an account that does not exist yet, and be completed with its id.

Nobody knows the id of an account before Logto has made it; a row that is written after that is
missing where the process dies in between. What has an account stays about that one.
"""

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

triggers = import_module("accountsite.audit.migrations.0002_triggers")
explanation = import_module("accountsite.audit.migrations.0003_explanation")

NOT_EDITED = "audit_auditevent_is_not_edited"
[OLD_OF_SQLITE] = [statement for statement in explanation.AFTER if NOT_EDITED in statement]
SAME_ACCOUNT = "NEW.account_id IS OLD.account_id"
NEW_OF_SQLITE = OLD_OF_SQLITE.replace(SAME_ACCOUNT, f"({SAME_ACCOUNT} OR OLD.account_id = '')")

[OLD_OF_POSTGRESQL] = [
    statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    for statement in triggers.POSTGRESQL
    if "CREATE FUNCTION" in statement
]
NEW_OF_POSTGRESQL = OLD_OF_POSTGRESQL.replace(
    "IF TG_OP = 'UPDATE' THEN",
    """IF TG_OP = 'UPDATE' THEN
            IF OLD.account_id = '' THEN
                completion := completion || ARRAY['account_id'];
            END IF;""",
).replace("completion CONSTANT text[]", "completion text[]")


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _replace(schema_editor, NEW_OF_SQLITE, NEW_OF_POSTGRESQL)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _replace(schema_editor, OLD_OF_SQLITE, OLD_OF_POSTGRESQL)


def _replace(schema_editor: BaseDatabaseSchemaEditor, sqlite: str, postgresql: str) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {NOT_EDITED}", params=None)
        schema_editor.execute(sqlite, params=None)
    else:
        schema_editor.execute(postgresql, params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_indexes")]

    operations = [migrations.RunPython(forwards, backwards)]
