"""One mail for each address, sooner or later; a change never waits for it, nor fails with it."""

import smtplib
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import DatabaseError, connection
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from accountsite.audit import pruning
from accountsite.logto import errors
from accountsite.notices import delivery, models
from accountsite.notices.models import Notice, State
from accountsite.refusals import Refusal
from tests.notices.conftest import GREYLISTED, NO_SUCH_USER

pytestmark = pytest.mark.django_db

TO = "a@x.com"


def only_notice():
    return Notice.objects.get()


def test_each_address_gets_one_mail(event):
    delivery.announce(event, "old@example.com", "new@example.org", None, "", "OLD@example.com")

    assert [letter.to for letter in mail.outbox] == [["old@example.com"], ["new@example.org"]]


def test_an_event_that_is_announced_again_sends_nothing_more(event):
    delivery.announce(event, TO)
    delivery.announce(event, TO)

    assert len(mail.outbox) == 1


def test_a_mail_that_was_sent_is_not_sent_again(event):
    delivery.announce(event, TO)
    delivery.deliver.call(only_notice().pk)
    delivery.deliver_due()

    assert len(mail.outbox) == 1
    assert only_notice().state == State.SENT
    assert only_notice().sent_at


def test_language_and_time_zone_are_those_of_the_request(event):
    with translation.override("ko"), timezone.override("Asia/Seoul"):
        delivery.announce(event, TO)

    assert (only_notice().language, only_notice().time_zone) == ("ko", "Asia/Seoul")


def test_who_acts_for_somebody_else_names_theirs(event):
    delivery.announce(event, TO, language="ko", time_zone="Asia/Seoul")

    assert (only_notice().language, only_notice().time_zone) == ("ko", "Asia/Seoul")


# With a worker


@pytest.fixture
def worker_apart(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_no_page_waits_for_the_mail_server(worker_apart, event):
    delivery.announce(event, TO)

    assert mail.outbox == []
    task = DBTaskResult.objects.get()
    assert task.task_path == "accountsite.notices.delivery.deliver"
    assert task.args_kwargs == {"args": [only_notice().pk], "kwargs": {}}, "no address in it"


def test_an_event_that_is_announced_again_gives_nobody_more_work(worker_apart, event):
    delivery.announce(event, TO)
    delivery.announce(event, TO)

    assert DBTaskResult.objects.count() == 1


def test_a_mail_whose_task_was_lost_is_sent_all_the_same(worker_apart, event):
    delivery.announce(event, TO)
    DBTaskResult.objects.all().delete()

    assert delivery.deliver_due() == 1
    assert len(mail.outbox) == 1


def test_two_workers_do_not_send_the_same_mail(worker_apart, event):
    delivery.announce(event, TO)
    one, other = only_notice(), only_notice()

    assert one.claimed()
    assert not other.claimed()


# When it fails


def test_a_change_does_not_fail_with_its_mail(mail_server, event):
    mail_server(ConnectionRefusedError())

    delivery.announce(event, TO)

    notice = only_notice()
    assert (notice.state, notice.attempts) == (State.QUEUED, 1)
    assert notice.last_error == "ConnectionRefusedError"


@pytest.mark.django_db(transaction=True)
def test_a_change_does_not_fail_when_the_mail_cannot_even_be_queued(event, caplog):
    def broken(execute, sql, params, many, context):
        if "notices_notice" in sql:
            raise DatabaseError("gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(broken):
        delivery.announce(event, TO)

    assert "no notice of audit event" in caplog.text


def test_it_is_tried_again_after_growing_waits(mail_server, event, clock):
    mail_server(GREYLISTED)
    delivery.announce(event, TO)

    waits = []
    while only_notice().state == State.QUEUED:
        wait = only_notice().next_attempt_at - timezone.now()
        waits.append(wait)
        clock.shift(wait - timedelta(seconds=1))
        assert delivery.deliver_due() == 0, "not earlier"
        clock.shift(timedelta(seconds=2))
        assert delivery.deliver_due() == 1

    assert waits == sorted(waits)
    assert sum(waits, timedelta()) > timedelta(days=1)
    assert (only_notice().state, only_notice().attempts) == (State.FAILED, models.MOST_ATTEMPTS)


def test_it_arrives_when_the_server_is_back(mail_server, event, clock):
    mail_server(TimeoutError())
    delivery.announce(event, TO)
    mail_server(None)
    clock.shift(timedelta(minutes=6))

    delivery.deliver_due()

    assert (only_notice().state, only_notice().last_error) == (State.SENT, "")


@pytest.mark.parametrize(("error", "tried"), [(TimeoutError(), 1), (GREYLISTED, 3)])
def test_nobody_waits_for_a_dead_server_more_than_once_in_a_round(
    worker_apart, mail_server, event, error, tried
):
    delivery.announce(event, "a@x.com", "b@x.com", "c@x.com")
    mail_server(error)

    assert delivery.deliver_due() == tried


@pytest.mark.parametrize("error", [NO_SUCH_USER, ValueError("Header values may not hold newlines")])
def test_what_cannot_get_better_is_not_tried_again(mail_server, event, error):
    mail_server(error)

    delivery.announce(event, TO)

    assert only_notice().state == State.FAILED


def test_without_a_mail_server_it_fails_at_once(settings, event):
    settings.MAILERS = {}

    delivery.announce(event, TO)

    assert (only_notice().state, only_notice().last_error) == (State.FAILED, "MailerDoesNotExist")


def test_wrong_credentials_are_the_operators_to_mend_so_it_is_tried_again(mail_server, event):
    mail_server(smtplib.SMTPAuthenticationError(535, b"no"))

    delivery.announce(event, TO)

    assert (only_notice().state, only_notice().last_error) == (
        State.QUEUED,
        "SMTPAuthenticationError 535",
    )


def test_one_whose_last_attempt_never_ended_is_given_up(event):
    notice = Notice.objects.create(
        event=event, recipient=TO, attempts=models.MOST_ATTEMPTS, language="en", time_zone="UTC"
    )

    assert delivery.deliver_due() == 0
    notice.refresh_from_db()
    assert notice.state == State.FAILED


def test_no_log_line_and_no_error_names_the_recipient(mail_server, event, caplog):
    mail_server(NO_SUCH_USER)

    delivery.announce(event, TO)

    assert "SMTPRecipientsRefused 550" in caplog.text
    assert TO not in caplog.text
    assert TO not in only_notice().last_error


# For admins


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_an_admin_sees_what_failed_but_not_to_whom(mail_server, event, admin):
    mail_server(NO_SUCH_USER)
    delivery.announce(event, TO)

    for page in ("", f"{only_notice().pk}/change/"):
        shown = admin.get(f"/admin/notices/notice/{page}").text
        assert "Failed" in shown
        assert "a•••@x.com" in shown
        assert TO not in shown


def test_an_admin_sends_a_failed_one_again(mail_server, event, admin):
    mail_server(NO_SUCH_USER)
    delivery.announce(event, TO)
    mail_server(None)

    admin.post(
        "/admin/notices/notice/",
        {"action": "send_again", "_selected_action": [only_notice().pk]},
    )

    assert (only_notice().state, only_notice().attempts) == (State.SENT, 1)


def test_an_admin_cannot_make_a_sent_one_go_twice(event, admin):
    delivery.announce(event, TO)

    admin.post(
        "/admin/notices/notice/",
        {"action": "send_again", "_selected_action": [only_notice().pk]},
    )

    assert len(mail.outbox) == 1


@pytest.mark.parametrize("page", ["add/", "{pk}/change/", "{pk}/delete/"])
def test_an_admin_changes_nothing(admin, event, page):
    delivery.announce(event, TO)

    response = admin.post(
        f"/admin/notices/notice/{page.format(pk=only_notice().pk)}", {"post": "yes"}
    )

    assert response.status_code == 403


# Retention


def test_old_notices_are_forgotten(event, clock):
    delivery.announce(event, TO)
    assert delivery.forget_old() == 0

    clock.shift(timedelta(days=31))

    assert delivery.forget_old() == 1


def test_a_notice_goes_with_its_event(event, clock):
    delivery.announce(event, TO)
    clock.shift(timedelta(days=1))

    pruning.forget(before=timezone.now())

    assert not Notice.objects.exists()


# Mails that are kept ready before a change


def test_what_was_promised_is_sent_when_it_is_announced(event):
    with delivery.promised(event, TO):
        assert only_notice().next_attempt_at > timezone.now() + timedelta(minutes=5)
        delivery.deliver_due()
        assert mail.outbox == []
    delivery.announce(event, TO)

    assert [letter.to for letter in mail.outbox] == [[TO]]
    assert only_notice().state == State.SENT


def test_what_was_promised_is_sent_though_nobody_announced_it(event, clock):
    with delivery.promised(event, TO):
        """The process dies."""
    clock.shift(delivery.PROMISED)

    delivery.deliver_due()

    assert [letter.to for letter in mail.outbox] == [[TO]]


@pytest.mark.parametrize(
    ("error", "is_kept"),
    [
        (Refusal("No."), False),
        (errors.EmailTaken(status=422), False),
        (errors.Unavailable("never sent", maybe_done=False), False),
        (errors.Unavailable("no answer"), True),
        (RuntimeError(), True),
    ],
)
def test_a_promise_is_taken_back_where_nothing_was_changed(event, error, is_kept):
    with pytest.raises(type(error)), delivery.promised(event, TO):
        raise error

    assert Notice.objects.exists() is is_kept


def test_a_promise_takes_back_no_mail_of_somebody_else_s(event):
    delivery.announce(event, TO)

    with pytest.raises(Refusal), delivery.promised(event, TO):
        raise Refusal("No.")

    assert only_notice().state == State.SENT
