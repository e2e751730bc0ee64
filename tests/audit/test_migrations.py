"""The guard of the table stands after each migration, forwards and back."""

from tests.other_process import python

BACK_AND_FORTH = """
from django.core.management import call_command
from django.db import connection
for target in (["0002"], []):
    call_command("migrate", "audit", *target, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")
        print(*cursor.fetchone())
"""


def test_the_triggers_stay_with_the_table(tmp_path):
    answer = python(BACK_AND_FORTH, tmp_path / "db.sqlite3")

    assert answer.stdout.split() == ["3", "3"], answer.stderr
