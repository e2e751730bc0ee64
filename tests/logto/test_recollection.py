"""What a page asks the shared cache for, it asks once; what is new, it hears of all the same."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.cache import cache

from accountsite.logto import credentials, parallel, recollection, tenant
from tests.conftest import API
from tests.logto import answers
from tests.logto.conftest import Logto


@pytest.fixture
def within_a_page() -> Iterator[None]:
    """As between the begin and the end of a page."""
    recollection.begin()
    yield
    recollection.end()


def by_another_process(act: Callable[[], object]) -> None:
    """What it leaves in the shared cache, and nowhere else."""
    with ThreadPoolExecutor(1) as pool:  # whose thread has no page
        pool.submit(act).result()


def known_tenant(logto: Logto) -> tenant.Tenant:
    logto.answers("GET", "/sign-in-exp", answers.sign_in_experience())
    logto.answers("GET", "/account-center", answers.account_center())
    logto.answers("GET", "/custom-profile-fields", [answers.profile_field()])
    return tenant.current()


def test_a_page_goes_on_with_what_it_heard_first(logto: Logto, within_a_page: None):
    known = known_tenant(logto)
    token = credentials.token()
    assert tenant.cached() is known

    cache.clear()

    assert tenant.cached() is known
    assert credentials.token() == token
    assert len(logto.wire.calls) == 4, "three of the configuration, one of the token"


def test_so_do_the_threads_that_work_for_it(logto: Logto, within_a_page: None):
    known = known_tenant(logto)
    assert tenant.cached() is known

    cache.clear()

    assert parallel.gather(*[tenant.cached] * 5) == (known,) * 5


def test_the_next_page_asks_anew(logto: Logto, within_a_page: None):
    known_tenant(logto)
    cache.clear()

    recollection.end()
    recollection.begin()

    assert tenant.cached() is None


def test_without_a_page_nothing_is_remembered(logto: Logto):
    known_tenant(logto)

    cache.clear()

    assert tenant.cached() is None


def test_a_token_that_was_refused_is_not_remembered(logto: Logto, within_a_page: None):
    refused = credentials.token()
    address = f"{settings.LOGTO_ENDPOINT}/oidc/token"
    logto.wire.replace("POST", address, json={"access_token": "another", "expires_in": 3600})

    assert credentials.renewed(refused) == "another"
    assert credentials.token() == "another"


def test_a_token_that_another_process_replaced_is_taken_and_not_fetched_once_more(
    logto: Logto, within_a_page: None
):
    refused = credentials.token()
    assert credentials.token() == refused, "the page remembers it"
    address = f"{settings.LOGTO_ENDPOINT}/oidc/token"
    logto.wire.replace("POST", address, json={"access_token": "theirs", "expires_in": 3600})

    by_another_process(lambda: credentials.renewed(refused))

    fetched = len(logto.wire.calls)
    assert credentials.renewed(refused) == "theirs"
    assert len(logto.wire.calls) == fetched


def test_a_configuration_that_was_fetched_anew_is_what_the_page_goes_on_with(
    logto: Logto, within_a_page: None
):
    known_tenant(logto)
    before = tenant.cached()
    logto.wire.replace("GET", f"{API}/account-center", json=answers.account_center(enabled=False))

    tenant.refresh()

    assert tenant.cached() != before


def test_a_request_remembers_nothing_for_the_next_one(client):
    client.get("/signed-out/")

    assert recollection._page.get() is None
