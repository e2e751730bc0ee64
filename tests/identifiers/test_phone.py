"""Changing the phone number: by country, or with a plus."""

from typing import Any

import pytest
from django.test import Client

from accountsite.audit.models import AuditEvent
from tests.conftest import HTMX
from tests.identifiers.conftest import (
    PHONE,
    Logto,
    begin,
    field,
    finish,
    html,
    refusal,
    says,
    told,
    trail,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_number_of_their_country_is_kept_in_digits(
    alice: Client, logto: Logto, *, htmx: bool
) -> None:
    sent = begin(alice, PHONE, htmx=htmx, country="KR", address="010-1234-5678")
    assert logto.sent == [{"phone": "821012345678"}]
    assert sent.status_code == (200 if htmx else 303)
    assert "+82 10-1234-5678" in says(alice.get(PHONE))

    done = finish(alice, PHONE, htmx=htmx)

    assert logto.writes == [{"primaryPhone": "821012345678"}]
    if htmx:
        shown = html(done).find(id="row-phone").find(class_="row__value").text
        assert shown == "+82 10-1234-5678"
    assert trail() == [("phone.change_started", "done"), ("phone.changed", "done")]
    assert AuditEvent.objects.latest("pk").changes == {"phone": ["•••23", "•••78"]}
    assert told() == {"alice@example.com"}


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("US", "+82 10 1234 5678", "821012345678"),
        ("US", "+82 (0)10-1234-5678", "821012345678"),
        ("KR", "0082 10 1234 5678", None),
        ("GB", "0082 10 1234 5678", "821012345678"),
        ("KR", "1012345678", "821012345678"),
        ("KR", "821012345678", "821012345678"),
        ("GB", "07400 123456", "447400123456"),
        ("US", "(201) 555-0123", "12015550123"),
        ("US", "201.555.0123", "12015550123"),
        ("IT", "312 345 6789", "393123456789"),
        ("US", "\u202a+1 201-555-0123\u202c", "12015550123"),
    ],
)
def test_however_it_is_written(
    alice: Client, logto: Logto, country: str, typed: str, kept: str | None
) -> None:
    response = begin(alice, PHONE, country=country, address=typed)

    assert [each["phone"] for each in logto.sent] == ([kept] if kept else [])
    assert response.status_code == (303 if kept else 422)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "12",
        "010-1234",
        "call me",
        "1-800-FLOWERS",
        "tel:+821012345678",
        "+82 10 1234 5678 ext. 9",
        "٠١٠١٢٣٤٥٦٧٨",
        "010-1234-5678\n010-1234-5679",
        "010-1234-5678\x00",
        "+999 1234567",
        "9" * 41,
    ],
)
def test_what_is_no_number_is_explained_with_an_example(
    alice: Client, logto: Logto, wrong: str
) -> None:
    response = begin(alice, PHONE, country="KR", address=wrong)

    assert response.status_code == 422
    assert refusal(response, "address")
    assert html(response).find("option", selected=True)["value"] == "KR"
    assert "010-2000-0000" in says(response)
    assert logto.calls == []


def test_numbers_that_cost_whoever_writes_to_them_get_no_code(alice: Client, logto: Logto) -> None:
    response = begin(alice, PHONE, country="GB", address="0909 8790000")

    assert "kind of number" in refusal(response, "address")


@pytest.mark.parametrize("country", ["", "XX", "kr", "<b>"])
def test_only_countries_with_numbers_can_be_chosen(
    alice: Client, logto: Logto, country: str
) -> None:
    response = begin(alice, PHONE, country=country, address="+821012345678")

    assert response.status_code == 422
    assert logto.sent == []


@pytest.mark.parametrize(
    ("person", "country"),
    [
        ({}, "US"),  # of the number that they have
        ({"primaryPhone": None, "profile": {"address": {"country": "Germany"}}}, "DE"),
        ({"primaryPhone": None, "profile": {"address": {"country": "de"}}}, "DE"),
        ({"primaryPhone": None, "profile": {"locale": "ko-KR"}}, "KR"),
        ({"primaryPhone": None, "profile": {"locale": "pt_BR"}}, "BR"),
        ({"primaryPhone": None, "profile": {"locale": "ja"}}, "JP"),
        ({"primaryPhone": None, "profile": {"locale": "no such thing"}}, "GB"),
        ({"primaryPhone": "999999", "profile": {}}, "GB"),
    ],
)
def test_it_begins_with_the_country_that_is_likely_theirs(
    alice: Client, logto: Logto, person: dict[str, Any], country: str
) -> None:
    logto.has(**person)

    page = html(alice.get(PHONE))

    assert page.find("option", selected=True)["value"] == country


def test_countries_have_names_in_the_language_of_the_page(alice: Client, logto: Logto) -> None:
    korean = html(alice.get(PHONE, headers={"Accept-Language": "ko"}))
    english = html(alice.get(PHONE, headers={"Accept-Language": "en"}))

    assert korean.find("option", value="KR").text == "대한민국 (+82)"
    assert english.find("option", value="KR").text == "South Korea (+82)"
    names = [option.text for option in english.find_all("option")]
    assert names.index("Åland Islands (+358)") < names.index("Belgium (+32)")
    assert len(names) > 200


def test_the_example_follows_the_country(alice: Client, logto: Logto) -> None:
    select = html(alice.get(PHONE)).find("select")
    assert html(alice.get(PHONE)).find(id=select["hx-target"].removeprefix("#"))

    answer = alice.get(select["hx-get"], {"country": "GB"}, headers=HTMX)

    assert "07400 123456" in answer.content.decode()


@pytest.mark.parametrize("junk", ["", "XX", "<script>"])
def test_a_country_that_is_none_has_no_example(alice: Client, junk: str) -> None:
    assert alice.get("/sign-in-methods/phone/example/", {"country": junk}).content == b""


def test_the_present_number_is_no_new_one(alice: Client, logto: Logto) -> None:
    response = begin(alice, PHONE, country="US", address="202 555 0123")

    assert "your number already" in refusal(response, "address")
    assert field(response, "address")["value"] == "202 555 0123"


def test_that_another_account_has_it_is_told_only_after_the_code(
    alice: Client, logto: Logto
) -> None:
    logto.refuses(422, "user.phone_already_in_use")
    begin(alice, PHONE, country="KR", address="010-1234-5678")

    response = finish(alice, PHONE)

    assert "Another account has this number" in refusal(response, "address")
    assert field(response, "address")["value"] == "+821012345678"
    assert html(response).find("option", selected=True)["value"] == "KR"


def test_changes_of_both_kinds_can_wait_at_once(alice: Client, logto: Logto) -> None:
    begin(alice)
    begin(alice, PHONE, country="KR", address="010-1234-5678")

    assert finish(alice, PHONE).status_code == 303
    assert field(alice.get("/sign-in-methods/email/"), "code") is not None


def test_logto_down_keeps_the_number_and_the_country(alice: Client, logto: Logto) -> None:
    logto.reads_fail = True

    response = begin(alice, PHONE, country="KR", address="010-1234-5678")

    assert response.status_code == 503
    assert field(response, "address")["value"] == "010-1234-5678"
    assert html(response).find("option", selected=True)["value"] == "KR"
