"""What admins do to an account: why, by whom, with which mail, and when not."""

import json

import pytest
from django.contrib.auth.models import User as Staff
from django.core import mail

from accountsite.audit.models import ActorKind, AuditEvent, Outcome
from accountsite.notices.models import Notice
from accountsite.signin import staff
from accountsite.signin.models import EndReason, Session
from accountsite.signin.staff import Level
from tests.directory.conftest import (
    ADMIN,
    WHY,
    hidden,
    inspected_admin,
    mails_to,
    newest,
    page_of,
    text,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.demo]

SILENT = {"tells": "", "why_not": "A test account"}


def done(response):
    """It was done: the answer leads away."""
    assert response.status_code == 303, text(response)
    return response


def refusal(response, status=422):
    """Why it was not done, as the page says it."""
    assert response.status_code == status
    return " ".join(inspected_admin(response).select_one(".errornote").get_text().split())


# What all of them share


def test_it_asks_why(manager, act):
    response = act(manager, "alice", "suspend", reason="")

    assert response.status_code == 422
    assert not AuditEvent.objects.exists()


def test_the_trail_names_the_admin_and_keeps_the_reason(manager, act, tenant):
    done(act(manager, "alice", "suspend", reason="Spam from this account"))

    event = newest()
    assert (event.actor_kind, event.actor_id) == (ActorKind.ADMIN, ADMIN)
    assert event.explanation == "Spam from this account"
    assert event.outcome == Outcome.DONE
    assert event.account_id == tenant.user("alice")["id"]


def test_the_person_is_told_by_mail(manager, act):
    done(act(manager, "alice", "suspend"))

    assert mails_to("alice@example.com") == ["Your account was suspended"]


def test_in_their_own_language(manager, act):
    done(act(manager, "erin", "sign-out"))

    [letter] = mail.outbox
    assert letter.to == ["erin@example.com"]
    assert "로그" in letter.subject


def test_the_mail_does_not_tell_the_reason(manager, act):
    done(act(manager, "alice", "suspend", reason="Bob complained about her"))

    assert "Bob" not in mail.outbox[0].body


def test_no_mail_is_sent_where_the_admin_says_why_not(manager, act):
    done(act(manager, "alice", "suspend", reason="Spam", **SILENT))

    assert mail.outbox == []
    assert newest().explanation == "Spam · No mail: A test account"


def test_without_saying_why_there_is_a_mail_or_nothing(manager, act, tenant):
    response = act(manager, "alice", "suspend", tells="")

    assert response.status_code == 422
    assert "Say why they get no mail." in text(response)
    assert not tenant.user("alice")["isSuspended"]


def test_somebody_without_an_address_is_not_asked_about(manager, tenant):
    alice = tenant.user("alice")["id"]
    tenant.management("PATCH", f"/users/{alice}", json={"primaryEmail": ""})

    page = manager.get(page_of(alice, "suspend"))

    assert "by mail" not in text(page)


def test_looking_at_the_page_changes_nothing(manager, tenant):
    assert manager.get(page_of(tenant.user("alice")["id"], "suspend")).status_code == 200
    assert not tenant.user("alice")["isSuspended"]


def test_a_second_click_does_nothing_more(manager, tenant):
    address = page_of(tenant.user("alice")["id"], "reset-password")
    sent = hidden(manager.get(address)) | WHY

    assert manager.post(address, sent).status_code == 200
    response = manager.post(address, sent)

    assert refusal(response).startswith("This was sent already.")
    assert AuditEvent.objects.count() == 1


def test_a_form_that_names_no_page_is_not_believed(manager, tenant):
    response = manager.post(page_of(tenant.user("alice")["id"], "suspend"), WHY)

    assert refusal(response).startswith("This was sent already.")
    assert not tenant.user("alice")["isSuspended"]


def test_without_a_csrf_token_nothing_is_done(manager, tenant):
    strict = manager.__class__(enforce_csrf_checks=True)
    strict.cookies = manager.cookies

    response = strict.post(page_of(tenant.user("alice")["id"], "suspend"), WHY | {"once": "x"})

    assert response.status_code == 403
    assert not tenant.user("alice")["isSuspended"]


@pytest.mark.parametrize(("told", "mails"), [({}, 1), (SILENT, 0)])
def test_a_mail_waits_where_nobody_heard_the_end_and_the_person_is_to_be_told(
    manager, act, tenant, told, mails
):
    tenant.faults.add(path=".*/is-suspended", status=502, after=True)

    act(manager, "alice", "suspend", reason="Spam", **told)

    assert tenant.user("alice")["isSuspended"]
    assert Notice.objects.count() == mails
    assert mails_to("alice@example.com") == []


def test_what_was_typed_stays_while_logto_is_down(manager, act, tenant):
    tenant.faults.add(path=".*/is-suspended", status=503)

    response = act(manager, "alice", "suspend", reason="Spam from this account")

    assert "may or may not have been done" in refusal(response, 503)
    assert "Spam from this account" in text(response)
    assert newest().outcome == Outcome.UNKNOWN


def test_too_much_at_once_is_said(manager, act, tenant):
    tenant.faults.add(path=".*/is-suspended", status=429, body={"code": "x", "message": "-"})

    assert "asked too much at once" in refusal(act(manager, "alice", "suspend"), 429)
    assert newest().outcome == Outcome.REFUSED


def test_somebody_who_is_gone_leads_back_to_the_list(manager, tenant):
    assert manager.get(page_of("nobody000001", "suspend")).status_code == 302


# Who may not


@pytest.mark.parametrize("deed", ["suspend", "delete"])
def test_nobody_suspends_or_deletes_themself(as_staff, act, tenant, deed):
    dave = tenant.user("dave")
    client = as_staff(Level.MANAGE, dave["id"])

    response = act(client, "dave", deed, typed="dave@example.com")

    assert refusal(response) == "This is your own account. Ask another admin to do this."
    assert not tenant.user("dave")["isSuspended"]
    assert newest().outcome == Outcome.REFUSED


def test_a_helper_does_not_touch_who_manages_people(helper, act, tenant):
    response = act(helper, "dave", "reset-password")

    assert refusal(response).startswith("This person may do more here than you do.")
    assert newest().outcome == Outcome.REFUSED
    verified = tenant.management(
        "POST",
        f"/users/{tenant.user('dave')['id']}/password/verify",
        json={"password": tenant.password_of("dave")},
    )
    assert verified.status_code == 204


# Help


def test_a_temporary_password_is_shown_once_and_works(helper, act, tenant):
    page = act(helper, "alice", "reset-password")

    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    secret = inspected_admin(page).select_one("#secret")["value"]
    verify = f"/users/{tenant.user('alice')['id']}/password/verify"
    assert tenant.management("POST", verify, json={"password": secret}).status_code == 204
    assert "so it stays: ask them to change it" in text(page)
    assert [event.action for event in AuditEvent.objects.order_by("pk")] == ["password.reset"]


def test_it_stands_nowhere_else(helper, act):
    secret = inspected_admin(act(helper, "alice", "reset-password")).select_one("#secret")["value"]

    kept = [str(vars(event)) for event in AuditEvent.objects.all()]
    assert secret not in " ".join(kept)
    assert secret not in str(dict(helper.session.items()))
    assert secret not in "".join(letter.body for letter in mail.outbox)


def test_where_passwords_expire_it_lasts_until_the_next_sign_in(helper, act, tenant):
    expiring = {"passwordExpiration": {"enabled": True, "validPeriodDays": 90}}
    tenant.management("PATCH", "/sign-in-exp", json=expiring)

    page = act(helper, "alice", "reset-password")

    assert "Logto asks for a new one at their next sign-in." in text(page)


def test_it_meets_a_policy_that_wants_much(helper, act, tenant):
    policy = {"length": {"min": 24, "max": 30}, "characterTypes": {"min": 4}}
    tenant.management("PATCH", "/sign-in-exp", json={"passwordPolicy": policy})

    page = act(helper, "alice", "reset-password")

    assert len(inspected_admin(page).select_one("#secret")["value"]) >= 24


def test_a_reset_signs_them_out_if_wanted(helper, act, tenant):
    alice = tenant.user("alice")["id"]
    Session.objects.create(key_hash="a", payload=b"", account_id=alice)

    act(helper, "alice", "reset-password", signs_out="on")

    assert Session.objects.get(pk="a").end_reason == EndReason.ENDED_ELSEWHERE
    assert newest().action == "sessions.ended"


def test_a_password_that_was_reset_is_shown_whatever_comes_after(helper, act, tenant):
    tenant.faults.add(path=".*/sessions", status=503)

    page = act(helper, "alice", "reset-password", signs_out="on")

    assert page.status_code == 200
    assert inspected_admin(page).select_one("#secret")["value"]
    assert "may still be signed in somewhere" in text(page)


def test_signing_out_ends_sessions_here(helper, act, tenant):
    alice = tenant.user("alice")["id"]
    Session.objects.create(key_hash="a", payload=b"", account_id=alice)
    Session.objects.create(key_hash="b", payload=b"", account_id="somebody")

    done(act(helper, "alice", "sign-out"))

    assert Session.objects.get(pk="a").ended_at
    assert not Session.objects.get(pk="b").ended_at


def test_unlocking_names_all_they_sign_in_with(helper, act):
    done(act(helper, "alice", "unlock"))

    assert newest().action == "account.unlocked"


# Manage


def test_name_and_picture(manager, act, tenant):
    picture = "https://pictures.example.com/alice.png"

    done(act(manager, "alice", "edit", name="Alice Pleasance", avatar=picture))

    alice = tenant.user("alice")
    assert (alice["name"], alice["avatar"]) == ("Alice Pleasance", picture)
    assert newest().changes["name"] == ["A•••", "A•••"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "🦆" * 65}, "an emoji counts as two"),
        ({"avatar": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"avatar": "ftp://example.com/x.png"}, "begins with https://"),
        ({}, "Nothing is different"),
    ],
)
def test_what_can_not_be_a_name_or_picture(manager, act, given, said):
    response = act(manager, "alice", "edit", **given)

    assert response.status_code == 422
    assert said in text(response)


def test_the_profile_is_merged(manager, act, tenant):
    done(act(manager, "alice", "profile", nickname="Ally", birthdate=""))

    profile = tenant.user("alice")["profile"]
    assert profile["nickname"] == "Ally"
    assert not profile.get("birthdate")
    assert profile["middleName"] == "Pleasance"
    assert profile["address"]["locality"] == "Hull"


def test_an_email_address_is_set_and_both_are_told(manager, act, tenant):
    done(act(manager, "alice", "email", email="new@example.com"))

    assert tenant.user("alice")["primaryEmail"] == "new@example.com"
    assert mails_to("alice@example.com") == mails_to("new@example.com") != []


def test_an_identifier_of_somebody_else_is_refused(manager, act, tenant):
    for deed, value, said in (
        ("email", "bob@example.com", "Another account has this email address."),
        ("username", "bob", "Another account has this username."),
    ):
        assert refusal(act(manager, "alice", deed, **{deed: value})) == said


def test_the_tenants_rules_hold_for_admins_too(manager, act, tenant):
    blocked = {"emailBlocklistPolicy": {"customBlocklist": ["@blocked.example"]}}
    tenant.management("PATCH", "/sign-in-exp", json=blocked)

    assert "can’t be used here" in refusal(
        act(manager, "alice", "email", email="a@blocked.example")
    )
    assert "Use only" in refusal(act(manager, "alice", "username", username="al ice"))


def test_a_phone_number_is_written_with_its_country(manager, act, tenant):
    done(act(manager, "bob", "phone", phone="+82 10-9876-5432"))
    assert tenant.user("bob")["primaryPhone"] == "821098765432"

    response = act(manager, "bob", "phone", phone="010-9876-5432")
    assert "Begin with + and the country’s code" in text(response)


def test_an_identifier_is_taken_away(manager, act, tenant):
    done(act(manager, "alice", "phone", phone=""))

    assert tenant.user("alice")["primaryPhone"] is None
    assert newest().action == "phone.removed"


def test_the_last_way_to_sign_in_stays(manager, act, tenant):
    erin = tenant.user("erin")["id"]
    tenant.management("PATCH", f"/users/{erin}", json={"username": ""})
    tenant.management("PATCH", "/sign-in-exp", json={"socialSignInConnectorTargets": []})
    address = page_of(erin, "email")

    response = manager.post(address, hidden(manager.get(address)) | WHY | {"email": ""})

    assert refusal(response).startswith("This is their only way to sign in.")


def test_somebody_elses_edit_is_not_overwritten(manager, tenant):
    alice = tenant.user("alice")["id"]
    address = page_of(alice, "edit")
    opened = hidden(manager.get(address)) | WHY | {"name": "Mine"}
    tenant.management("PATCH", f"/users/{alice}", json={"name": "Theirs"})

    response = manager.post(address, opened)

    assert refusal(response).startswith("This was changed elsewhere")
    assert "Theirs" in text(response)
    assert tenant.user("alice")["name"] == "Theirs"
    again = hidden(response) | WHY | {"name": "Mine"}
    done(manager.post(address, again))
    assert tenant.user("alice")["name"] == "Mine"


def test_suspending_ends_their_sessions_here(manager, act, tenant):
    alice = tenant.user("alice")["id"]
    Session.objects.create(key_hash="a", payload=b"", account_id=alice)

    done(act(manager, "alice", "suspend"))

    assert tenant.user("alice")["isSuspended"]
    assert Session.objects.get(pk="a").end_reason == EndReason.SUSPENDED


def test_a_suspension_is_lifted(manager, act, tenant):
    done(act(manager, "carol", "lift"))

    assert not tenant.user("carol")["isSuspended"]
    assert newest().action == "account.restored"


def test_a_social_account_is_disconnected(manager, act, tenant):
    done(act(manager, "alice", "unlink", item="github"))

    assert tenant.user("alice")["identities"] == {}
    assert newest().action == "connection.removed"


def test_a_second_step_goes_with_the_codes_beside_it(manager, act, tenant):
    bob = tenant.user("bob")["id"]
    path = f"/users/{bob}/mfa-verifications"
    totp = next(one for one in tenant.management("GET", path).json() if one["type"] == "Totp")

    done(act(manager, "bob", "remove-factor", item=totp["id"]))

    assert tenant.management("GET", path).json() == []
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert actions == {"authenticator.removed", "backup_codes.removed"}


def test_a_token_is_revoked_by_its_name(manager, act, tenant):
    alice = tenant.user("alice")["id"]
    path = f"/users/{alice}/personal-access-tokens"
    tenant.management("POST", path, json={"name": "ci / <b>"})

    done(act(manager, "alice", "revoke-token", item="ci / <b>"))

    assert "ci / <b>" not in [one["name"] for one in tenant.management("GET", path).json()]


@pytest.mark.parametrize("deed", ["unlink", "remove-factor", "revoke-token", "revoke-app", "leave"])
def test_what_is_not_theirs_is_not_there(manager, act, deed):
    response = act(manager, "alice", deed, item="of-somebody-else")

    assert response.status_code == 422
    assert newest() is None or newest().outcome == Outcome.REFUSED


def test_roles_are_given_and_taken(manager, act, tenant):
    roles = {one["name"]: one["id"] for one in tenant.management("GET", "/roles").json()}

    done(act(manager, "bob", "roles", roles=[roles["support"], roles["member"]]))

    held = tenant.management("GET", f"/users/{tenant.user('bob')['id']}/roles").json()
    assert {one["name"] for one in held} == {"support", "member"}
    assert newest().changes["roles"] == [None, "member, support"]


def test_a_role_of_the_admin_counts_at_once(manager, act, as_staff, tenant):
    roles = {one["name"]: one["id"] for one in tenant.management("GET", "/roles").json()}
    dave = tenant.user("dave")["id"]
    theirs = as_staff(Level.MANAGE, dave)

    done(act(manager, "dave", "roles", roles=[roles["accountsite-viewer"]]))

    assert theirs.get(page_of(dave)).status_code == 200
    assert theirs.get(page_of(dave, "suspend")).status_code == 403


def test_nobody_takes_the_role_away_that_they_manage_people_by(as_staff, act, tenant):
    client = as_staff(Level.MANAGE, tenant.user("dave")["id"])

    response = act(client, "dave", "roles", roles=[])

    assert refusal(response).startswith("You would lose what you may do here.")


def test_a_role_that_is_no_role_is_refused(manager, act):
    assert act(manager, "bob", "roles", roles=["invented"]).status_code == 422


def test_organizations_are_joined_and_left(manager, act, tenant):
    erin = tenant.user("erin")["id"]
    club = tenant.management("GET", "/organizations").json()[0]["id"]
    role = tenant.management("GET", "/organization-roles").json()[0]

    done(act(manager, "erin", "join", organization=club, roles=[role["id"]]))
    mine = tenant.management("GET", f"/users/{erin}/organizations").json()
    assert [one["name"] for one in mine[0]["organizationRoles"]] == [role["name"]]

    done(act(manager, "erin", "organization-roles", item=club, roles=[]))
    mine = tenant.management("GET", f"/users/{erin}/organizations").json()
    assert mine[0]["organizationRoles"] == []

    done(act(manager, "erin", "leave", item=club))
    assert tenant.management("GET", f"/users/{erin}/organizations").json() == []
    assert newest().changes["organization"] == ["Northern Sailing Club", None]


def test_an_organization_is_found_among_many(manager, tenant):
    for number in range(101):
        body = {"name": f"Club {number:03}"}
        assert tenant.management("POST", "/organizations", json=body).ok
    address = page_of(tenant.user("erin")["id"], "join")

    assert "Find an organization" in text(manager.get(address))
    found = text(manager.get(address, {"find": "Club 007"}))
    assert "Club 007" in found
    assert "Club 008" not in found


def test_custom_data_is_replaced_whole(manager, act, tenant):
    done(act(manager, "alice", "custom-data", document='{"theme": "dark", "new": [1]}'))

    assert tenant.user("alice")["customData"] == {"theme": "dark", "new": [1]}
    assert newest().action == "custom_data.changed"
    assert "dark" not in json.dumps(newest().changes)


@pytest.mark.parametrize(
    "document", ["", "{", "[]", "null", '{"a": NaN}', '{"a": "\\u0000"}', "[" * 5000]
)
def test_what_is_no_object_stays_in_the_form(manager, act, tenant, document):
    before = tenant.user("alice")["customData"]

    assert act(manager, "alice", "custom-data", document=document).status_code == 422
    assert tenant.user("alice")["customData"] == before


def test_deleting_wants_their_name_typed(manager, act, tenant):
    response = act(manager, "bob", "delete", typed="bob")
    assert "This is something else." in text(response)

    done(act(manager, "bob", "delete", typed="bob@example.com"))
    query = {"search.username": "bob", "mode.username": "exact"}
    assert tenant.management("GET", "/users", params=query).json() == []
    assert newest().action == "account.deleted"
    assert mails_to("bob@example.com") == ["Your account was deleted"]


def test_who_is_deleted_is_staff_no_more(manager, act, as_staff, tenant):
    bob = tenant.user("bob")["id"]
    as_staff(Level.HELP, bob)

    done(act(manager, "bob", "delete", typed="bob@example.com"))

    assert not Staff.objects.get(username=staff.username_of(bob)).is_staff
