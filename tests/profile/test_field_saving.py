"""Saving one row: nothing else is touched, and nothing is lost unseen."""

from typing import Any

import pytest
from django.test import Client

from tests.conftest import ALICE
from tests.profile.conftest import Logto, Row, forget_tenant, html, says

pytestmark = pytest.mark.django_db


def test_something_required_cannot_be_emptied(alice: Client, logto: Logto) -> None:
    logto.asks("company", "Text", required=True)
    logto.person["customData"] = {"company": "Engines"}

    response = Row(alice, "/profile/company/").send(value="  \u200b ")

    assert response.status_code == 422
    assert "can’t be empty" in says(response)


@pytest.mark.parametrize(
    ("name", "before", "cleared"),
    [
        ("name", {}, ("user", {"name": None})),
        ("nickname", {"profile": {"nickname": "Al"}}, ("profile", {"profile": {"nickname": ""}})),
        (
            "birthdate",
            {"profile": {"birthdate": "1990-01-01"}},
            ("profile", {"profile": {"birthdate": ""}}),
        ),
        (
            "address",
            {"profile": {"address": {"locality": "Hull"}}},
            ("profile", {"profile": {"address": {}}}),
        ),
        ("own", {"customData": {"own": 7}}, ("customData", {"customData": {"own": ""}})),
    ],
)
def test_anything_else_can_be_emptied(
    alice: Client, logto: Logto, name: str, before: dict[str, Any], cleared: tuple[str, Any]
) -> None:
    logto.asks("own", "Number")
    logto.person |= before

    response = Row(alice, f"/profile/{name}/").send(value="", locality="")

    assert response.status_code == 303
    assert logto.writes == [cleared]


def test_only_the_keys_of_the_row_are_written(alice: Client, logto: Logto) -> None:
    logto.person["profile"] = {"nickname": "Al", "website": "https://a.example"}

    Row(alice, "/profile/nickname/").send(value="Ally", website="https://evil.example", name="X")

    assert logto.writes == [("profile", {"profile": {"nickname": "Ally"}})]


def test_parts_of_an_address_that_are_not_asked_for_stay(alice: Client, logto: Logto) -> None:
    parts = [{"enabled": True, "name": "locality", "type": "Text", "required": False}]
    logto.asks("address", "Address", config={"parts": parts})
    logto.person["profile"] = {"address": {"locality": "Hull", "country": "GB", "formatted": "x"}}

    Row(alice, "/profile/address/").send(locality="Leeds")

    kept = {"locality": "Leeds", "country": "GB", "formatted": "Leeds"}
    assert logto.writes == [("profile", {"profile": {"address": kept}})]


def test_an_address_in_one_piece_is_not_lost_by_looking_at_it(alice: Client, logto: Logto) -> None:
    logto.person["profile"] = {"address": {"formatted": "12 Quay Street, Hull"}}

    Row(alice, "/profile/address/").send(locality="")

    assert logto.writes == []


def test_saving_what_was_there_writes_nothing(alice: Client, logto: Logto) -> None:
    logto.person["profile"] = {"nickname": "Al"}

    response = Row(alice, "/profile/nickname/").send(value="Al")

    assert response.status_code == 303
    assert logto.writes == []


@pytest.mark.parametrize("htmx", [True, False])
def test_a_change_from_elsewhere_is_not_overwritten_unseen(
    alice: Client, logto: Logto, *, htmx: bool
) -> None:
    row = Row(alice, "/profile/nickname/")
    logto.person["profile"] = {"nickname": "Elsewhere"}

    response = row.send(value="Here", htmx=htmx)

    assert response.status_code == 422
    assert "changed elsewhere meanwhile, to “Elsewhere”" in says(response)
    assert logto.writes == []
    row.page = html(response)
    assert row.field()["value"] == "Here"
    assert "Save mine anyway" in row.form.get_text()

    assert row.send(value="Here").status_code == 303
    assert logto.writes == [("profile", {"profile": {"nickname": "Here"}})]


def test_nor_is_one_that_emptied_it(alice: Client, logto: Logto) -> None:
    logto.person["profile"] = {"nickname": "Al"}
    row = Row(alice, "/profile/nickname/")
    logto.person["profile"] = {}

    response = row.send(value="Ally")

    assert "emptied elsewhere" in says(response)


def test_a_change_from_elsewhere_to_the_same_is_none(alice: Client, logto: Logto) -> None:
    row = Row(alice, "/profile/nickname/")
    logto.person["profile"] = {"nickname": "Al"}

    assert row.send(value="Al").status_code == 303


def test_a_change_of_other_rows_is_none_either(alice: Client, logto: Logto) -> None:
    row = Row(alice, "/profile/nickname/")
    logto.person["profile"] = {"website": "https://a.example"}

    assert row.send(value="Al").status_code == 303


def test_a_form_that_never_saw_the_row_counts_as_outdated(alice: Client, logto: Logto) -> None:
    logto.person["profile"] = {"nickname": "Al"}

    response = alice.post("/profile/nickname/", {"value": "Ally"})

    assert response.status_code == 422


def test_a_field_that_the_tenant_froze_meanwhile_is_not_written(
    alice: Client, logto: Logto
) -> None:
    row = Row(alice, "/profile/nickname/")
    logto.lets("nickname", profile="ReadOnly")
    forget_tenant()

    response = row.send(value="Al")

    assert logto.writes == []
    assert response.status_code == 422


def test_a_read_only_row_has_a_page_without_a_form(alice: Client, logto: Logto, browse) -> None:
    logto.person["profile"] = {"nickname": "Al"}
    logto.lets("nickname", profile="ReadOnly")

    page = browse(alice, "/profile/nickname/")

    assert "Read only" in page.find(id="row-nickname").get_text()
    assert not page.find("form", {"action": "/profile/nickname/"})


@pytest.mark.parametrize("name", ["nope", "locale", "zoneinfo", "id", "isSuspended", "customData"])
def test_what_is_no_row_is_not_found(alice: Client, logto: Logto, name: str) -> None:
    assert alice.get(f"/profile/{name}/").status_code == 404
    assert alice.post(f"/profile/{name}/", {"value": "x"}).status_code == 404
    assert logto.writes == []


def test_logto_asking_for_patience_is_told_with_the_time(alice: Client, logto: Logto) -> None:
    row = Row(alice, "/profile/nickname/")
    logto.refuses(429, "request.rate_limited", **{"Retry-After": "7"})

    response = row.send(value="Al")

    assert response.status_code == 503
    assert "in 7 seconds" in says(response)


def test_a_person_who_was_deleted_meanwhile_is_signed_out(alice: Client, logto: Logto) -> None:
    row = Row(alice, "/profile/nickname/")
    logto.refuses(404, "entity.not_found")

    response = row.send(value="Al")

    assert response.status_code == 303
    assert "gone" in response["Location"]


def test_a_new_name_is_in_the_navigation_at_once(alice: Client, logto: Logto, browse) -> None:
    row = Row(alice, "/profile/name/")

    response = row.send(value="Ada Byron", htmx=True)

    who = html(response).find("hx-partial", {"hx-target": ".who"})
    assert "Ada Byron" in who.get_text()
    assert "Ada Byron" in browse(alice, "/profile/").find(class_="who").get_text()


def test_what_was_typed_before_the_session_expired_comes_back(
    client: Client, sign_in, logto: Logto
) -> None:
    logto.person["profile"] = {"birthdate": "1992-05-04"}
    row = Row(sign_in(client), "/profile/birthdate/")
    session = client.session
    session["draft"] = {
        "account_id": ALICE,
        "path": "/profile/birthdate/",
        "fields": f"value=1999-01-02&shown={row.field('shown')['value']}",
        "kept": 9_999_999_999,
    }
    session.save()

    row.open()

    assert (row.field()["type"], row.field()["value"]) == ("date", "1999-01-02")
    assert row.send(value="1999-01-02").status_code == 303
