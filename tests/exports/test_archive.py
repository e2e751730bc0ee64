"""The file: everything that the tenant and the site hold about a person, and no secret."""

import hashlib

import pytest
from django.apps import apps
from django.contrib.auth.models import User as Staff
from django.utils import timezone

from accountsite import avatars
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.demo.people import BOBS_CODES, BOBS_SECRET
from accountsite.exports.parts import PARTS, history, records
from accountsite.logto.client import MAX_PAGE_SIZE
from accountsite.notices import delivery
from accountsite.recognition.models import KnownDevice
from accountsite.signin import staff
from accountsite.webhooks.models import Delivery, KnownAccount
from tests.exports.conftest import FILE, copy, request
from tests.profile import pictures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.demo]

HOSTILE = '<script>alert("1")</script>\u202e 😀 ' + "x" * 90


def test_it_holds_a_page_and_the_same_for_programs(alice):
    found = copy(alice)

    assert found.names == ["my-data.html", "my-data.json"]
    assert (found.data["format"], found.data["version"]) == ("accountsite export", 1)
    assert list(found.data["data"]) == [part.name for part in PARTS]
    titles = [str(part.title) for part in PARTS] + ["What is not in here"]
    assert [heading.text for heading in found.page.find_all("h2")] == titles


def test_it_is_what_the_tenant_holds(alice, tenant):
    user = tenant.user("alice")
    tenant.management(
        "POST", f"/users/{user['id']}/personal-access-tokens", json={"name": "Script 2"}
    )
    path = f"/users/{user['id']}"
    held = {
        name: tenant.management("GET", f"{path}/{name}").json()
        for name in ("personal-access-tokens", "organizations", "roles", "all-identities")
    }

    found = copy(alice)
    data = found.data["data"]

    account = data["account"]
    assert account["id"] == user["id"]
    assert account["name"] == user["name"]
    assert account["username"] == user["username"]
    assert account["primary_email"] == user["primaryEmail"]
    assert account["primary_phone"] == user["primaryPhone"]
    assert account["has_password"] is True
    assert data["profile"] == user["profile"]
    assert data["custom_data"] == user["customData"]
    tokens = [token["name"] for token in held["personal-access-tokens"]]
    assert [token["name"] for token in data["tokens"]] == tokens
    organizations = {one["name"] for one in held["organizations"]}
    assert {one["name"] for one in data["organizations"]} == organizations
    assert [one["name"] for one in data["roles"]] == [one["name"] for one in held["roles"]]
    [github] = data["connections"]["social"]
    assert github["identity"]["subject"] == user["identities"]["github"]["userId"]
    assert github["stored_tokens"]["scopes"] == ["read:user", "user:email"]
    for text in (user["name"], "alice@example.com", "+12025550123", "12 Quay Street"):
        assert text in found.text
    assert "Liddell & Daughters" in found.chapter("custom_data")
    assert all(name in found.chapter("organizations") for name in organizations)
    assert all(name in found.chapter("tokens") for name in tokens)


def test_no_table_of_this_site_with_somebody_s_id_is_forgotten():
    told = {record.model for record in records.RECORDS} | set(records.ELSEWHERE)
    names = {"account_id", "user_id", "account"}

    with_somebody = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("accountsite.")
        and names & {field.attname for field in model._meta.concrete_fields}
        and model._meta.app_label != "demo"
    }

    assert with_somebody - told == set(), "is it told of, and if not, why not?"
    for record in records.RECORDS:
        model = apps.get_model(record.model)
        assert {record.by, record.at, *record.fields} <= {f.name for f in model._meta.fields}


def test_what_other_parts_of_this_site_note_is_told_of(alice, tenant):
    for username in ("alice", "bob"):
        account_id = tenant.user(username)["id"]
        Delivery.objects.create(
            digest=username, event=f"{username}.event", account_id=account_id, body=b"sealed"
        )
        KnownAccount.objects.create(
            account_id=account_id, hashes={"name": "a-hash"}, as_of=timezone.now()
        )

    found = copy(alice)

    rows = found.data["data"]["records"]
    assert [one["event"] for one in rows["webhooks.Delivery"]] == ["alice.event"]
    assert len(rows["webhooks.KnownAccount"]) == 1
    assert "alice.event" in found.chapter("records")
    assert "a-hash" not in found.text


@pytest.mark.parametrize("username", ["alice", "bob"])
def test_nothing_in_it_opens_an_account(visit, tenant, username):
    account_id = tenant.user(username)["id"]
    answer = tenant.management("GET", f"/users/{account_id}/personal-access-tokens")
    values = [token["value"] for token in answer.json()]
    client = visit(username)

    found = copy(client)

    secrets = [*values, BOBS_SECRET, *BOBS_CODES, tenant.password_of(username)]
    secrets += [client.session.session_key, "an-id-token"]
    secrets += [hashlib.sha256(client.session.session_key.encode()).hexdigest()]
    assert [secret for secret in secrets if secret in found.text] == []


def test_second_steps_are_told_of(visit):
    found = copy(visit("bob"))

    kinds = [factor["factor"] for factor in found.data["data"]["second_steps"]["factors"]]
    assert sorted(kinds) == ["BackupCode", "Totp"]
    assert "Authenticator app" in found.chapter("second_steps")


def test_enterprise_identities_and_roles_are_told_of(visit):
    found = copy(visit("dave"))

    assert len(found.data["data"]["connections"]["enterprise"]) == 1
    assert "accountsite-admin" in found.chapter("roles")


def test_admins_are_told_that_they_are_known_as_such(visit, tenant):
    account_id = tenant.user("dave")["id"]
    Staff.objects.create(username=staff.username_of(account_id), email="dave@example.com")
    Staff.objects.create(username="somebody else", email="else@example.com")

    [known] = copy(visit("dave")).data["data"]["records"]["auth.User"]

    assert known["email"] == "dave@example.com"
    assert "password" not in known


def test_invitations_are_told_of(visit):
    assert copy(visit("erin")).data["data"]["invitations"]


def test_what_happened_here_is_told_as_far_as_its_owner_may_see_it(alice, visit, tenant):
    account_id = tenant.user("alice")["id"]
    values = {"email": ("old@example.com", "new@example.com")}
    trail.record(Action.EMAIL_CHANGED, account_id, values=values, actor=trail.admin("boss-7"))
    delivery.announce(trail.record(Action.EMAIL_CHANGED, tenant.user("bob")["id"]), "bob@x.test")
    visit("bob")

    found = copy(alice)

    events = found.data["data"]["activity"]
    assert [event["action"] for event in events] == ["export.requested", "email.changed"]
    assert "Your email address was changed." in found.chapter("activity")
    assert "boss-7" not in found.text
    [mail] = found.data["data"]["mails"]
    assert (mail["to"], mail["about"]) == ("alice@example.com", "export.requested")
    assert len(found.data["data"]["visits"]) == 1


def test_devices_that_are_known_are_told_of_without_what_they_are_known_by(alice, tenant):
    seen = {"first_seen_at": timezone.now(), "last_seen_at": timezone.now()}
    for username, words in (("alice", "Firefox on Amiga"), ("bob", "Safari on iPhone")):
        KnownDevice.objects.create(
            account_id=tenant.user(username)["id"], fingerprint=f"print-{username}", words=words,
            **seen,
        )  # fmt: skip

    found = copy(alice)

    assert [one["device"] for one in found.data["data"]["known_devices"]] == ["Firefox on Amiga"]
    assert "Firefox on Amiga" in found.chapter("known_devices")
    assert "print-" not in found.text


def test_a_picture_that_is_kept_here_comes_along(alice, tenant):
    account_id = tenant.user("alice")["id"]
    url = avatars.keep(b"RIFF webp", account_id=account_id)
    tenant.management("PATCH", f"/users/{account_id}", json={"avatar": url})

    found = copy(alice)

    assert found.names == ["my-data.html", "my-data.json", "picture.webp"]
    assert found.page.find("img")["src"].startswith("data:image/webp;base64,")
    pictures.empty_storage()


def test_pictures_elsewhere_are_told_of_and_not_fetched_by_who_opens_it(alice, tenant):
    account_id = tenant.user("alice")["id"]
    elsewhere = "https://elsewhere.test/tracker.png"
    tenant.management("PATCH", f"/users/{account_id}", json={"avatar": elsewhere})

    found = copy(alice)

    assert found.page.find("img") is None
    assert elsewhere in found.chapter("account")


def test_the_page_needs_nothing_else_and_runs_nothing(alice, tenant):
    account_id = tenant.user("alice")["id"]
    tenant.management("PATCH", f"/users/{account_id}", json={"name": HOSTILE})
    data = {"</pre>" + HOSTILE: HOSTILE}
    tenant.management("PATCH", f"/users/{account_id}/custom-data", json={"customData": data})

    found = copy(alice)

    assert found.page.find(["script", "link", "iframe", "object"]) is None
    assert not [tag for tag in found.page.find_all(True) if tag.get("src") or tag.get("onclick")]
    assert all(link["href"].startswith("#") for link in found.page.find_all("a"))
    policy = found.page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'")
    assert HOSTILE.split(maxsplit=1)[0] in found.chapter("account")
    assert found.data["data"]["custom_data"] == tenant.user("alice")["customData"]
    assert len(found.page.find_all("h1")) == 1
    ids = [tag["id"] for tag in found.page.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_it_is_in_the_person_s_language_and_time(alice, settings):
    alice.get("/privacy/", headers={"accept-language": "ko"})
    session = alice.session
    session["preferences"] = {"language": "ko", "time_zone": "Asia/Seoul", "theme": "system"}
    session.save()

    found = copy(alice)

    assert found.page.html["lang"] == "ko"
    assert "Asia/Seoul" in found.text


def test_the_log_is_read_page_by_page_to_its_end(alice, tenant, monkeypatch):
    account_id = tenant.user("alice")["id"]
    query = {"userId": account_id, "page_size": 100}
    before = int(tenant.management("GET", "/logs", params=query).headers["Total-Number"])
    monkeypatch.setattr(history.client, "MAX_PAGE_SIZE", 1)

    found = copy(alice)

    assert MAX_PAGE_SIZE == 100
    assert before > 1
    assert len(found.data["data"]["sign_in_log"]) == before
    assert "Only the newest" not in found.chapter("sign_in_log")


def test_a_list_without_end_has_one_here_and_says_so(alice, tenant, monkeypatch):
    monkeypatch.setattr(history, "MOST", 1)
    account_id = tenant.user("alice")["id"]
    for _time in range(3):
        trail.record(Action.PASSWORD_CHANGED, account_id)

    found = copy(alice)

    for name in ("sign_in_log", "activity"):
        assert len(found.data["data"][name]) == 1
        assert "Only the newest are listed here." in found.chapter(name)


def test_who_has_next_to_nothing_is_told_so(visit):
    found = copy(visit("erin"))

    assert "Nothing is held here." in found.chapter("tokens")
    assert found.data["data"]["tokens"] == []


def test_nobody_gets_another_one_s(alice, visit):
    request(alice)

    answer = visit("bob").get(FILE)

    assert (answer.status_code, answer["Location"]) == (302, "/privacy/export/")
    assert alice.get(FILE).status_code == 200, "and it is still there for her"
