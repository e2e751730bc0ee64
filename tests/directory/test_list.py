"""The list of people: Django admin's own change list, over the Management API."""

import pytest
import responses

from accountsite.directory.models import User
from tests.conftest import API
from tests.directory.conftest import LIST, inspected_admin, page_of, text
from tests.signin.conftest import user

pytestmark = pytest.mark.django_db


def rows(page):
    return inspected_admin(page).select("#result_list tbody tr")


def names(page):
    return [row.select_one(".field-name_column").get_text() for row in rows(page)]


def test_it_is_an_entry_of_the_first_page(viewer):
    assert LIST in {link.get("href") for link in inspected_admin(viewer.get("/admin/")).select("a")}


def test_it_shows_people_as_the_documents_list_them(viewer, tenant):
    page = viewer.get(LIST, {"q": "alice@example.com", "match": "exact"})

    [row] = rows(page)
    cells = " ".join(row.get_text(" ").split())
    alice = tenant.user("alice")
    for part in ("alice@example.com", "Alice Liddell", "+1 202-555-0123", alice["id"]):
        assert part in cells
    assert row.select_one(".field-is_active img")["alt"] == "True"
    assert row.select_one("a")["href"].startswith(page_of(alice["id"]))


def test_who_is_suspended_is_marked(viewer, tenant):
    [row] = rows(viewer.get(LIST, {"q": "carol@example.com"}))

    assert row.select_one(".field-is_active img")["alt"] == "False"


def test_it_pages_through_any_number(viewer, tenant):
    page = viewer.get(LIST)
    total = int(tenant.management("GET", "/users").headers["Total-Number"])

    assert total > 1000
    assert f"{total} users" in text(page)
    last = -(-total // 50)
    assert len(rows(viewer.get(LIST, {"p": last}))) == total - 50 * (last - 1)
    assert names(viewer.get(LIST, {"p": 2})) != names(page)


def test_a_page_behind_the_last_one_leads_to_the_first(viewer, tenant):
    response = viewer.get(LIST, {"p": 99999})

    assert response.status_code == 302
    assert response["Location"] == f"{LIST}?e=1"
    assert viewer.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "liddell"}, ["Alice Liddell"]),
        ({"q": "bob", "in": "username", "match": "exact"}, ["Bob Duckworth"]),
        ({"q": "alice@example", "in": "email", "match": "starts"}, ["Alice Liddell"]),
        ({"q": "alice@example", "in": "email", "match": "exact"}, []),
        ({"q": "+1 202-555-0123"}, ["Alice Liddell"]),
        ({"q": "1 202 555 0123", "in": "phone"}, ["Alice Liddell"]),
        ({"q": "에린", "in": "name"}, ["에린 김"]),
        ({"q": "%"}, ["{{ 7 * 7 }} %s \\n ' \" ;--"]),
        ({"q": "a_ice"}, []),
        ({"q": "nobody-at-all"}, []),
    ],
)
def test_it_searches_as_logto_does(viewer, tenant, query, found):
    assert names(viewer.get(LIST, query)) == found


def test_it_searches_by_id(viewer, tenant):
    assert names(viewer.get(LIST, {"q": tenant.user("bob")["id"], "in": "id"})) == ["Bob Duckworth"]


def test_what_can_not_be_a_filter_is_ignored(viewer, tenant):
    assert viewer.get(LIST, {"in": "passwordEncrypted", "match": "posix"}).status_code == 200


def test_hostile_names_are_text(viewer, tenant):
    page = viewer.get(LIST, {"q": "<script>"})

    assert names(page) == ["<b>Bold</b> & <script>alert(1)</script>"]


def test_it_costs_one_call(viewer, wire: responses.RequestsMock):
    wire.get(f"{API}/users", json=[user()], headers={"Total-Number": "1"})

    viewer.get(LIST, {"q": "alice"})

    asked = [call.request.url for call in wire.calls if "/api/users" in call.request.url]
    assert len(asked) == 1
    assert "search=%25alice%25" in asked[0]


def test_nothing_of_it_is_in_our_database(viewer, tenant):
    viewer.get(LIST)

    assert not User._meta.managed


def test_an_empty_tenant_has_an_empty_list(viewer, wire):
    wire.get(f"{API}/users", json=[], headers={"Total-Number": "0"})

    assert "0 users" in text(viewer.get(LIST))


def test_logto_down_is_said_in_the_looks_of_the_admin(viewer, wire):
    wire.get(f"{API}/users", status=503)

    page = viewer.get(LIST)

    assert page.status_code == 503
    assert "Logto does not answer" in text(page)
    assert "Try again" in text(page)


def test_credentials_that_logto_refuses_are_the_operators(viewer, wire):
    wire.get(f"{API}/users", status=403, json={"code": "auth.forbidden", "message": "-"})

    page = viewer.get(LIST)

    assert page.status_code == 503
    assert "LOGTO_M2M_APP_ID" in text(page)
