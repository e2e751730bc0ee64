"""Password: the rules, a new one, and the end of every other sign-in."""

import pytest
from django.core.cache import cache
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.signin.models import Session
from tests.conftest import ALICE, HTMX
from tests.security.conftest import html, letters, messages, says, says_of, send, trail
from tests.security.logto import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/security/password/"
NEW = "Lantern-Maple-31"


def issue(code, **details):
    return {"code": f"password_rejected.{code}", "interpolation": details}


def rules(response):
    return {
        rule.find(string=True, recursive=False): rule.get("data-state")
        for rule in html(response).find(id="password-rules").find_all("li")
    }


def test_the_rules_stand_there_before_anything_is_typed(alice, logto):
    logto.experience["passwordPolicy"] = {
        "length": {"min": 10, "max": 64},
        "characterTypes": {"min": 3},
        "rejects": {"words": ["harbour", "orbit"], "pwned": True},
    }

    assert rules(alice.get(PATH)) == {
        "10 to 64 characters": None,
        "3 kinds of characters, of lower case, capitals, digits and symbols": None,
        "Not a row such as 1234, abcd or aaaa": None,
        "Not your name, or what you sign in with": None,
        "Not one of these words: harbour, orbit": None,
        "Not one that is known from a data leak": None,
    }


def test_rules_that_the_tenant_does_not_have_are_not_told(alice, logto):
    rejects = dict.fromkeys(("pwned", "repetitionAndSequence", "userInfo"), False)
    logto.experience["passwordPolicy"] = {"length": {"min": 1}, "rejects": rejects}

    assert rules(alice.get(PATH)) == {"At least 1 character": None}


def test_rules_that_can_be_told_while_typing_carry_what_that_takes(alice, logto):
    length, kinds = html(alice.get(PATH)).find_all("li", {"data-rule": True})

    assert (length["data-rule"], length["data-least"], length["data-most"]) == (
        "length",
        "8",
        "256",
    )
    assert (kinds["data-rule"], kinds["data-least"]) == ("types", "2")


def test_password_managers_can_tell_the_fields_apart(alice, logto):
    page = html(alice.get(PATH))

    assert page.find("input", {"autocomplete": "username"})["value"] == "alice"
    assert page.find("input", {"name": "password"})["autocomplete"] == "new-password"


def test_the_password_can_be_shown_where_scripts_run_and_is_typed_twice_elsewhere(alice, logto):
    page = html(alice.get(PATH))

    toggle = page.find("button", {"data-shows-password": True})
    assert (toggle["type"], toggle["aria-pressed"]) == ("button", "false")
    assert toggle.has_attr("hidden")
    assert page.find("noscript").find("input", {"name": "again"})
    part = html(alice.get(PATH, headers=HTMX))
    assert part.find("input", {"name": "password"})
    assert part.find("input", {"name": "again"}) is None


def test_it_is_changed_told_audited_and_mailed(alice, logto):
    answer = send(alice, PATH, password=NEW)

    assert (answer.status_code, answer["Location"]) == (303, "/security/#row-password")
    assert logto.password == NEW
    assert "Password changed." in messages(alice)
    assert trail() == [("password.changed", "done")]
    assert letters() == ["Your password was changed"]


def test_with_htmx_the_row_comes_back_in_its_place(alice, logto):
    answer = send(alice, PATH, password=NEW, htmx=True)

    assert answer.status_code == 200
    assert html(answer).find(id="row-password").find(class_="row__value").text == "Set"
    assert "Password changed." in says(answer)


def test_who_had_none_sets_one(alice, logto):
    logto.person["hasPassword"], logto.password = False, None

    send(alice, PATH, password=NEW)

    assert "Password set." in messages(alice)
    assert trail() == [("password.set", "done")]


def test_no_word_of_either_password_is_kept(alice, logto):
    send(alice, PATH, password=NEW)

    assert NEW not in repr(list(AuditEvent.objects.values()))
    assert NEW not in html(alice.get(PATH)).prettify()


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (issue("too_short", min=12), "use at least 12 characters"),
        (issue("too_long", max=20), "use at most 20 characters"),
        (issue("character_types", min=3), "Mix more kinds of characters: 3 of"),
        (issue("unsupported_characters"), "Use only letters from A to Z"),
        (issue("pwned"), "known from a data leak"),
        (issue("restricted.repetition"), "repeats one character"),
        (issue("restricted.sequence"), "follows the order of the alphabet"),
        (issue("restricted.user_info"), "made of your name"),
        (issue("restricted.words"), "a word that this service excludes"),
        (issue("something_of_tomorrow"), "does not follow the rules of this service"),
    ],
)
def test_what_the_policy_has_against_it_is_told_beside_the_field(alice, logto, problem, words):
    logto.issues = [problem]

    answer = send(alice, PATH, password="kitten")

    assert answer.status_code == 422
    field = html(answer).find("input", {"name": "password"})
    rules_id, errors_id = field["aria-describedby"].split()
    assert words in says_of(html(answer).find(id=errors_id))
    assert rules_id == "password-rules"
    assert "value" not in field.attrs
    assert (logto.password, trail()) == (PASSWORD, [("password.changed", "refused")])


def test_everything_that_is_wrong_is_told_at_once_and_what_is_met_is_ticked(alice, logto):
    logto.experience["passwordPolicy"] |= {"rejects": {"pwned": False, "userInfo": False}}
    logto.issues = [issue("too_short", min=8), issue("restricted.sequence")]

    answer = send(alice, PATH, password="Abcd1")

    assert rules(answer) == {
        "At least 8 characters": "unmet",
        "2 kinds of characters, of lower case, capitals, digits and symbols": "met",
        "Not a row such as 1234, abcd or aaaa": "unmet",
    }
    assert len(html(answer).find(id="id_password_error").find_all("li")) == 2


def test_one_that_logto_cannot_check_is_not_set_and_that_is_told(alice, logto):
    logto.fails("POST check-password", (400, "request.invalid_input"))

    answer = send(alice, PATH, password=NEW)

    assert answer.status_code == 422
    assert "New passwords can’t be checked at the moment" in says(answer)
    assert (logto.password, trail()) == (PASSWORD, [("password.changed", "refused")])


def test_the_old_one_is_no_new_one(alice, logto):
    answer = send(alice, PATH, password=PASSWORD)

    assert "This is your password already." in says(answer)
    assert logto.writes == []
    assert trail() == [("password.changed", "refused")]


def test_that_a_password_is_the_old_one_is_not_told_of_one_that_the_policy_refuses(alice, logto):
    logto.issues = [issue("too_short", min=12)]

    assert "already" not in says(send(alice, PATH, password=PASSWORD))


def test_two_different_ones_are_told(alice, logto):
    answer = send(alice, PATH, password=NEW, again="Lantern-Maple-13")

    assert "two different passwords" in says(answer)
    assert "POST check-password" not in logto.calls


def test_spaces_belong_to_it(alice, logto):
    send(alice, PATH, password=f" {NEW} ")

    assert logto.password == f" {NEW} "


def test_nothing_is_refused(alice, logto):
    assert send(alice, PATH, password="").status_code == 422
    assert logto.writes == []


def test_trying_is_limited(alice, logto):
    logto.issues = [issue("too_short", min=8)]
    for _attempt in range(20):
        assert alice.post(PATH, {"password": "kitten"}).status_code == 422

    answer = alice.post(PATH, {"password": "kitten"})

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert logto.calls.count("POST verify") == 20


def test_refused_passwords_use_up_no_try_at_the_current_one(alice, logto):
    logto.issues = [issue("too_short", min=8)]
    for _attempt in range(10):
        alice.post(PATH, {"password": "kitten"})

    other = alice.session
    del other["proofs"]
    other.save()
    alice.get(PATH)

    assert alice.post("/confirm/password/", {"password": PASSWORD})["Location"] == PATH


# Signing out everywhere else


def test_everywhere_else_is_ticked_and_here_the_person_stays(alice, logto, sign_in):
    elsewhere = sign_in(Client())
    key = alice.cookies["session"].value
    assert html(alice.get(PATH)).find("input", {"name": "signs_out"}).has_attr("checked")

    send(alice, PATH, password=NEW, signs_out="on")

    assert [each["payload"]["uid"] for each in logto.sessions] == ["here"]
    assert alice.cookies["session"].value != key
    assert elsewhere.get("/")["Location"].startswith("/signed-out/")
    assert "You are signed out everywhere else." in messages(alice)
    assert trail() == [("password.changed", "done"), ("sessions.ended", "done")]
    assert letters() == ["Your password was changed"]


def test_without_the_tick_the_others_stay_and_this_session_gets_a_new_key(alice, logto, sign_in):
    elsewhere = sign_in(Client())
    key = alice.cookies["session"].value

    send(alice, PATH, password=NEW)

    assert len(logto.sessions) == 3
    assert alice.cookies["session"].value != key
    assert elsewhere.get("/security/").status_code == 200


def test_the_password_is_changed_before_anybody_is_signed_out(alice, logto):
    send(alice, PATH, password=NEW, signs_out="on")

    assert logto.calls.index("PATCH password") < logto.calls.index("DELETE sessions")


def test_what_could_not_be_ended_is_told(alice, logto):
    logto.fails("DELETE sessions", *[503] * 4)

    send(alice, PATH, password=NEW, signs_out="on")

    said = messages(alice)
    assert "Password changed." in said
    assert "2 other sign-ins could not be ended." in said
    assert trail() == [("password.changed", "done"), ("sessions.ended", "unknown")]


def test_if_the_others_cant_even_be_found_that_is_told(alice, logto, sign_in):
    elsewhere = sign_in(Client())
    logto.fails("GET sessions", 503, 503)

    send(alice, PATH, password=NEW, signs_out="on")

    assert logto.password == NEW
    assert "Other devices could not be signed out." in messages(alice)
    assert elsewhere.get("/")["Location"].startswith("/signed-out/")


def test_where_this_session_cant_be_told_apart_the_person_is_told(alice, logto):
    logto.sessions = logto.sessions[1:]

    send(alice, PATH, password=NEW, signs_out="on")

    assert logto.sessions == []
    assert "You may be asked to sign in here again, too." in messages(alice)


# Outages and other trouble


def test_it_takes_two_round_trips_and_one_more_to_sign_out_elsewhere(alice, logto):
    alice.get(PATH)
    logto.slows()
    alice.post(PATH, {"password": NEW})
    assert logto.round_trips == 2
    logto.slows()

    alice.post(PATH, {"password": "Other-Lantern-8", "signs_out": "on"})

    assert logto.round_trips == 3


def test_an_outage_is_told_and_htmx_leaves_what_was_typed(alice, logto):
    logto.fails("PATCH password", 503, 503)

    plain = send(alice, PATH, password=NEW)
    swapped = send(alice, PATH, password=NEW, htmx=True)

    assert (plain.status_code, swapped.status_code) == (503, 503)
    assert "your password may not have been changed" in says(plain)
    assert swapped["HX-Reswap"] == "none"
    assert trail() == [("password.changed", "unknown")] * 2
    assert letters() == []


def test_a_change_that_was_lost_on_the_way_is_found_out_by_the_next_try(alice, logto):
    logto.fails("PATCH password", "lost")
    assert send(alice, PATH, password=NEW).status_code == 503

    assert "This is your password already." in says(send(alice, PATH, password=NEW))


def test_what_logto_refuses_is_told(alice, logto):
    logto.fails("PATCH password", (400, "guard.invalid_input"))

    answer = send(alice, PATH, password=NEW)

    assert answer.status_code == 422
    assert "Choose another one." in says(answer)


def test_who_was_deleted_meanwhile_is_signed_out(alice, logto):
    logto.fails("PATCH password", (404, "user.not_found"))

    assert send(alice, PATH, password=NEW)["Location"].startswith("/signed-out/?reason=gone")


def test_a_tenant_that_fixes_passwords_since_is_obeyed(alice, logto):
    alice.get(PATH)
    logto.lets(password="ReadOnly")
    cache.clear()

    answer = alice.post(PATH, {"password": NEW})

    assert "can’t be changed here any more" in says(answer)
    assert logto.writes == []


# Other devices, by themselves

ELSEWHERE = "/security/elsewhere/"


@pytest.mark.parametrize("htmx", [False, True])
def test_one_can_sign_out_everywhere_else_without_a_new_password(alice, logto, sign_in, htmx):
    elsewhere = sign_in(Client())

    answer = send(alice, ELSEWHERE, htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert [each["payload"]["uid"] for each in logto.sessions] == ["here"]
    assert elsewhere.get("/")["Location"].startswith("/signed-out/")
    assert letters() == ["Your other devices were signed out"]


def test_while_logto_is_down_nobody_is_signed_out(alice, logto, sign_in):
    elsewhere = sign_in(Client())
    logto.fails("GET sessions", 503, 503)

    answer = send(alice, ELSEWHERE)

    assert answer.status_code == 503
    assert elsewhere.get("/security/").status_code == 200


def test_it_asks_first(alice, logto):
    assert "All other browsers and apps have to sign in again." in says(alice.get(ELSEWHERE))
    assert len(logto.sessions) == 3
    assert Session.objects.filter(account_id=ALICE, ended_at=None).count() == 1
    assert "<html" not in alice.get(ELSEWHERE, headers=HTMX).text
