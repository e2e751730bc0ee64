"""When something is not as it should be: a page that says what happened and what to do."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.test import Client, RequestFactory
from django.urls import include, path

from accountsite import errors as site_errors
from accountsite.logto import errors
from tests.conftest import API, HTMX, inspected


def failing(error):
    def view(request):
        raise error

    view.login_required = False
    return view


urlpatterns = [
    path("", include("accountsite.urls")),
    path("odd/", failing(SuspiciousOperation("odd"))),
    path("forbidden/", failing(PermissionDenied())),
    path("broken/", failing(RuntimeError("broken"))),
    path("down/", failing(errors.Unavailable("no answer"))),
    path("away/", failing(OperationalError("server closed the connection"))),
    path("cut/", failing(InterfaceError("connection already closed"))),
    path("busy/", failing(errors.TooManyRequests(status=429, code=None, retry_after=7))),
]
handler400 = "accountsite.errors.bad_request"
handler403 = "accountsite.errors.forbidden"
handler404 = "accountsite.errors.not_found"
handler500 = "accountsite.errors.server_error"

FAILURES = [
    ("/odd/", 400, "This request can’t be read"),
    ("/forbidden/", 403, "This page is not for you"),
    ("/nowhere/", 404, "Page not found"),
    ("/broken/", 500, "Something went wrong"),
    ("/down/", 503, "Your account can’t be reached"),
    ("/away/", 503, "This site has a short break"),
    ("/cut/", 503, "This site has a short break"),
]


@pytest.fixture
def visitor(settings, wire, db):
    """A stranger's browser, while Logto is down."""
    settings.ROOT_URLCONF = __name__
    wire.get(f"{API}/sign-in-exp", status=503)
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("path", "status", "heading"), FAILURES)
def test_each_failure_has_its_page_whether_logto_answers_or_not(visitor, path, status, heading):
    answer = visitor.get(path)

    assert answer.status_code == status
    page = inspected(answer.text)
    assert page.h1.text == heading
    assert page.find("a", class_="button")


@pytest.mark.parametrize(("path", "status"), [failure[:2] for failure in FAILURES])
def test_htmx_gets_a_message_and_leaves_the_form_alone(visitor, path, status):
    answer = visitor.get(path, headers=HTMX)

    assert answer.status_code == status
    assert answer["HX-Reswap"] == "none"
    assert '<hx-partial hx-target="#messages">' in answer.text
    assert 'role="alert"' in answer.text
    assert "<html" not in answer.text


def test_after_an_outage_the_same_page_can_be_tried_again(visitor):
    page = inspected(visitor.get("/down/?from=mail").text)

    assert page.find("a", string="Try again")["href"] == "/down/?from=mail"


def test_a_wait_is_said_in_words(visitor):
    answer = visitor.get("/busy/")

    assert "Wait 7 seconds, then try again." in answer.text
    assert answer["Retry-After"] == "7"


@pytest.mark.parametrize("path", ["/broken/", "/down/"])
def test_what_support_needs_is_on_the_page(visitor, path):
    answer = visitor.get(path)

    assert inspected(answer.text).code.text == answer["X-Request-ID"]


def test_the_page_for_our_own_faults_asks_nobody_anything(visitor, wire):
    visitor.get("/broken/")

    assert not wire.calls


def test_it_comes_even_if_no_session_could_be_opened():
    bare = RequestFactory().get("/")

    page = inspected(site_errors.server_error(bare).text)

    assert page.h1.text == "Something went wrong"
    assert page.nav is None


def test_without_a_database_the_page_asks_nobody_anything(visitor, wire):
    answer = visitor.get("/away/?from=mail")

    assert not wire.calls
    assert answer["Retry-After"] == "10"
    page = inspected(answer.text)
    assert page.find("a", string="Try again")["href"] == "/away/?from=mail"
    assert "Nothing is lost." in page.main.text


def test_without_a_database_who_sent_something_is_told_to_look(visitor):
    page = inspected(visitor.post("/away/").text)

    assert "may not have been saved" in page.main.text
    assert "what you typed is still there" in page.main.text


def test_without_a_session_it_speaks_as_the_browser_asks_and_not_as_the_last_visitor_did(
    visitor, monkeypatch
):
    def load(self):
        raise OperationalError("the server is away")

    visitor.get("/sign-in/", headers={"Accept-Language": "ko"})
    monkeypatch.setattr("accountsite.signin.session_store.SessionStore.load", load)
    visitor.cookies["session"] = "a" * 32

    answers = [
        visitor.get("/", headers={"Accept-Language": language}) for language in ("en", "ko", "en")
    ]

    assert [answer.status_code for answer in answers] == [503] * 3
    languages = [inspected(answer.text).html["lang"] for answer in answers]
    assert languages == ["en", "ko", "en"]


def test_a_form_that_is_not_ours_is_told_to_open_the_page_again(settings, wire, db):
    wire.get(f"{API}/sign-in-exp", status=503)
    visitor = Client(enforce_csrf_checks=True)

    answer = visitor.post("/admin/login/")

    assert answer.status_code == 403
    page = inspected(answer.text)
    assert page.h1.text == "Open this page again"
    assert page.find("a", class_="button")["href"] == "/admin/login/"
