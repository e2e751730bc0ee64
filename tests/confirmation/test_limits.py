"""Limits that no form tells of."""

import pytest

from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from tests.confirmation import urls
from tests.conftest import HTMX, inspected

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.confirmation.urls")]


@pytest.fixture
def refusing(monkeypatch):
    """A page that meets a limit where it has no form."""

    def refuse(request):
        raise attempts.TooMany(Kind.LOOKUP, retry_after=90)

    monkeypatch.setattr(urls.urlpatterns[0], "callback", lambda request, thing: refuse(request))


def test_a_limit_that_no_form_tells_of_has_a_page(alice, refusing):
    response = alice.get("/protected/thing/")

    assert (response.status_code, response["Retry-After"]) == (429, "90")
    assert "Try again in 2 minutes" in inspected(response.content.decode()).get_text()


def test_with_htmx_it_is_a_message_and_the_card_stays(alice, refusing):
    response = alice.get("/protected/thing/", headers=HTMX)

    assert (response.status_code, response["HX-Reswap"]) == (429, "none")
    assert "Try again in 2 minutes" in response.content.decode()
