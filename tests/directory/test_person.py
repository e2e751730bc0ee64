"""One person: all that Logto knows, each part on its own."""

import pytest

from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.directory import parts
from tests.directory.conftest import inspected_admin, page_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.demo]

PARTS = {
    "roles": "/roles",
    "organizations": "/organizations",
    "factors": "/mfa-verifications",
    "tokens": "/personal-access-tokens",
    "sessions": "/sessions",
    "apps": "/grants",
    "log": "/logs",
}


def part(page, slug):
    found = inspected_admin(page).select_one(f"#part-{slug}")
    return " ".join(found.get_text(" ").split())


@pytest.fixture
def show(tenant):
    def show(client, username, **query):
        page = client.get(page_of(tenant.user(username)["id"]), query)
        assert page.status_code == 200
        return page

    return show


def test_alice_has_everything_filled_in(viewer, show):
    page = show(viewer, "alice")

    assert "Alice Liddell" in part(page, "basics")
    assert "alice@example.com" in part(page, "contact")
    assert "+1 202-555-0123" in part(page, "contact")
    assert "1992-05-04" in part(page, "profile")
    assert "12 Quay Street" in part(page, "profile")
    assert "Alice Liddell" in part(page, "social")
    assert "Northern Sailing Club" in part(page, "organizations")
    assert "admin, member" in part(page, "organizations")
    assert '"memberNumber": "NS-2041"' in part(page, "custom-data")


def test_tokens_are_known_by_their_names_alone(viewer, show):
    page = show(viewer, "alice")

    assert "Backup script" in part(page, "tokens")
    assert "Expired on" in part(page, "tokens")
    assert "pat_" not in page.content.decode()


def test_bob_has_second_steps(viewer, show):
    found = part(show(viewer, "bob"), "factors")

    assert "Authenticator app" in found
    assert "10 left" in found


def test_dave_has_roles_and_an_enterprise_account(viewer, show):
    page = show(viewer, "dave")

    assert "accountsite-admin" in part(page, "roles")
    assert "dave@staff.example.com" in part(page, "enterprise")


def test_carol_is_suspended(viewer, show):
    assert "This account is suspended" in text(show(viewer, "carol"))


@pytest.mark.parametrize("slug", PARTS)
def test_a_part_that_fails_fails_alone(viewer, show, tenant, slug):
    tenant.faults.add(path=f".*{PARTS[slug]}$", method="GET", status=503, times=9)

    page = show(viewer, "alice")

    assert "This part could not be loaded." in part(page, slug)
    others = PARTS.keys() - {slug}
    assert not [each for each in others if "could not be loaded" in part(page, each)]
    assert "Alice Liddell" in part(page, "basics")


def test_without_the_person_there_is_no_page(viewer, tenant):
    alice = tenant.user("alice")["id"]
    tenant.faults.add(path=f"/api/users/{alice}$", method="GET", status=503, times=9)

    assert viewer.get(page_of(alice)).status_code == 503


def test_somebody_who_is_not_there_leads_back_to_the_list(viewer, tenant):
    page = viewer.get(page_of("nobody000001"), follow=True)

    assert "There is no user with the id “nobody000001”" in text(page)


@pytest.mark.django_db(transaction=True)
def test_an_address_tells_whether_it_was_verified(manager, show, tenant):
    alice = tenant.user("alice")["id"]
    values = {"email": ("old@example.com", "alice@example.com")}
    assert "nobody here knows whether it was verified" in part(show(manager, "alice"), "contact")

    trail.record(Action.EMAIL_CHANGED, alice, values=values)
    assert "Verified with a code on" in part(show(manager, "alice"), "contact")

    trail.record(Action.EMAIL_CHANGED, alice, values=values, actor=trail.admin("x"))
    assert "Entered by an admin on" in part(show(manager, "alice"), "contact")


@pytest.mark.django_db(transaction=True)
def test_recent_changes_tell_who_and_why(viewer, show, tenant):
    alice = tenant.user("alice")["id"]
    trail.record(
        Action.PASSWORD_RESET, alice, actor=trail.admin("dave"), explanation="Lost her phone"
    )

    found = part(show(viewer, "alice"), "events")

    assert "Password reset An admin dave done Lost her phone" in found


def test_a_long_table_shows_the_first_rows_and_leads_to_the_others(viewer, show, tenant):
    alice = tenant.user("alice")["id"]
    for number in range(30):
        body = {"name": f"token <b>{number}"}
        tenant.management("POST", f"/users/{alice}/personal-access-tokens", json=body)

    page = show(viewer, "alice")
    assert len(inspected_admin(page).select("#part-tokens tbody tr")) == parts.SHOWN
    assert "Show 13 more" in part(page, "tokens")

    page = show(viewer, "alice", all="tokens")
    assert len(inspected_admin(page).select("#part-tokens tbody tr")) == 33


@pytest.mark.parametrize(
    ("level", "offered"),
    [
        ("viewer", 0),
        ("helper", 3),
        ("manager", 6),
    ],
)
def test_only_what_one_may_do_is_offered(request, show, level, offered):
    page = show(request.getfixturevalue(level), "alice")

    assert len(inspected_admin(page).select(".directory-acts a")) == offered


def test_the_history_is_the_audit_trail(viewer, tenant):
    alice = tenant.user("alice")["id"]

    page = viewer.get(page_of(alice, "history"), follow=True)

    assert page.status_code == 200
    assert alice in page.request["QUERY_STRING"]
