"""How the checks are run: beside each other, in time, and whatever breaks."""

import time
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from accountsite.doctor import catalogue, echo, examination, findings
from accountsite.doctor.catalogue import Check, Group
from accountsite.doctor.findings import Level
from accountsite.doctor.sources import Sources

SECRET = "hunter2-of-the-database"


def check(name: str, look: Any, *needs: str, **more: Any) -> Check:
    return Check(name=name, title=name, group=Group.SITE, look=look, needs=needs, **more)


@pytest.fixture
def run(monkeypatch):
    """Examines by checks of a test's own; gives what each found."""

    def run(*checks: Check, **options: Any) -> dict[str, findings.Finding]:
        monkeypatch.setattr(catalogue, "CHECKS", checks)
        monkeypatch.setattr(catalogue, "BY_NAME", {one.name: one for one in checks})
        outcomes = examination.examine(checks, **options)
        return {outcome.check.name: outcome.found[0] for outcome in outcomes}

    return run


def fine(_sources: Sources) -> Any:
    yield findings.ok("Fine.")


def bad(_sources: Sources) -> Any:
    yield findings.error("Bad.", "Mend it.")


def breaks(_sources: Sources) -> Any:
    raise RuntimeError(SECRET)


def test_what_waits_waits_beside_each_other(run):
    def slow(_sources: Sources) -> Any:
        time.sleep(0.3)
        yield findings.ok("Done.")

    began = time.monotonic()
    found = run(*(check(str(number), slow) for number in range(8)))

    assert {one.says for one in found.values()} == {"Done."}
    assert time.monotonic() - began < 1.2


@pytest.mark.parametrize("uses_database", [False, True])
def test_what_hangs_does_not_hold_the_others_for_ever(run, uses_database):
    def hangs(_sources: Sources) -> Any:
        time.sleep(5)
        yield findings.ok("At last.")

    began = time.monotonic()
    needing = check("needs", fine, "hangs", uses_database=uses_database)
    found = run(check("hangs", hangs), check("good", fine), needing, seconds=0.3)

    assert time.monotonic() - began < 2
    assert "too long" in found["hangs"].says
    assert found["good"].level == Level.OK
    assert found["needs"].level == Level.ERROR


def test_what_needs_something_broken_is_skipped_and_says_why(run):
    found = run(check("c", fine, "b"), check("b", fine, "a"), check("a", bad), check("d", fine))

    assert [found[name].level for name in "abcd"] == ["error", "skipped", "skipped", "ok"]
    assert "“a”" in found["b"].says


def test_a_warning_keeps_nothing_from_being_looked_at(run):
    def warns(_sources: Sources) -> Any:
        yield findings.warning("Hm.", "Mend it.")

    assert run(check("a", warns), check("b", fine, "a"))["b"].level == Level.OK


def test_a_check_that_breaks_is_a_finding_without_its_words(run):
    found = run(check("a", breaks), check("b", breaks, uses_database=True), check("c", fine))

    assert found["c"].level == Level.OK
    for name in "ab":
        assert "RuntimeError" in found[name].says
        assert SECRET not in repr(found)


def test_one_asks_for_what_several_look_at(run):
    asked = []

    def ask() -> int:
        asked.append(1)
        time.sleep(0.05)
        return 7

    def look(sources: Sources) -> Any:
        yield findings.ok(str(sources.get(ask)))

    found = run(*(check(str(number), look) for number in range(6)))

    assert {one.says for one in found.values()} == {"7"}
    assert asked == [1]


def test_an_error_is_the_same_for_all_who_ask():
    sources = Sources()

    def ask() -> int:
        raise LookupError

    for _attempt in range(2):
        with pytest.raises(LookupError):
            sources.get(ask)


def test_findings_are_in_the_language_of_who_asked(run):
    def speaks(_sources: Sources) -> Any:
        yield findings.ok(_("Password"))

    with translation.override("ko"):
        assert run(check("a", speaks))["a"].says == "비밀번호"


def test_every_need_is_a_check_before_it():
    seen: set[str] = set()
    for one in catalogue.with_needed(catalogue.CHECKS):
        assert set(one.needs) <= {each.name for each in catalogue.CHECKS}
        seen.add(one.name)
    assert seen == set(catalogue.BY_NAME)
    assert set(Group.values).isdisjoint(seen), "a name is that of a check or of a group"


def test_what_is_needed_is_looked_at_too():
    checks = catalogue.named(["webhook-test"])

    names = {one.name for one in catalogue.with_needed(checks)}

    assert {"endpoint", "m2m", "webhook-key", "migrations"} <= names
    assert "static" not in names


# What proxies write


@pytest.mark.parametrize(
    ("forwarded", "proxies"),
    [
        ("203.0.113.7", 0),
        ("203.0.113.7, 10.0.0.1", 1),
        ("203.0.113.7, 10.0.0.1, 10.0.0.2", 2),
        ("10.0.0.1", 1),  # a proxy that begins anew
        ("10.0.0.1, 10.0.0.2", 2),
        ("", 0),
    ],
)
def test_the_proxies_are_counted_that_wrote_themselves_down(forwarded, proxies):
    heard = echo.heard(forwarded=forwarded, address="10.0.0.1")

    assert heard.proxies == proxies
    assert heard.believes_forged is False


def test_a_forged_address_that_is_believed_is_told():
    assert echo.heard(forwarded="", address=echo.FORGED).believes_forged


def test_nobody_else_can_ask_how_a_request_arrives(client, settings):
    question = echo.question()

    assert client.get("/doctor/echo/").status_code == 404
    assert client.get("/doctor/echo/", {"q": "x:y:z"}).status_code == 404
    assert client.get("/doctor/echo/", {"q": question}).json()["proxies"] == 0
    settings.SECRET_KEY = "another" * 10
    assert client.get("/doctor/echo/", {"q": question}).status_code == 404


def test_a_question_is_good_for_a_minute(client, clock):
    question = echo.question()
    clock.shift(61)

    assert client.get("/doctor/echo/", {"q": question}).status_code == 404
