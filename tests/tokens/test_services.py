"""What the service refuses on its own, whatever a page let through."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accountsite.tokens import expiry, services
from tests.conftest import ALICE
from tests.security.conftest import trail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("days", [None, 62, 365])
def test_no_token_lives_longer_than_the_operator_allows(logto, settings, days):
    settings.TOKENS_DAYS = 60
    expires_at = timezone.now() + timedelta(days=days) if days else None

    with pytest.raises(expiry.TooLong):
        services.create(ALICE, name="deploy", expires_at=expires_at)

    assert logto.writes == []
    assert trail() == [("token.created", "refused")]


def test_the_value_is_not_in_what_logs_would_show(logto):
    created = services.create(ALICE, name="deploy", expires_at=None)

    assert created.value not in repr(created)
