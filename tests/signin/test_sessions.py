"""What a session is: a row that only its browser's key opens, for a while."""

from datetime import timedelta

import pytest
from django.conf import settings as site
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from accountsite.signin import services, session_store
from accountsite.signin.models import EndReason, Session
from accountsite.signin.session_store import SessionStore
from tests.conftest import ALICE

pytestmark = pytest.mark.django_db


def stored(**contents):
    store = SessionStore()
    store.update(contents)
    store.save()
    return store


def test_what_it_holds_comes_back():
    key = stored(word="kept").session_key

    assert SessionStore(key)["word"] == "kept"


def test_neither_key_nor_contents_can_be_read_in_the_database():
    key = stored(word="unmistakable").session_key

    row = Session.objects.get()
    assert key not in repr([getattr(row, field.name) for field in row._meta.fields])
    assert b"unmistakable" not in bytes(row.payload)


def test_contents_survive_a_rotation_of_the_secret_key(settings):
    key = stored(word="kept").session_key
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 40, [settings.SECRET_KEY]

    assert SessionStore(key)["word"] == "kept"


def test_without_the_old_secret_key_the_session_is_empty(settings):
    key = stored(word="kept").session_key
    settings.SECRET_KEY = "n" * 40

    assert SessionStore(key).get("word") is None


def test_altered_contents_open_nothing():
    key = stored(word="kept").session_key
    Session.objects.update(payload=b"x" + bytes(Session.objects.get().payload)[1:])

    assert SessionStore(key).get("word") is None


def test_it_ends_after_an_idle_hour(alice, clock):
    clock.shift(timedelta(seconds=site.SESSION_IDLE_SECONDS + 1))

    assert alice.get("/sign-out/").status_code == 302


def test_use_keeps_it_alive_but_not_beyond_its_absolute_age(alice, clock):
    for _visit in range(2 * site.SESSION_ABSOLUTE_SECONDS // site.SESSION_IDLE_SECONDS - 1):
        clock.shift(timedelta(seconds=site.SESSION_IDLE_SECONDS / 2))
        assert alice.get("/sign-out/").status_code == 200

    clock.shift(timedelta(seconds=site.SESSION_IDLE_SECONDS / 2 + 1))

    assert alice.get("/sign-out/").status_code == 302


def test_it_notes_address_and_browser_once_a_minute(alice, clock, django_assert_num_queries):
    clock.shift(timedelta(minutes=2))
    alice.get("/sign-out/", headers={"User-Agent": "Phone/1"}, REMOTE_ADDR="192.0.2.7")

    session = Session.objects.get()
    assert (session.address, session.user_agent) == ("192.0.2.7", "Phone/1")
    # The session is read once, and not written. The other one asks for a deletion of the account.
    with django_assert_num_queries(2):
        alice.get("/sign-out/", headers={"User-Agent": "Phone/1"})


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "192.0.2.9", "127.0.0.1"),
        (1, "192.0.2.9", "192.0.2.9"),
        (1, "::ffff:192.0.2.9", "192.0.2.9"),
        (1, "203.0.113.1, 192.0.2.9", "192.0.2.9"),
        (2, "198.51.100.1, 203.0.113.1, 192.0.2.9", "203.0.113.1"),
        (2, "192.0.2.9", "127.0.0.1"),
        (1, "<script>", "127.0.0.1"),
    ],
)
def test_the_address_comes_from_as_many_proxies_as_are_trusted(
    alice, settings, clock, proxies, forwarded, address
):
    settings.TRUSTED_PROXIES = proxies
    clock.shift(timedelta(minutes=2))

    alice.get("/sign-out/", headers={"X-Forwarded-For": forwarded})

    assert Session.objects.get().address == address


def test_an_ended_session_is_erased_and_opens_nothing_but_its_reason():
    key = stored(account={"id": ALICE, "sid": "sid-1"}).session_key

    services.end_all(account_id=ALICE, reason=EndReason.SUSPENDED)

    assert SessionStore(key).get("account") is None
    assert bytes(Session.objects.get().payload) == b""
    past = SessionStore.past(key)
    assert past is not None
    assert past.end_reason == "suspended"


def test_a_write_under_way_does_not_bring_an_ended_session_back():
    store = stored(account={"id": ALICE, "sid": "sid-1"})
    services.end_all(account_id=ALICE, reason=EndReason.ENDED_ELSEWHERE)
    store["word"] = "late"

    with pytest.raises(UpdateError):
        store.save()

    assert not Session.objects.live().exists()


def test_a_page_whose_session_ended_meanwhile_leads_to_sign_in(client, issuer, monkeypatch):
    """The page changes its session, but a sign-out in another tab was quicker."""
    issuer.begin(client)
    original = SessionStore.save

    def save(self, *args, **kwargs):
        session_store.end(Session.objects.all(), EndReason.SIGNED_OUT)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(SessionStore, "save", save)

    response = client.get("/sign-in/")

    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/?next=")


def test_ending_nobodys_sessions_ends_none():
    stored(account={"id": ALICE, "sid": "sid-1"})

    assert services.end_all(reason=EndReason.ENDED_ELSEWHERE) == 0
    assert Session.objects.live().count() == 1


def test_a_guessed_key_is_not_taken_over():
    guessed = SessionStore("a" * 32)
    guessed["word"] = "planted"
    guessed.save()

    assert not Session.objects.filter(pk=session_store.hash_of("a" * 32)).exists()


def test_clearsessions_forgets_what_nobody_needs(clock):
    stored(account={"id": ALICE, "sid": "old"})
    clock.shift(timedelta(days=3))
    stored(account={"id": ALICE, "sid": "new"})

    call_command("clearsessions")

    assert [session.logto_sid for session in Session.objects.all()] == ["new"]


# In several processes


def test_one_that_ended_is_over_for_every_process_at_once(alice):
    alice.get("/sign-out/")

    Session.objects.update(ended_at=timezone.now())  # as another process does

    assert alice.get("/sign-out/").status_code == 302


def test_one_that_was_changed_is_read_anew():
    store = stored(word="first")
    SessionStore(store.session_key).load()
    store["word"] = "second"
    store.save()

    assert SessionStore(store.session_key)["word"] == "second"


def test_an_emptied_cache_signs_nobody_out(alice):
    alice.get("/sign-out/")
    cache.clear()

    assert alice.get("/sign-out/").status_code == 200


# Signing out everywhere else


def test_the_others_end_and_are_told_while_this_one_goes_on_under_a_new_key(alice, sign_in):
    other, bob = sign_in(Client()), sign_in(Client(), id="bob000000001")
    key = alice.cookies[site.SESSION_COOKIE_NAME].value
    request = request_of(alice)

    ended = services.end_others(request)
    request.session.save()

    assert ended == 1
    assert request.session.session_key != key
    assert SessionStore(request.session.session_key)[services.ACCOUNT]["id"] == ALICE
    assert SessionStore(key).get(services.ACCOUNT) is None
    assert other.get("/")["Location"].startswith("/signed-out/?reason=ended_elsewhere")
    assert SessionStore(bob.cookies[site.SESSION_COOKIE_NAME].value)[services.ACCOUNT]


def test_where_nobody_is_signed_in_there_are_no_others(db):
    sign_in_page = RequestFactory().get("/")
    sign_in_page.session = stored(word="kept")

    assert services.end_others(sign_in_page) == 0
    assert sign_in_page.session["word"] == "kept"


def request_of(client):
    request = RequestFactory().get("/")
    request.session = SessionStore(client.cookies[site.SESSION_COOKIE_NAME].value)
    return request
