"""Custom data: what apps keep, as JSON, to look at and to change without losing what others did."""

import json

import pytest

from accountsite.audit.models import AuditEvent
from accountsite.limits import attempts, turns
from accountsite.limits.rules import Kind
from accountsite.privacy.edits import Edits
from tests.conftest import ALICE, HTMX
from tests.privacy.conftest import HELD
from tests.security.conftest import html, letters, says, trail

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/privacy/custom-data/"
HOSTILE = '</pre><script>alert("1")</script>\u202e 😀'


def shown(client):
    """What the page of the section shows of it."""
    row = html(client.get("/privacy/")).find(id="row-custom-data")
    return json.loads(row.find("pre").text)


def opened(client):
    """The form, as a browser would send it back."""
    form = html(client.get(PATH)).find("form", id="row-custom-data")
    return {"seen": form.find("input", {"name": "seen"})["value"], "text": text_in(form)}


def text_in(tag):
    return tag.find("textarea").text.removeprefix("\n")


def edited(client, change, *, htmx=False):
    """Open the form, change the data in it, and send it."""
    form = opened(client)
    data = json.loads(form["text"])
    change(data)
    return sent(client, form, data, htmx=htmx)


def sent(client, form, data, *, htmx=False):
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return client.post(PATH, form | {"text": text}, headers=HTMX if htmx else {})


def bare(text):
    """Without the marks that keep the direction of a name to itself."""
    return text.replace("\u2068", "").replace("\u2069", "")


def test_it_is_shown_as_it_is(alice, logto):
    logto.data = {"b": {"deep": [1, 2.5, None]}, "a": HOSTILE}

    assert shown(alice) == logto.data
    assert list(shown(alice)) == ["b", "a"]


@pytest.mark.parametrize("count", [1, 3, 500])
def test_however_many_names_there_are_one_is_changed_and_the_others_stay(alice, logto, count):
    logto.data = {f"{HOSTILE}{number}": "😀" * 20 for number in range(count)}
    before = dict(logto.data)
    assert shown(alice) == before

    edited(alice, lambda data: data.update({f"{HOSTILE}0": 1}))

    assert logto.data == before | {f"{HOSTILE}0": 1}
    assert logto.writes == ["PATCH custom-data"]


def test_where_there_is_none_one_can_begin(alice, logto):
    logto.data = {}

    row = html(alice.get("/privacy/")).find(id="row-custom-data")

    assert "There is none" in row.text
    assert row.find("a", href=PATH).text.startswith("Add")
    assert edited(alice, lambda data: data.update(theme="dark")).status_code == 303
    assert logto.data == {"theme": "dark"}


def test_it_is_changed_told_audited_and_mailed(alice, logto):
    answer = edited(alice, lambda data: data.update(theme="dark", new=[1]))

    assert (answer.status_code, answer["Location"]) == (303, "/privacy/#row-custom-data")
    assert logto.data == HELD | {"theme": "dark", "new": [1]}
    assert "Custom data saved." in says(alice.get("/privacy/"))
    assert trail() == [("custom_data.changed", "done")]
    assert letters() == ["Your custom data was changed"]
    assert AuditEvent.objects.get().changes == {"custom_data": [None, "theme, new"]}


def test_with_htmx_the_row_comes_back_in_its_place(alice, logto):
    answer = edited(alice, lambda data: data.update(theme="dark"), htmx=True)

    assert json.loads(html(answer).find(id="row-custom-data").find("pre").text)["theme"] == "dark"
    assert "Custom data saved." in says(answer)


def test_names_are_merged_and_only_a_removal_writes_all_anew(alice, logto):
    edited(alice, lambda data: data.update(theme="dark"))
    assert logto.writes == ["PATCH custom-data"]

    edited(alice, lambda data: data.pop("boatLength"))
    assert logto.writes == ["PATCH custom-data", "PATCH person"]
    assert logto.data == {"theme": "dark", "newsletter": True}


def test_nothing_changed_is_nothing_done(alice, logto):
    answer = edited(alice, lambda data: data.update(boatLength=7.5))

    assert answer.status_code == 303
    assert (logto.writes, trail(), letters()) == ([], [], [])


def test_an_empty_text_empties_it(alice, logto):
    sent(alice, opened(alice), "  ")

    assert logto.data == {}


def test_what_cannot_be_read_is_told_and_nothing_typed_is_lost(alice, logto):
    typed = '{"theme": "dark"\n "x": 1}'

    answer = sent(alice, opened(alice), typed)

    assert answer.status_code == 422
    page = html(answer)
    assert "Line 2, column 2: A comma is needed here" in page.find(class_="errors").text
    assert text_in(page) == typed
    assert page.find("textarea")["aria-invalid"] == "true"
    assert (logto.writes, trail()) == ([], [])


def test_what_an_app_changed_meanwhile_elsewhere_stands(alice, logto):
    form = opened(alice)
    logto.data = HELD | {"lastSeen": "today", "boatLength": 8}

    answer = sent(alice, form, HELD | {"theme": "dark"})

    assert answer.status_code == 303
    assert logto.data == HELD | {"lastSeen": "today", "boatLength": 8, "theme": "dark"}


def test_it_stands_where_a_name_is_removed_too(alice, logto):
    form = opened(alice)
    logto.data = HELD | {"lastSeen": "today"}

    sent(alice, form, {"boatLength": 7.5, "newsletter": True})

    assert logto.data == {"boatLength": 7.5, "newsletter": True, "lastSeen": "today"}


def test_the_same_name_changed_meanwhile_is_told_and_asked_about(alice, logto):
    form = opened(alice)
    logto.data = {"theme": "light", "newsletter": True, "lastSeen": HOSTILE}
    wanted = HELD | {"theme": "dark", "boatLength": 9}

    answer = sent(alice, form, wanted)

    assert answer.status_code == 422
    told = bare(says(answer))
    assert "This was changed elsewhere meanwhile." in told
    assert '“theme” is now: "light"' in told
    assert "“boatLength” is not there any more." in told
    assert "lastSeen" not in told, "nobody else's business"
    assert len(html(answer).find(role="alert").find_all("li")) == 3
    assert json.loads(text_in(html(answer))) == wanted
    assert "Save mine anyway" in told
    assert (logto.writes, trail()) == ([], [("custom_data.changed", "refused")])

    again = html(answer).find("form", id="row-custom-data")
    form = {"seen": again.find("input", {"name": "seen"})["value"]}
    assert sent(alice, form, text_in(again)).status_code == 303
    assert logto.data == {
        "theme": "dark", "newsletter": True, "lastSeen": HOSTILE, "boatLength": 9
    }  # fmt: skip


def test_who_is_asked_about_one_change_is_asked_about_the_next(alice, logto):
    form = opened(alice)
    logto.data = HELD | {"theme": "light"}
    again = html(sent(alice, form, HELD | {"theme": "dark"})).find("form", id="row-custom-data")
    form = {"seen": again.find("input", {"name": "seen"})["value"]}
    logto.data = HELD | {"theme": "blue"}

    assert '“theme” is now: "blue"' in bare(says(sent(alice, form, text_in(again))))


def test_two_who_did_the_same_are_in_no_conflict(alice, logto):
    form = opened(alice)
    logto.data = HELD | {"theme": "dark"}

    assert sent(alice, form, HELD | {"theme": "dark"}).status_code == 303
    assert logto.writes == []


@pytest.mark.parametrize("seen", ["", "[", "[]", '{"theme": "made up"}'])
def test_a_form_that_claims_to_have_seen_something_else_overwrites_nothing(alice, logto, seen):
    answer = sent(alice, {"seen": seen}, HELD | {"theme": "dark"})

    assert answer.status_code == 422
    assert logto.data == HELD


def test_one_at_a_time_writes(alice, logto):
    form = opened(alice)

    with turns.alone(f"custom data of {ALICE}"):
        answer = sent(alice, form, HELD | {"theme": "dark"})

    assert answer.status_code == 422
    assert "Another page or device is changing this" in says(answer)
    assert json.loads(text_in(html(answer)))["theme"] == "dark"
    assert logto.writes == []


def test_a_line_of_the_profile_stays_one_value(alice, logto):
    logto.has_field("theme")

    answer = edited(alice, lambda data: data.update(theme={"a": 1}))

    assert answer.status_code == 422
    assert "“theme” is a line of your profile: give it a single value." in bare(says(answer))
    assert edited(alice, lambda data: data.update(theme="dark", other={"a": 1})).status_code == 303


def test_where_the_tenant_lets_people_only_look_there_is_no_form(alice, logto):
    logto.lets(customData="ReadOnly")

    row = html(alice.get("/privacy/")).find(id="row-custom-data")
    assert "Read only" in row.text
    assert row.find("a") is None
    assert html(alice.get(PATH)).find("textarea") is None
    answer = sent(alice, {"seen": json.dumps(HELD)}, HELD | {"theme": "dark"})
    assert "This can’t be changed here any more." in says(answer)
    assert logto.data == HELD


def test_where_the_tenant_keeps_it_to_itself_there_is_nothing(alice, logto):
    logto.lets(customData="Off")

    assert html(alice.get("/privacy/")).find(id="row-custom-data") is None
    assert alice.get(PATH).status_code == 404
    assert sent(alice, {"seen": "{}"}, {"theme": "dark"}).status_code == 422
    assert logto.data == HELD


def test_more_than_a_page_can_show_is_told_of(alice, logto):
    logto.data = {"much": "x" * 120_000}

    row = html(alice.get("/privacy/")).find(id="row-custom-data")

    assert "More than a page can show" in row.text
    assert alice.get(PATH).status_code == 404


@pytest.mark.parametrize("how", [503, "lost"])
def test_when_logto_does_not_answer_nothing_typed_is_lost(alice, logto, how):
    form = opened(alice)
    logto.fails("PATCH custom-data", how)

    answer = sent(alice, form, HELD | {"theme": "dark"})

    assert answer.status_code == 503
    assert json.loads(text_in(html(answer)))["theme"] == "dark"
    assert trail() == [("custom_data.changed", "unknown")]
    assert letters() == []


def test_what_logto_refuses_is_told(alice, logto):
    form = opened(alice)
    logto.fails("PATCH custom-data", (422, "entity.invalid_input"))

    assert "This can’t be saved as it is." in says(sent(alice, form, HELD | {"theme": "dark"}))
    assert trail() == [("custom_data.changed", "refused")]


def test_whose_account_is_gone_is_signed_out(alice, logto):
    form = opened(alice)
    logto.fails("PATCH custom-data", (404, "entity.not_found"))

    sent(alice, form, HELD | {"theme": "dark"})

    assert alice.get("/privacy/").status_code == 302


def test_nobody_can_have_mails_sent_without_end(alice, logto):
    for _time in range(30):
        attempts.count(Kind.CUSTOM_DATA, account=ALICE)

    answer = edited(alice, lambda data: data.update(theme="once more"))

    assert answer.status_code == 429
    assert (logto.data, letters()) == (HELD, [])


def test_the_pages_wait_for_logto_once_and_a_change_twice(alice, logto):
    alice.get("/privacy/")
    form = opened(alice)
    logto.slows()

    alice.get("/privacy/")
    assert logto.round_trips == 1
    logto.slows()
    sent(alice, form, HELD | {"theme": "dark"})
    assert logto.round_trips == 2


def test_edits_are_what_leads_from_one_to_the_other():
    edits = Edits.between({"a": 1, "b": 2, "c": [1]}, {"a": 1.0, "c": [2], "d": None})

    assert (edits.put, edits.removed) == ({"c": [2], "d": None}, ("b",))
    assert edits.names == ["c", "d", "b"]
    assert not Edits.between({"a": 1}, {"a": 1})
