"""The database itself refuses to edit or delete events, whoever asks.

One update of each row is let through: from `started` to its end. Deletions are let through while
`audit.pruning` holds the permission, which ends with its transaction. SQLite drops triggers when a
later migration rebuilds the table: that one must put them back.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = [
    "CREATE TABLE audit_pruning (is_on INTEGER NOT NULL)",
    """
    CREATE TRIGGER audit_auditevent_is_not_edited BEFORE UPDATE ON audit_auditevent
    WHEN NOT (
        OLD.outcome = 'started' AND NEW.outcome IN ('done', 'refused', 'unknown')
        AND NEW.completed_at IS NOT NULL
        AND NEW.id IS OLD.id
        AND NEW.started_at IS OLD.started_at
        AND NEW.account_id IS OLD.account_id
        AND NEW.actor_kind IS OLD.actor_kind
        AND NEW.actor_id IS OLD.actor_id
        AND NEW.action IS OLD.action
        AND NEW.address IS OLD.address
        AND NEW.user_agent IS OLD.user_agent
        AND NEW.request_id IS OLD.request_id
        AND NEW.changes IS OLD.changes
    )
    BEGIN SELECT RAISE(ABORT, 'audit events are not edited'); END
    """,
    """
    CREATE TRIGGER audit_auditevent_is_not_deleted BEFORE DELETE ON audit_auditevent
    WHEN NOT EXISTS (SELECT 1 FROM audit_pruning)
    BEGIN SELECT RAISE(ABORT, 'audit events are not deleted'); END
    """,
    # INSERT OR REPLACE deletes the old row without a word to the trigger above.
    """
    CREATE TRIGGER audit_auditevent_is_not_replaced BEFORE INSERT ON audit_auditevent
    WHEN EXISTS (SELECT 1 FROM audit_auditevent WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'audit events are not replaced'); END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER audit_auditevent_is_not_edited",
    "DROP TRIGGER audit_auditevent_is_not_deleted",
    "DROP TRIGGER audit_auditevent_is_not_replaced",
    "DROP TABLE audit_pruning",
]

POSTGRESQL = [
    """
    CREATE FUNCTION audit_auditevent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        completion CONSTANT text[] := ARRAY['outcome', 'completed_at', 'reason'];
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF OLD.outcome = 'started' AND NEW.outcome IN ('done', 'refused', 'unknown')
               AND NEW.completed_at IS NOT NULL
               AND to_jsonb(NEW) - completion = to_jsonb(OLD) - completion THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'audit events are not edited' USING ERRCODE = 'restrict_violation';
        ELSIF TG_OP = 'DELETE' THEN
            IF current_setting('accountsite.pruning', true) = 'on' THEN
                RETURN OLD;
            END IF;
        ELSIF NOT EXISTS (SELECT 1 FROM audit_auditevent) THEN
            RETURN NULL;
        END IF;
        RAISE EXCEPTION 'audit events are not deleted' USING ERRCODE = 'restrict_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER audit_auditevent_row BEFORE UPDATE OR DELETE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_auditevent_guard()
    """,
    """
    CREATE TRIGGER audit_auditevent_all BEFORE TRUNCATE ON audit_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_auditevent_guard()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER audit_auditevent_row ON audit_auditevent",
    "DROP TRIGGER audit_auditevent_all ON audit_auditevent",
    "DROP FUNCTION audit_auditevent_guard()",
]


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE_BACK if is_sqlite else POSTGRESQL_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
