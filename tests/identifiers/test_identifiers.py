"""The page of sign-in methods: what there is, what it is good for, what may be changed."""

import pytest
from django.test import Client

from tests.conftest import HTMX
from tests.identifiers.conftest import Logto, html, method

pytestmark = pytest.mark.django_db

PAGE = "/sign-in-methods/"


def row(client: Client, name: str):
    return html(client.get(PAGE)).find(id=f"row-{name}")


def test_it_shows_what_they_sign_in_with(alice: Client, logto: Logto) -> None:
    page = html(alice.get(PAGE))

    values = [tag.get_text() for tag in page.find_all(class_="row__value")]
    assert values == ["alice@example.com", "+1 202-555-0123", "alice"]
    assert page.find("a", href=PAGE, **{"aria-current": "page"})


def test_it_waits_for_one_answer_of_logto(alice: Client, logto: Logto) -> None:
    alice.get(PAGE)
    logto.calls.clear()

    alice.get(PAGE)

    assert logto.calls == ["read"]


def test_it_needs_no_fresh_proof(client: Client, sign_in, logto: Logto) -> None:
    assert sign_in(client).get(PAGE).status_code == 200


def test_it_says_how_each_signs_them_in(alice: Client, logto: Logto) -> None:
    logto.experience["signIn"]["methods"] = [
        method("username"),
        method("email", password=False),
        method("phone"),
    ]

    assert "with a code." in row(alice, "email").text
    assert "with a code or your password" in row(alice, "phone").text
    assert "with your password" in row(alice, "username").text


def test_it_says_what_does_not_sign_them_in(alice: Client, logto: Logto) -> None:
    logto.experience["signIn"]["methods"] = [method("username"), method("email", code=False)]
    logto.has(hasPassword=False)

    for name in ("email", "phone", "username"):
        assert "can’t sign in with it" in row(alice, name).text


def test_what_is_missing_can_be_added(alice: Client, logto: Logto) -> None:
    logto.has(primaryPhone=None)

    assert "Not set" in row(alice, "phone").text
    assert "Add" in row(alice, "phone").find("a").text


def test_what_the_tenant_only_shows_has_nothing_to_press(alice: Client, logto: Logto) -> None:
    logto.lets(email="ReadOnly", phone="Off")

    assert "Read only" in row(alice, "email").text
    assert row(alice, "email").find("a") is None
    assert row(alice, "phone") is None
    assert row(alice, "username").find("a")


def test_where_all_is_hidden_it_says_so(alice: Client, logto: Logto) -> None:
    logto.lets(email="Off", phone="Off", username="Off")

    assert "Nothing to change here" in html(alice.get(PAGE)).text


def test_htmx_gets_the_card_alone(alice: Client, logto: Logto) -> None:
    answer = alice.get(PAGE, headers=HTMX).content.decode()

    assert "<html" not in answer
    assert 'id="row-email"' in answer


def test_the_rows_are_there_to_be_taken_from_the_whole_page(alice: Client, logto: Logto) -> None:
    answer = alice.get(PAGE, headers={"HX-Request": "true", "HX-Request-Type": "full"})

    assert html(answer).find(id="row-username")


def test_logto_down_is_told(alice: Client, logto: Logto) -> None:
    logto.reads_fail = True

    assert alice.get(PAGE).status_code == 503


def test_strangers_sign_in_first(client: Client, db: None) -> None:
    assert client.get(PAGE)["Location"].startswith("/sign-in/")
