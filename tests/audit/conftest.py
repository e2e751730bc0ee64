"""What the tests of the audit trail share."""

import pytest
from django.db import DatabaseError, transaction


@pytest.fixture
def database_refuses():
    """The block's statement is refused by the database itself."""

    class Refuses:
        def __enter__(self):
            self._raises = pytest.raises(DatabaseError, match="audit events are not")
            self._raises.__enter__()
            self._savepoint = transaction.atomic()
            self._savepoint.__enter__()

        def __exit__(self, *error):
            try:
                self._savepoint.__exit__(*error)
            finally:
                caught = self._raises.__exit__(*error)
            return caught

    return Refuses()
