"""One row: what may be entered, and what becomes of it. Every kind of field has four faces."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accountsite.profile import dates, texts
from tests.conftest import inspected
from tests.profile.conftest import Logto, Row, forget_tenant, html, says

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class Case:
    """A field, something to enter, how it is stored and shown, and what it does not take."""

    name: str
    kind: str | None
    config: dict[str, Any]
    entered: dict[str, str]
    write: tuple[str, dict[str, Any]]
    shown: str
    wrong: dict[str, str]


def custom(kind: str, config: dict[str, Any], entered: str, stored: Any, **more: Any) -> Case:
    return Case(
        name="own",
        kind=kind,
        config=config,
        entered={"value": entered} if entered else {},
        write=("customData", {"own": stored}),
        shown=more.get("shown", entered),
        wrong={"value": more["wrong"]},
    )


def standard(name: str, entered: str, shown: str = "", *, wrong: str) -> Case:
    return Case(
        name=name,
        kind=None,
        config={},
        entered={"value": entered},
        write=("profile", {name: entered}),
        shown=shown or entered,
        wrong={"value": wrong},
    )


CASES = {
    "name": Case(
        name="name",
        kind=None,
        config={},
        entered={"value": " Ada  Byron "},
        write=("user", {"name": "Ada  Byron"}),
        shown="Ada  Byron",
        wrong={"value": "👋" * 65},
    ),
    "nickname": standard("nickname", "Al", wrong="a\0b"),
    "preferredUsername": standard("preferredUsername", "al", wrong="x" * 1001),
    "profile": standard("profile", "https://a.example/me", wrong="javascript:alert(1)"),
    "website": standard("website", "http://a.example", wrong="ftp://a.example"),
    "gender": standard("gender", "female", "Female", wrong="none of these"),
    "birthdate": standard("birthdate", "1992-05-04", "May 4, 1992", wrong="9999-01-01"),
    "address": Case(
        name="address",
        kind=None,
        config={},
        entered={"streetAddress": "12 Quay Street", "country": "KR"},
        write=(
            "profile",
            {
                "address": {
                    "streetAddress": "12 Quay Street",
                    "country": "KR",
                    "formatted": "12 Quay Street, KR",
                }
            },
        ),
        shown="12 Quay Street\nSouth Korea",
        wrong={"locality": "x" * 1001},
    ),
    "Text": custom("Text", {"minLength": 2, "maxLength": 4}, "berth"[:4], "bert", wrong="b"),
    "Number": custom("Number", {"minValue": 2, "maxValue": 40}, "7.5", 7.5, wrong="41"),
    "whole Number": custom("Number", {}, "7", 7, wrong="seven"),
    "Date": custom(
        "Date",
        {"format": "custom", "customFormat": "dd.MM.yyyy"},
        "2024-03-17",
        "17.03.2024",
        shown="March 17, 2024",
        wrong="2023-02-29",
    ),
    "Date of another kind": custom(
        "Date", {"format": "RRRR-'W'II"}, "2024-W11", "2024-W11", wrong="\0"
    ),
    "Select": custom(
        "Select",
        {"options": [{"value": "am", "label": "In the morning"}, {"value": "pm"}]},
        "am",
        "am",
        shown="In the morning",
        wrong="at night",
    ),
    "Url": custom(
        "Url",
        {},
        "a.example/log",
        "https://a.example/log",
        shown="https://a.example/log",
        wrong="data:x",
    ),
    "Regex": custom("Regex", {"format": "^[A-Z]{2}-\\d{4}$"}, "NS-2041", "NS-2041", wrong="NS-1"),
    "Address": Case(
        name="own",
        kind="Address",
        config={
            "parts": [
                {"enabled": True, "name": "locality", "type": "Text", "required": True},
                {"enabled": True, "name": "formatted", "type": "Text", "required": False},
                {"enabled": False, "name": "region", "type": "Text", "required": True},
            ]
        },
        entered={"locality": "Hull", "formatted": "Quay\r\nHull"},
        write=("profile", {"address": {"locality": "Hull", "formatted": "Quay\nHull"}}),
        shown="Hull\nQuay\nHull",
        wrong={"locality": ""},
    ),
    "Fullname": Case(
        name="own",
        kind="Fullname",
        config={
            "parts": [
                {"enabled": True, "name": "familyName", "type": "Text", "required": True},
                {
                    "enabled": True,
                    "name": "givenName",
                    "type": "Text",
                    "required": False,
                    "config": {"maxLength": 5},
                },
            ]
        },
        entered={"familyName": "김", "givenName": "민준"},
        write=("profile", {"familyName": "김", "givenName": "민준"}),
        shown="김 민준",
        wrong={"familyName": "김", "givenName": "Maximilian"},
    ),
}


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def case(request: pytest.FixtureRequest, logto: Logto) -> Case:
    case: Case = request.param
    if case.kind:
        logto.asks(case.name, case.kind, config=case.config)
    return case


def typed(row: Row, values: dict[str, str]) -> dict[str, str]:
    """What the row's fields hold, with these values typed over."""
    kept = {
        tag["name"]: tag.get("value", "")
        for tag in row.form.find_all("input", type=["text", "url", "number", "date"])
    }
    return kept | values


def body(case: Case) -> dict[str, Any]:
    what, values = case.write
    return values if what == "user" else {what: values}


def test_it_is_saved_in_place(alice: Client, logto: Logto, case: Case) -> None:
    row = Row(alice, f"/profile/{case.name}/")

    response = row.send(htmx=True, **typed(row, case.entered))

    assert response.status_code == 200
    assert logto.writes == [(case.write[0], body(case))]
    answer = html(response)
    shown = answer.find(id=f"row-{case.name}").find(class_="row__value")
    assert shown.get_text("\n", strip=True) == case.shown.strip()
    assert "saved." in answer.find("hx-partial", {"hx-target": "#messages"}).get_text()


def test_it_is_saved_without_htmx(alice: Client, logto: Logto, case: Case, browse) -> None:
    row = Row(alice, f"/profile/{case.name}/")

    response = row.send(**typed(row, case.entered))

    assert response.status_code == 303
    assert response["Location"] == f"/profile/#row-{case.name}"
    assert logto.writes == [(case.write[0], body(case))]
    page = browse(alice, "/profile/")
    shown = page.find(id=f"row-{case.name}").find(class_="row__value")
    assert shown.get_text("\n", strip=True) == case.shown.strip()
    assert "saved." in page.find(id="messages").get_text()


@pytest.mark.parametrize("htmx", [True, False])
def test_what_it_does_not_take_is_explained_beside_the_field(
    alice: Client, logto: Logto, case: Case, *, htmx: bool
) -> None:
    row = Row(alice, f"/profile/{case.name}/")

    response = row.send(htmx=htmx, **typed(row, case.wrong))

    assert response.status_code == 422
    assert logto.writes == []
    answer = html(response) if htmx else inspected(response.content.decode())
    wrong = answer.find(attrs={"aria-invalid": "true"})
    assert wrong["name"] in case.wrong
    assert answer.find(id=wrong["aria-describedby"].split()[-1]).get_text(strip=True)


@pytest.mark.parametrize("htmx", [True, False])
def test_what_logto_does_not_take_is_told_and_stays(
    alice: Client, logto: Logto, case: Case, *, htmx: bool
) -> None:
    row = Row(alice, f"/profile/{case.name}/")
    logto.refuses(422, "entity.invalid_input")

    response = row.send(htmx=htmx, **typed(row, case.entered))

    assert response.status_code == 422
    assert "can’t be saved as it is" in says(response)
    assert_filled(html(response), case)


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("when", ["reading", "writing"])
def test_an_outage_of_logto_leaves_the_form_filled(
    alice: Client, logto: Logto, case: Case, when: str, *, htmx: bool
) -> None:
    row = Row(alice, f"/profile/{case.name}/")
    logto.reads_fail, logto.writes_fail = when == "reading", True

    response = row.send(htmx=htmx, **typed(row, case.entered))

    assert response.status_code == 503
    assert "could not be reached" in says(response)
    assert_filled(html(response), case)


def assert_filled(page: Any, case: Case) -> None:
    for name, entered in case.entered.items():
        field = page.find("form", class_="edit").find(attrs={"name": name})
        chosen = field.find("option", selected=True)
        shown = chosen["value"] if chosen else field.get("value", field.get_text())
        assert shown.split() == entered.split()


def test_a_checkbox_can_be_checked_and_unchecked(alice: Client, logto: Logto) -> None:
    logto.asks("newsletter", "Checkbox", config={"defaultValue": "false"})
    row = Row(alice, "/profile/newsletter/")
    assert row.field().get("checked") is None

    row.send(value="on")
    assert logto.writes[-1] == ("customData", {"customData": {"newsletter": True}})
    row.open()
    assert row.field().get("checked") is not None

    row.send()
    assert logto.writes[-1] == ("customData", {"customData": {"newsletter": False}})


def test_a_checkbox_starts_as_the_tenant_says(alice: Client, logto: Logto) -> None:
    logto.asks("newsletter", "Checkbox", config={"defaultValue": "true"})

    assert Row(alice, "/profile/newsletter/").field().get("checked") is not None


def test_a_field_looks_as_the_tenant_describes_it(alice: Client, logto: Logto) -> None:
    logto.asks(
        "company",
        "Text",
        label="Company",
        description="Who pays",
        required=True,
        config={"placeholder": "Name", "maxLength": 80},
    )

    row = Row(alice, "/profile/company/")

    field = row.field()
    assert row.page.h1.get_text() == "Company"
    assert (field["placeholder"], field["maxlength"]) == ("Name", "80")
    assert row.page.find(id=field["aria-describedby"]).get_text() == "Who pays"
    assert "Required" in row.form.find("label").get_text()


def test_the_parts_of_an_address_look_as_the_tenant_describes_them(
    alice: Client, logto: Logto
) -> None:
    parts = [
        {
            "enabled": True,
            "name": "country",
            "type": "Select",
            "label": "Land",
            "description": "Where you live",
            "required": True,
            "config": {"options": [{"value": "KR", "label": "Korea"}], "placeholder": "Choose"},
        },
        {"enabled": False, "name": "region", "type": "Text", "required": False},
    ]
    logto.asks("address", "Address", description="For the bill", config={"parts": parts})

    row = Row(alice, "/profile/address/")

    assert "For the bill" in row.form.get_text()
    assert row.form.find("label").get_text().startswith("Land")
    assert [tag.get_text() for tag in row.field("country").find_all("option")] == [
        "Choose",
        "Korea",
    ]
    assert row.field("region") is None


def test_a_stored_choice_that_was_dropped_since_can_stay(alice: Client, logto: Logto) -> None:
    logto.asks("time", "Select", config={"options": [{"value": "am"}]})
    logto.person["customData"] = {"time": "night"}

    row = Row(alice, "/profile/time/")

    assert row.field().find("option", selected=True)["value"] == "night"
    assert row.send(value="night").status_code == 303


def test_a_stored_date_that_is_none_is_edited_as_text(alice: Client, logto: Logto) -> None:
    logto.person["profile"] = {"birthdate": "1990"}

    row = Row(alice, "/profile/birthdate/")

    assert (row.field()["type"], row.field()["value"]) == ("text", "1990")
    assert row.send(value="1990").status_code == 303
    assert row.send(value="about 1990").status_code == 422
    assert row.send(value="1990-05-04").status_code == 303
    assert logto.writes == [("profile", {"profile": {"birthdate": "1990-05-04"}})]


def test_an_expression_that_takes_for_ever_ends_in_a_sentence(alice: Client, logto: Logto) -> None:
    logto.asks("own", "Regex", config={"format": "^(a+)+$"})

    response = Row(alice, "/profile/own/").send(value="a" * 40 + "!")

    assert response.status_code == 422
    assert "takes too long to check" in says(response)


def test_an_expression_that_cannot_be_read_keeps_nobody_from_saving(
    alice: Client, logto: Logto
) -> None:
    logto.asks("own", "Regex", config={"format": "((("})

    assert Row(alice, "/profile/own/").send(value="x").status_code == 303


def test_the_name_has_the_tenants_limits_and_logtos(alice: Client, logto: Logto) -> None:
    logto.asks("name", "Text", label="Name", required=True, config={"maxLength": 500})

    row = Row(alice, "/profile/name/")

    assert row.field()["maxlength"] == "128"
    assert row.send(value="").status_code == 422


@pytest.mark.parametrize("name", ["nickname", "name"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8"), max_size=140))
def test_whatever_is_typed_is_saved_clean_or_refused(
    alice: Client, logto: Logto, name: str, text: str
) -> None:
    logto.person |= {"name": None, "profile": {}}
    logto.writes.clear()

    response = Row(alice, f"/profile/{name}/").send(value=text)

    if response.status_code == 422:
        assert logto.writes == []
        return
    assert response.status_code == 303
    for _what, body in logto.writes:
        saved = body.get("name") or body.get("profile", {}).get("nickname")
        assert saved == texts.clean(text)
        assert texts.length(saved) <= (128 if name == "name" else texts.TEXT_LENGTH)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.dates(), pattern=st.sampled_from(["MM/dd/yyyy", "d. MMMM yyyy", "yyyy-MM-dd"]))
def test_any_date_is_stored_as_the_tenant_spells_it(
    alice: Client, logto: Logto, day: date, pattern: str
) -> None:
    logto.fields.clear()
    forget_tenant()
    logto.asks("day", "Date", config={"format": "custom", "customFormat": pattern})
    logto.person["customData"] = {}

    Row(alice, "/profile/day/").send(value=day.isoformat())

    stored = logto.writes[-1][1]["customData"]["day"]
    assert dates.read(stored, pattern) == day
    assert Row(alice, "/profile/day/").field()["value"] == day.isoformat()
