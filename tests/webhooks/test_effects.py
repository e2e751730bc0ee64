"""What each event does to an account here: once, whatever comes twice, late, or in disorder."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from accountsite.audit import pruning, trail
from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent
from accountsite.exports.models import Export
from accountsite.notices.models import Notice
from accountsite.signin.models import EndReason, Session
from accountsite.webhooks import services
from accountsite.webhooks.models import Delivery, KnownAccount, State
from tests.conftest import ALICE
from tests.webhooks.conftest import by_account_api, by_management, by_person, now, user

pytestmark = pytest.mark.django_db(transaction=True)

US = "accountsite"


def later(seconds):
    return (datetime.fromisoformat(now()) + timedelta(seconds=seconds)).isoformat()


def told():
    """The trail, oldest first, without how it came about."""
    return [event.action for event in AuditEvent.objects.order_by("pk")]


def effects():
    return Delivery.objects.first().effects


def deletion(**changes):
    return by_management("User.Deleted", method="DELETE", status=204, **changes)


def suspension(*, is_suspended=True, **changes):
    route = "/users/:userId/is-suspended"
    return by_management(
        "User.SuspensionStatus.Updated", route, data=user(isSuspended=is_suspended), **changes
    )


# Gone


def test_who_was_deleted_is_out_before_the_answer_and_told_why(deliver, alice, settings):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}

    deliver(deletion())

    response = alice.get("/profile/")
    assert (response.status_code, response["Location"]) == (
        302,
        "/signed-out/?reason=gone&next=%2Fprofile%2F",
    )
    assert Session.objects.get().end_reason == EndReason.GONE


def test_nothing_personal_is_left_of_who_was_deleted(deliver, alice):
    deliver(by_person("PostResetPassword"))
    deliver(by_person("PostSignIn"))
    deliver(deletion())

    left = Delivery.objects.get()
    assert (left.event, left.account_id, left.content()) == (
        "User.Deleted",
        pruning.pseudonym(ALICE),
        None,
    )
    assert not KnownAccount.objects.exists()
    assert not Session.objects.filter(account_id=ALICE).exists()
    event = AuditEvent.objects.get()
    assert (event.action, event.account_id) == ("account.deleted", pruning.pseudonym(ALICE))


def test_what_comes_after_a_deletion_brings_nothing_back(deliver):
    deliver(deletion())
    deliver(by_management("User.Data.Updated", createdAt=later(-2)))

    assert effects() == ["overtaken"]
    assert Delivery.objects.first().content() is None
    assert not KnownAccount.objects.exists()
    assert told() == ["account.deleted"]


def test_a_deletion_that_the_person_asked_for_is_told_once(deliver):
    with trail.change(Action.ACCOUNT_DELETED, pruning.pseudonym(ALICE), actor=trail.SYSTEM):
        deliver(deletion(userAgent=US))

    assert told() == ["account.deleted"]
    assert "ours" in effects()


def test_a_deletion_by_an_admin_stays_told_with_the_admin_and_the_reason(deliver, clock):
    dave = trail.admin("dave")
    with trail.change(Action.ACCOUNT_DELETED, ALICE, actor=dave, explanation="Asked for it."):
        deliver(deletion(userAgent=US))
    assert (Delivery.objects.get().state, Delivery.objects.get().error) == ("waiting", "NotYet")

    for _minute in range(10):
        clock.shift(timedelta(minutes=1))
        services.process_due()

    event = AuditEvent.objects.get()
    assert (event.account_id, event.actor_id, event.explanation) == (
        pruning.pseudonym(ALICE),
        "dave",
        "Asked for it.",
    )


def test_where_forgetting_fails_it_is_tried_again(deliver, clock):
    def broken(execute, sql, params, many, context):
        if sql.startswith("DELETE") and "knownaccount" in sql:
            raise DatabaseError("gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(broken):
        deliver(deletion())
    assert Delivery.objects.get().content() is not None

    clock.shift(timedelta(minutes=2))
    services.process_due()

    assert Delivery.objects.get().content() is None
    assert told() == ["account.deleted"]


# Suspended


def test_who_was_suspended_is_out_before_the_answer(deliver, alice, settings):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}

    deliver(suspension())

    assert alice.get("/profile/")["Location"].startswith("/signed-out/?reason=suspended")
    assert Delivery.objects.get().state == State.WAITING


def test_what_a_suspended_person_had_exported_is_gone(deliver):
    Export.objects.create(account_id=ALICE)

    deliver(suspension())

    assert not Export.objects.exists()
    assert "tasks_canceled" in effects()


def test_only_that_persons_sessions_end(deliver, alice, sign_in):
    bob = sign_in(Client(), id="bob")

    deliver(suspension())

    assert bob.get("/sign-out/").status_code == 200


def test_a_suspension_is_told_and_so_is_its_end(deliver):
    deliver(by_person("PostSignIn"))
    deliver(suspension())
    deliver(suspension(createdAt=later(1)))
    deliver(suspension(is_suspended=False, createdAt=later(2)))

    assert told() == ["account.suspended", "account.restored"]


def test_lifting_a_suspension_ends_nothing(deliver, alice):
    deliver(suspension(is_suspended=False))

    assert alice.get("/sign-out/").status_code == 200


def test_a_suspension_that_was_lifted_since_ends_nothing(deliver, alice):
    deliver(suspension(is_suspended=False, createdAt=later(-1)))
    deliver(suspension(createdAt=later(-3)))

    assert alice.get("/sign-out/").status_code == 200
    assert "overtaken" in effects()
    assert told() == ["account.restored", "account.suspended"]


def test_a_replayed_suspension_ends_nothing(deliver, alice, sign_in, client):
    body = suspension()
    deliver(body)
    sign_in(client)

    deliver(body)

    assert client.get("/sign-out/").status_code == 200


# Changed elsewhere


def changes():
    """What the last event says was changed, without the way."""
    rows = dict(AuditEvent.objects.latest("pk").changes)
    rows.pop("way")
    return rows


def test_a_change_is_told_by_the_fields_that_differ_from_what_was_known(deliver):
    deliver(by_person("PostSignIn"))

    deliver(
        by_management(
            "User.Data.Updated",
            data=user(
                primaryEmail="eve@example.org",
                name=None,
                profile={"locale": "ko-KR", "nickname": "Al"},
                customData={"plan": {"seats": 5}},
                identities={"google": {"userId": "g-1"}},
            ),
        )
    )

    assert told() == ["account.changed"]
    assert changes() == {
        "email": ["•••", "e•••@example.org"],
        "name": ["•••", None],
        "profile.nickname": [None, "•••"],
        "profile.zoneinfo": ["•••", None],
        "custom_data.plan": [None, "•••"],
        "connection.google": [None, "•••"],
    }


def test_what_was_told_is_known_from_then_on(deliver):
    deliver(by_person("PostSignIn"))
    deliver(by_management("User.Data.Updated", data=user(name="Al")))

    deliver(by_management("User.Data.Updated", data=user(name="Al", username="al")))

    assert changes() == {"username": ["•••", "a•••"]}


def test_part_of_a_user_is_compared_with_that_part(deliver):
    deliver(by_person("PostSignIn", user=user(customData={"a": 1, "b": 2})))

    deliver(by_management("User.Data.Updated", "/users/:userId/custom-data", data={"b": 3, "c": 4}))
    assert changes() == {
        "custom_data.a": ["•••", None],
        "custom_data.b": ["•••", "•••"],
        "custom_data.c": [None, "•••"],
    }

    deliver(by_management("User.Data.Updated", "/users/:userId/profile", data={"locale": "fr"}))
    assert set(changes()) == {"profile.locale", "profile.zoneinfo"}


def test_what_is_known_is_no_value(deliver):
    deliver(by_person("PostSignIn"))

    known = KnownAccount.objects.get()
    assert set(known.hashes) == {
        "username",
        "email",
        "name",
        "password",
        "suspended",
        "profile.locale",
        "profile.zoneinfo",
    }
    assert "alice" not in str(known.hashes).lower()


def test_a_new_key_of_the_site_makes_nothing_look_changed(deliver, settings):
    deliver(by_person("PostSignIn"))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key" * 5

    deliver(by_management("User.Data.Updated", data=user(name="Al")))
    assert changes() == {"name": ["•••", "A•••"]}

    settings.SECRET_KEY_FALLBACKS = []
    deliver(by_management("User.Data.Updated", data=user(name="Bo")))
    assert changes() == {"name": ["•••", "B•••"]}


def test_where_the_key_is_gone_only_the_way_is_told(deliver, settings):
    deliver(by_person("PostSignIn"))
    settings.SECRET_KEY = "another-key" * 5

    deliver(by_management("User.Data.Updated", data=user(name="Al")))

    assert AuditEvent.objects.get().changes == {
        "way": [None, "Management API: PATCH /users/:userId"]
    }


def test_a_change_that_changed_nothing_is_not_told(deliver):
    deliver(by_person("PostSignIn"))
    deliver(by_management("User.Data.Updated"))

    assert told() == []
    assert effects() == ["nothing_changed"]


def test_of_an_account_that_was_not_known_only_the_way_is_told(deliver):
    deliver(by_management("User.Data.Updated", data=user(name="Al")))

    assert AuditEvent.objects.get().changes == {
        "way": [None, "Management API: PATCH /users/:userId"]
    }


@pytest.mark.parametrize(
    ("body", "way"),
    [
        (by_account_api(), "Account API"),
        (by_management("User.Data.Updated", userAgent="Mozilla/5.0 (X11)"), "Logto Console"),
        (
            by_management("User.Data.Updated", "/users/:userId/custom-data", data={"a": 1}),
            "Management API: PATCH /users/:userId/custom-data",
        ),
    ],
)
def test_it_is_told_by_which_way_something_was_changed(deliver, body, way):
    deliver(body | {"createdAt": now()})

    assert AuditEvent.objects.get().changes["way"] == [None, way]


def test_a_new_password_is_told_though_nothing_else_differs(deliver):
    deliver(by_person("PostSignIn"))
    deliver(by_management("User.Data.Updated", "/users/:userId/password"))

    assert changes() == {"password": ["•••", "•••"]}


def test_the_persons_own_device_is_told_and_an_admins_is_not(deliver):
    deliver(by_account_api())
    deliver(by_management("User.Data.Updated", createdAt=later(1), data=user(name="Al")))

    own, other = AuditEvent.objects.order_by("pk")
    assert (own.address, own.device) == ("192.0.2.7", "Firefox on Linux")
    assert (other.address, other.user_agent) == (None, "")


def test_a_change_of_our_own_is_not_told_twice(deliver):
    deliver(by_person("PostSignIn"))
    with trail.change(Action.EMAIL_CHANGED, ALICE):
        deliver(by_management("User.Data.Updated", userAgent=US, data=user(name="Al")))

    assert told() == ["email.changed"]
    assert effects()[-1] == "ours"
    deliver(by_management("User.Data.Updated", createdAt=later(1), data=user(name="Al")))
    assert effects() == ["nothing_changed"]


def test_who_calls_themselves_like_this_site_is_told_all_the_same(deliver):
    deliver(by_management("User.Data.Updated", userAgent=US))

    assert told() == ["account.changed"]


@pytest.mark.parametrize("minutes", [-2, 2])
def test_a_change_of_ours_is_known_though_logtos_clock_is_wrong(deliver, minutes):
    at = later(60 * minutes)

    with trail.change(Action.ACCOUNT_SUSPENDED, ALICE, actor=trail.admin("dave")):
        deliver(
            by_management(
                "User.SuspensionStatus.Updated",
                data=user(isSuspended=True),
                userAgent=US,
                createdAt=at,
            )
        )

    assert told() == ["account.suspended"]
    assert "ours" in effects()


def test_a_change_by_others_beside_one_of_ours_is_told(deliver):
    with trail.change(Action.EMAIL_CHANGED, ALICE):
        deliver(by_management("User.Data.Updated"))

    assert told() == ["email.changed", "account.changed"]


def test_of_an_older_state_that_comes_later_nothing_wrong_is_told_or_kept(deliver):
    deliver(by_person("PostSignIn", createdAt=later(-9)))
    deliver(by_management("User.Data.Updated", data=user(name="New"), createdAt=later(-1)))
    deliver(by_management("User.Data.Updated", data=user(name="Old"), createdAt=later(-5)))

    assert changes() == {}
    deliver(by_management("User.Data.Updated", data=user(name="New"), createdAt=later(0)))
    assert effects() == ["nothing_changed"]


def test_pages_show_the_new_name_at_once(deliver, alice):
    deliver(by_account_api(data=user(name="Ada Lovelace")))

    assert "Ada Lovelace" in alice.get("/sign-out/").text
    assert "refreshed" in effects()


# Their own doing


def test_a_sign_in_elsewhere_makes_the_account_known(deliver):
    deliver(by_person("PostSignIn"))

    assert effects() == ["noted", "device_seen"]
    assert told() == []


def test_a_sign_in_from_a_new_device_is_told(deliver):
    deliver(by_person("PostSignIn", createdAt=later(-600)))
    deliver(by_person("PostSignIn", userAgent="curl/8", userIp="198.51.100.1"))

    assert told() == ["device.new"]


def test_an_address_of_ipv4_is_the_same_however_it_is_written(deliver):
    deliver(by_person("PostResetPassword", userIp="::ffff:192.0.2.7"))

    assert AuditEvent.objects.get().address == "192.0.2.7"


def test_a_password_reset_is_told_and_mailed_in_the_persons_language(deliver, mailoutbox):
    deliver(by_person("PostResetPassword"))

    event = AuditEvent.objects.get()
    assert (event.action, event.actor_kind, event.address) == (
        "password.reset",
        "person",
        "192.0.2.7",
    )
    (notice,) = Notice.objects.all()
    assert (notice.recipient, notice.language, notice.time_zone) == (
        "alice@example.com",
        "ko",
        "Asia/Seoul",
    )


def test_who_has_no_email_gets_no_mail(deliver):
    deliver(by_person("PostResetPassword", user=user(primaryEmail=None)))

    assert effects() == ["audited"]
    assert not Notice.objects.exists()


def test_a_new_account_is_told_once_though_two_events_tell_of_it(deliver):
    deliver(by_management("User.Created", "/users", params={}, method="POST"))
    deliver(by_person("PostRegister"))

    assert told() == ["account.created"]
    assert not Notice.objects.exists()


def test_a_welcome_is_sent_where_the_operator_wants_it(deliver, settings):
    settings.WELCOME_MAIL = True

    deliver(by_person("PostRegister"))

    assert Notice.objects.get().recipient == "alice@example.com"


def lockout(**changes):
    own = {"type": "email", "value": "alice@example.com", "createdAt": now()}
    return (
        {"event": "Identifier.Lockout", "userAgent": "curl/8", "ip": "192.0.2.66"} | own | changes
    )


def test_a_lockout_is_told_to_the_owner_of_the_identifier(deliver, wire):
    wire.get("https://logto.test/api/users", json=[user()])

    deliver(lockout())

    assert told() == ["account.locked"]
    assert AuditEvent.objects.get().account_id == ALICE
    assert Notice.objects.get().recipient == "alice@example.com"


@pytest.mark.parametrize("typed", [{"type": "moon"}, {"value": ""}, {"value": None}, {"type": []}])
def test_a_lockout_of_nobody_we_know_tells_nobody(deliver, wire, typed):
    wire.get("https://logto.test/api/users", json=[])

    deliver(lockout(**typed))

    assert effects() == ["nobody"]


def test_a_username_in_other_letters_is_another_ones(deliver, wire):
    wire.get("https://logto.test/api/users", json=[user(id="x", username="ALICE"), user()])

    deliver(lockout(type="username", value="alice"))

    assert AuditEvent.objects.get().account_id == ALICE


# Again


def test_processing_again_tells_and_mails_nothing_twice(deliver):
    for body in (by_person("PostResetPassword"), suspension(), by_account_api()):
        deliver(body)
    before = told()

    for delivery in Delivery.objects.all():
        services.process_again(delivery)

    assert told() == before
    assert Notice.objects.count() == 1


def test_the_trail_names_the_delivery_and_the_time_of_the_event(deliver):
    deliver(by_person("PostResetPassword", createdAt=later(-600)))

    event, delivery = AuditEvent.objects.get(), Delivery.objects.get()
    assert event.request_id == delivery.correlation_id
    assert event.started_at == delivery.created_at
