"""The page: asked for, put together, taken along, and gone after a day."""

from datetime import timedelta

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from accountsite.audit.models import AuditEvent
from accountsite.confirmation import proofs
from accountsite.exports import services
from accountsite.exports.building import begin_lost_again, build
from accountsite.exports.models import Archive, Export, State
from accountsite.exports.parts import PARTS
from accountsite.limits import attempts
from accountsite.limits.rules import Kind
from accountsite.signin.models import Session
from tests.conftest import HTMX
from tests.exports.conftest import FILE, PATH, Copy, request
from tests.security.conftest import html, letters, says, trail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.demo]

PROGRESS = f"{PATH}progress/"
REMOVAL = f"{PATH}removal/"


@pytest.fixture
def worker_apart(settings):
    """Tasks wait for a worker, which is the test."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def the_export():
    return Export.objects.get()


def work():
    build.call(the_export().pk)


def test_it_says_what_comes_and_what_does_not_before_it_is_asked_for(alice):
    text = says(alice.get(PATH))

    assert "A file with everything that is kept about you" in text
    assert "without the secrets in them" in text
    assert "Get a copy" in text
    assert Export.objects.count() == 0


def test_it_is_asked_for_made_told_audited_and_mailed(alice):
    answer = request(alice)

    assert (answer.status_code, answer["Location"]) == (303, PATH)
    page = html(alice.get(PATH))
    assert "The copy of your data is ready" in page.text
    assert page.find("a", href=FILE)
    assert trail() == [("export.requested", "done")]
    assert letters() == ["An export of your data was requested"]


def test_the_file_is_for_its_owner_and_for_no_cache(alice):
    request(alice)

    answer = alice.get(FILE)

    assert answer["Content-Type"] == "application/zip"
    made = f"{the_export().requested_at:%Y-%m-%d}"
    assert answer["Content-Disposition"] == f'attachment; filename="account-data-{made}.zip"'
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Copy.of(answer.content).data["account_id"] == the_export().account_id


def test_each_download_is_audited_and_mailed(alice):
    request(alice)
    alice.head(FILE)

    alice.get(FILE)

    assert trail() == [("export.requested", "done"), ("export.downloaded", "done")]
    assert letters()[1:] == ["An export of your data was downloaded"]


def test_what_is_kept_can_be_read_by_nobody_else(alice):
    request(alice)
    kept = Archive.objects.get()

    assert b"alice" not in bytes(kept.sealed).lower()
    assert not bytes(kept.sealed).startswith(b"PK")


def test_in_another_one_s_row_it_opens_nothing(alice, visit, tenant):
    request(alice)
    Export.objects.update(account_id=tenant.user("bob")["id"])
    bob = visit("bob")

    answer = bob.get(FILE, follow=True)

    assert "can’t be opened any more" in says(answer)
    assert trail()[-1] == ("export.downloaded", "refused")
    assert Export.objects.count() == 0


def test_whoever_has_not_confirmed_is_asked_first(visit):
    client = visit("alice")
    session = client.session
    proofs.forget(session, purpose=proofs.GENERAL)
    session.save()

    assert client.get(PATH)["Location"] == "/confirm/"
    assert client.post(PATH)["Location"] == "/confirm/"
    assert client.post(REMOVAL)["Location"] == "/confirm/"
    assert Export.objects.count() == 0


def test_a_file_that_is_there_is_not_given_without_a_proof(alice):
    request(alice)
    session = alice.session
    proofs.forget(session, purpose=proofs.GENERAL)
    session.save()

    assert alice.get(FILE)["Location"] == PATH, "which asks, and has the link"
    assert trail() == [("export.requested", "done")]


def test_after_a_day_it_is_gone(alice, clock):
    request(alice)
    clock.shift(timedelta(hours=23, minutes=59))
    assert services.current(the_export().account_id)

    clock.shift(timedelta(minutes=2))

    assert services.current(the_export().account_id) is None
    assert Archive.objects.count() == 1, "until the job comes round"
    services.forget_over()
    assert (Export.objects.count(), Archive.objects.count()) == (0, 0)


def test_the_file_of_yesterday_is_given_to_nobody_though_it_is_still_there(alice):
    request(alice)
    export = the_export()
    Export.objects.update(expires_at=export.requested_at)

    answer = alice.get(FILE, follow=True)

    assert "This copy of your data is gone. You can get a new one." in says(answer)
    request(alice)
    assert the_export().pk != export.pk


def test_it_can_be_removed_before(alice):
    request(alice)

    answer = alice.post(REMOVAL, follow=True)

    assert "The copy of your data was removed." in says(answer)
    assert (Export.objects.count(), Archive.objects.count()) == (0, 0)


def test_a_page_that_is_sent_twice_makes_one(alice):
    request(alice, instead_of="")
    made = the_export().pk

    request(alice, instead_of="")

    assert the_export().pk == made
    assert trail() == [("export.requested", "done")]


def test_a_new_one_takes_the_place_of_the_old_one(alice):
    request(alice)
    shown = html(alice.get(PATH)).find("input", {"name": "instead_of"})["value"]

    request(alice, instead_of=shown)

    assert str(the_export().pk) != shown
    assert Archive.objects.count() == 1
    assert letters() == ["An export of your data was requested"] * 2


def test_nobody_can_have_them_made_without_end(alice, tenant):
    for _time in range(10):
        attempts.count(Kind.EXPORT, account=tenant.user("alice")["id"])

    answer = request(alice)

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Too many attempts" in says(answer)
    assert trail() == [("export.requested", "refused")]
    assert Export.objects.count() == 0


def test_nobody_can_take_them_along_without_end(alice, tenant):
    request(alice)
    for _time in range(9):
        attempts.count(Kind.EXPORT, account=tenant.user("alice")["id"])

    assert "Too many attempts" in says(alice.get(FILE, follow=True))


# While it is put together


def test_the_page_shows_how_far_it_is_with_and_without_scripts(alice, worker_apart):
    request(alice)

    page = html(alice.get(PATH))
    assert "Your data is being put together" in page.text
    assert "Waiting for its turn" in page.text
    assert page.find("noscript").find("a", href=PATH).text == "Look again"
    poll = page.find(attrs={"hx-trigger": True})
    assert (poll["hx-get"], poll["hx-trigger"]) == (PROGRESS, "every 2s")
    Export.objects.update(state=State.RUNNING, done=3, total=16)
    assert "3 of 16 parts" in says(alice.get(PATH))
    bar = html(alice.get(PATH)).find("progress")
    assert (bar["value"], bar["max"]) == ("3", "16")


def test_what_scripts_fetch_replaces_the_steps_and_in_the_end_the_card(alice, worker_apart):
    request(alice)
    Export.objects.update(state=State.RUNNING, done=3, total=16, attempts=1)

    parts = html(alice.get(PROGRESS, headers=HTMX)).find_all("hx-partial")
    assert [part["hx-target"] for part in parts] == ["#export-steps"]

    Export.objects.update(state=State.WAITING, attempts=0)
    work()
    answer = alice.get(PROGRESS, headers=HTMX)
    parts = html(answer).find_all("hx-partial")
    assert [part["hx-target"] for part in parts] == ["#row-export", "#messages"]
    assert parts[0].find("a", href=FILE)
    assert "The copy of your data is ready." in parts[1].text


def test_scripts_are_told_when_it_failed_and_when_another_tab_removed_it(alice, worker_apart):
    request(alice)
    Export.objects.update(state=State.FAILED)

    card, told = html(alice.get(PROGRESS, headers=HTMX)).find_all("hx-partial")
    assert card.find("button", string="Try again")
    assert "The copy of your data could not be made." in told.text

    services.forget(the_export().account_id)
    card, told = html(alice.get(PROGRESS, headers=HTMX)).find_all("hx-partial")
    assert card.find("button", string="Get a copy")
    assert told.text.strip() == ""


def test_progress_is_told_without_a_proof_and_shown_on_the_page(alice, worker_apart):
    request(alice)
    session = alice.session
    proofs.forget(session, purpose=proofs.GENERAL)
    session.save()

    assert alice.get(PROGRESS, headers=HTMX).status_code == 200
    assert alice.get(PROGRESS)["Location"] == PATH


def test_two_tabs_ask_for_the_same_one(alice, worker_apart):
    request(alice)
    request(alice, instead_of=str(the_export().pk))

    assert DBTaskResult.objects.filter(task_path__endswith="build").count() == 1
    assert trail() == [("export.requested", "done")]


def test_there_is_no_file_before_it_is_done(alice, worker_apart):
    request(alice)

    assert "is gone" in says(alice.get(FILE, follow=True))


def test_who_waited_for_long_is_written_to(alice, worker_apart, clock):
    request(alice)
    clock.shift(timedelta(minutes=2))

    work()

    assert trail()[-1] == ("export.ready", "done")
    event = AuditEvent.objects.get(action="export.ready")
    assert event.actor_kind == "system"
    assert event.notices.get().recipient == "alice@example.com"


def test_who_waits_for_it_is_not(alice):
    request(alice)

    assert [letter.subject for letter in mail.outbox] == ["An export of your data was requested"]


# What goes wrong


def test_a_part_that_fails_once_is_read_again(alice, tenant, no_waits):
    tenant.faults.add(path="/api/users/.*/grants", status=503, times=2)

    request(alice)

    assert tenant.faults.hits() == [2]
    assert the_export().missing == []
    assert Copy.of(alice.get(FILE).content).data["missing"] == []


def test_a_part_that_goes_on_failing_is_missing_and_that_is_told_everywhere(
    alice, tenant, no_waits
):
    tenant.faults.add(path="/api/users/.*/grants", status=503)

    request(alice)

    text = says(alice.get(PATH))
    assert "did not give these parts, so they are missing" in text
    assert "Apps with access" in text
    found = Copy.of(alice.get(FILE).content)
    assert found.data["missing"] == ["apps"]
    assert "apps" not in found.data["data"]
    assert "Some of it is missing." in found.page.text
    assert found.page.find(id="apps") is None
    assert len(found.data["data"]) == len(PARTS) - 1


def test_without_the_account_itself_there_is_none_and_one_can_try_again(
    alice, tenant, worker_apart, no_waits
):
    request(alice)
    tenant.faults.everywhere(down=True)
    work()
    tenant.faults.reset()

    assert the_export().state == State.FAILED
    page = html(alice.get(PATH))
    assert "Your data could not be put together" in page.text
    assert page.find("button", string="Try again")
    request(alice, instead_of=page.find("input", {"name": "instead_of"})["value"])
    work()
    assert the_export().is_ready


def test_when_logto_is_down_nothing_begins(alice, tenant):
    tenant.faults.everywhere(down=True)

    answer = request(alice)

    tenant.faults.reset()
    assert answer.status_code == 503
    assert "could not be reached" in says(answer)
    assert Export.objects.count() == 0


def test_a_mistake_of_ours_is_a_failure_too_and_is_not_hushed_up(
    alice, worker_apart, no_waits, monkeypatch
):
    request(alice)
    monkeypatch.setattr("zipfile.ZipFile.writestr", lambda *_args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        work()

    assert the_export().state == State.FAILED


def test_whose_account_was_suspended_meanwhile_gets_none(alice, tenant, worker_apart, no_waits):
    request(alice)
    path = f"/users/{the_export().account_id}/is-suspended"
    tenant.management("PATCH", path, json={"isSuspended": True})

    work()

    assert the_export().state == State.FAILED


@pytest.fixture
def no_waits(monkeypatch):
    monkeypatch.setattr("accountsite.exports.collecting.WAITS", (0.0, 0.0, 0.0))


# Workers come and go


def test_a_task_that_runs_twice_makes_one(alice, worker_apart):
    request(alice)
    work()
    made = the_export().ready_at

    work()

    assert the_export().ready_at == made


def test_two_workers_do_not_make_the_same(alice, worker_apart):
    request(alice)
    one, other = the_export(), the_export()

    assert one.claimed()
    assert not other.claimed()
    work()
    assert the_export().state == State.RUNNING, "and it is the first one's"


def test_what_a_dead_worker_left_is_begun_again(alice, worker_apart, clock):
    request(alice)
    assert the_export().claimed()
    DBTaskResult.objects.all().delete()
    assert begin_lost_again() == 0

    clock.shift(timedelta(minutes=6))

    assert begin_lost_again() == 1
    assert begin_lost_again() == 0, "once"
    assert DBTaskResult.objects.filter(task_path__endswith="build").count() == 1
    work()
    assert the_export().is_ready


def test_one_over_which_three_workers_died_is_given_up(alice, worker_apart, clock):
    request(alice)
    for _time in range(3):
        assert the_export().claimed()
        clock.shift(timedelta(minutes=6))

    work()

    assert the_export().is_failed
    begin_lost_again()
    assert the_export().state == State.FAILED
    builds = DBTaskResult.objects.filter(task_path__endswith="build")
    assert builds.count() == 1, "the one of the request"


def test_one_that_nobody_comes_to_can_be_asked_for_again(alice, worker_apart, clock):
    request(alice)
    Export.objects.update(held_until=the_export().requested_at - timedelta(minutes=11))

    page = html(alice.get(PATH))
    assert "Your data could not be put together" in page.text
    request(alice, instead_of=page.find("input", {"name": "instead_of"})["value"])
    work()
    assert the_export().is_ready


def test_a_worker_that_was_taken_for_dead_writes_over_nobody(alice, worker_apart, clock):
    request(alice)
    slow = the_export()
    assert slow.claimed()
    clock.shift(timedelta(minutes=6))
    work()

    assert not slow.went_on(done=1, total=2)
    assert not slow.finished(size=1, missing=[])
    assert not slow.failed()
    assert the_export().is_ready


def test_one_that_is_removed_while_it_is_made_leaves_nothing(alice, worker_apart, monkeypatch):
    request(alice)
    account_id = the_export().account_id
    read = Export.went_on
    steps = []

    def went_on(export, **how_far):
        services.forget(account_id)
        steps.append(how_far)
        return read(export, **how_far)

    monkeypatch.setattr(Export, "went_on", went_on)

    work()

    assert (Export.objects.count(), Archive.objects.count()) == (0, 0)
    assert len(steps) == 1, "and nobody goes on for nothing"


def test_with_the_account_goes_all_of_it(alice, visit):
    request(alice)
    request(visit("bob"))
    mine = Export.objects.order_by("pk")[0]

    services.forget(mine.account_id)
    services.forget(mine.account_id)

    assert Archive.objects.get().export.account_id != mine.account_id
    assert Session.objects.filter(account_id=mine.account_id).exists(), "no business of this"


def test_the_focus_goes_to_what_somebody_asked_for_and_to_nothing_that_came_by_itself(
    alice, worker_apart
):
    def takes_the_focus(answer):
        return html(answer).find(autofocus=True) is not None

    assert takes_the_focus(alice.post(PATH, headers=HTMX))
    assert not takes_the_focus(alice.get(PATH))
    work()
    assert not takes_the_focus(alice.get(PROGRESS, headers=HTMX))
