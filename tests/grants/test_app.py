"""One app: what it may do, and the end of it."""

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from accountsite.audit.models import AuditEvent
from accountsite.elsewhere import apps
from accountsite.logto.grants import Grant
from tests.conftest import HTMX
from tests.devices.conftest import Logto, html, session, text_of
from tests.elsewhere.conftest import grant

pytestmark = pytest.mark.django_db(transaction=True)


def key_of(app_id: str) -> str:
    """How addresses call an app."""
    return apps.of_grants([Grant.from_json(grant("any", app=app_id))], own=[])[0].key


PRINTS = f"/apps/{key_of('photo-prints')}/"


@pytest.fixture
def prints(logto: Logto) -> Logto:
    """Photo Prints, let in on two devices, beside an app of the tenant's own."""
    logto.grants = [
        grant("one", app="photo-prints", name="Photo Prints", scope="openid email"),
        grant("two", app="photo-prints", name="Photo Prints", scope="openid offline_access"),
        grant("berths", app="berths", name="Berths", is_own=True),
    ]
    return logto


def trail() -> list[tuple[str, str, Any]]:
    events = AuditEvent.objects.order_by("pk")
    return list(events.values_list("action", "outcome", "changes"))


def ended(logto: Logto) -> list[str]:
    return sorted(name for name, _query in logto.ended)


def may(page: Any) -> list[str]:
    return [text_of(scope) for scope in page.find(id="scopes").find_all("li")]


# What it tells


def test_what_it_may_do_is_told_in_plain_words_for_all_its_grants(
    alice: Client, browse: Any, prints: Logto
) -> None:
    assert may(browse(alice, PRINTS)) == [
        "Know that it is you",
        "See your email address",
        "Do all this while you are away, too",
    ]


def test_every_scope_that_this_site_asks_for_itself_has_words(
    alice: Client, browse: Any, prints: Logto
) -> None:
    scope = (
        "openid offline_access profile email phone address custom_data identities roles"
        " urn:logto:scope:organizations urn:logto:scope:organization_roles"
        " urn:logto:scope:sessions urn:logto:scope:trusted_devices"
    )
    prints.grants = [grant("one", app="photo-prints", scope=scope)]

    page = browse(alice, PRINTS)

    assert len(may(page)) == len(scope.split())
    assert page.find(id="scopes").find("code") is None


def test_a_scope_that_nobody_explained_stands_as_it_is(
    alice: Client, browse: Any, prints: Logto
) -> None:
    prints.grants = [grant("one", app="photo-prints", scope="print:posters openid")]

    page = browse(alice, PRINTS)

    assert may(page) == ["Know that it is you", "print:posters"]
    assert text_of(page.find(id="scopes").find("code")) == "print:posters"


def test_what_it_may_do_at_other_services_is_told(
    alice: Client, browse: Any, prints: Logto
) -> None:
    for given, scopes in zip(prints.grants[:2], ("read", "read write"), strict=True):
        given["payload"]["resources"] = {
            "https://api.example.com": scopes,
            "https://other.example": "",
        }

    page = browse(alice, PRINTS)

    first, second = (text_of(page.find(id=f"service-{number}")) for number in (1, 2))
    assert "https://api.example.com read write" in first
    assert "https://other.example Nothing in particular" in second


def test_an_app_that_registered_itself_is_called_by_its_host(
    alice: Client, browse: Any, prints: Logto
) -> None:
    client_id = "https://notes.example.com/client.json?a=1&b=2#c"
    prints.grants = [grant("one", app=client_id, name="Your bank")]

    page = browse(alice, f"/apps/{key_of(client_id)}/")

    assert text_of(page.h1) == "notes.example.com"
    assert "Your bank" in text_of(page.find(id="claim"))
    assert client_id in text_of(page.find(id="address"))


def test_what_revoking_does_is_said_before(alice: Client, browse: Any, prints: Logto) -> None:
    theirs = text_of(browse(alice, PRINTS).find("form", action=PRINTS))
    own = f"/apps/{key_of('berths')}/"
    ours = text_of(browse(alice, own).find("form", action=own))

    assert "has to ask you again" in theirs
    assert "What it knows of you already, it keeps." in theirs
    assert "It gets in again when you next sign in to it." in ours
    assert prints.ended == []


# Revoking


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_all_that_it_was_granted_ends(sure: Client, prints: Logto, headers: dict[str, str]) -> None:
    response = sure.post(PRINTS, headers=headers)

    assert ended(prints) == ["one", "two"]
    assert (response.get("HX-Redirect") or response["Location"]) == "/apps/"
    assert "Photo Prints has no access any more." in text_of(html(sure.get("/apps/")))


def test_it_stands_in_the_trail_and_a_mail_tells_of_it(sure: Client, prints: Logto) -> None:
    sure.post(PRINTS)

    assert trail() == [("app.revoked", "done", {"app": ["Photo Prints", None]})]
    assert [(letter.subject, letter.to) for letter in mail.outbox] == [
        ("An app’s access to your account was revoked", ["alice@example.com"])
    ]


def test_an_app_of_the_tenants_own_can_be_revoked_too(sure: Client, prints: Logto) -> None:
    sure.post(f"/apps/{key_of('berths')}/")

    assert ended(prints) == ["berths"]


def test_this_site_is_explained_and_not_revoked(sure: Client, browse: Any, prints: Logto) -> None:
    prints.grants = [grant("ours", app=settings.LOGTO_APP_ID, name="Site", is_own=True)]
    path = f"/apps/{key_of(settings.LOGTO_APP_ID)}/"

    page = browse(sure, path)
    response = sure.post(path)

    assert page.find("form", action=path) is None
    assert page.find(id="revoke").find("a")["href"] == "/devices/"
    assert response.status_code == 422
    assert "Sign out of it on your devices instead." in text_of(html(response))
    assert prints.ended == []
    assert [event[:2] for event in trail()] == [("app.revoked", "refused")]


def test_one_of_its_grants_that_can_t_be_ended_is_told(sure: Client, prints: Logto) -> None:
    prints.fails("one")

    response = sure.post(PRINTS)

    assert response.status_code == 503
    assert "Not all of the access could be revoked." in text_of(html(response))
    assert "two" in ended(prints)
    assert [event[:2] for event in trail()] == [("app.revoked", "unknown")]
    assert len(mail.outbox) == 1


def test_with_htmx_the_form_comes_back_with_what_went_wrong(sure: Client, prints: Logto) -> None:
    prints.fails("one")

    part = sure.post(PRINTS, headers=HTMX)

    assert part.status_code == 503
    assert html(part).find("form")["id"] == "revoke"
    assert "Try again" in text_of(html(part).find(role="alert"))
    assert "<html" not in part.text


def test_a_second_click_is_told_that_it_is_done(sure: Client, prints: Logto) -> None:
    sure.post(PRINTS)
    prints.grants = prints.grants[2:]
    prints.ended.clear()

    assert sure.post(PRINTS)["Location"] == "/apps/"

    assert "That app has no access any more." in text_of(html(sure.get("/apps/")))
    assert prints.ended == []
    assert len(trail()) == 1


@pytest.mark.parametrize("key", [key_of("bobs-app"), "..", "x" * 300, "☠"])
def test_what_is_not_hers_is_not_there(sure: Client, prints: Logto, key: str) -> None:
    assert sure.get(f"/apps/{key}/").status_code == 404

    sure.post(f"/apps/{key}/")

    assert (prints.ended, trail()) == ([], [])


def test_it_wants_a_fresh_proof_to_change_and_none_to_look(alice: Client, prints: Logto) -> None:
    assert alice.get(PRINTS).status_code == 200

    assert alice.post(PRINTS)["Location"] == "/confirm/"
    assert alice.post("/apps/third-party/")["Location"] == "/confirm/"

    assert prints.ended == []


def test_nothing_is_revoked_where_the_tenant_fixes_it(
    sure: Client, browse: Any, prints: Logto
) -> None:
    prints.lets("ReadOnly")

    assert browse(sure, PRINTS).find("form", action=PRINTS) is None
    response = sure.post(PRINTS)

    assert response.status_code == 422
    assert "can’t be changed here any more" in text_of(html(response))
    assert sure.get("/apps/third-party/").status_code == 404
    sure.post("/apps/third-party/")
    assert prints.ended == []
    assert [event[:2] for event in trail()] == [
        ("app.revoked", "refused"),
        ("apps.revoked", "refused"),
    ]


def test_nothing_is_revoked_for_who_is_suspended(sure: Client, prints: Logto) -> None:
    prints.person |= {"isSuspended": True}

    sure.post(PRINTS)

    assert (prints.ended, trail(), mail.outbox) == ([], [], [])


def test_sessions_stay(sure: Client, prints: Logto) -> None:
    prints.sessions += [session("phone", app="photo-prints")]

    sure.post(PRINTS)

    assert "phone" not in ended(prints)


def test_a_change_takes_two_round_trips(sure: Client, prints: Logto) -> None:
    sure.get("/apps/")
    prints.slows()

    sure.post(PRINTS)

    assert prints.round_trips == 2


# All third parties


def test_all_third_parties_are_named_before(alice: Client, browse: Any, prints: Logto) -> None:
    prints.grants.append(grant("three", app="https://notes.example.com/c", name="Your bank"))

    page = browse(alice, "/apps/third-party/")

    form = text_of(page.find("form", action="/apps/third-party/"))
    assert "2 apps lose their access:" in form
    assert "Photo Prints" in form
    assert "notes.example.com" in form
    assert "Berths" not in form
    assert prints.ended == []


def test_five_hundred_third_parties_are_counted(alice: Client, browse: Any, prints: Logto) -> None:
    prints.grants = [grant(f"number-{n}", app=f"app-{n}") for n in range(500)]

    text = text_of(browse(alice, "/apps/third-party/"))

    assert "500 apps lose their access:" in text
    assert "and 480 other apps" in text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_all_third_parties_end_and_the_tenants_own_stay(
    sure: Client, prints: Logto, headers: dict[str, str]
) -> None:
    prints.grants.append(grant("three", app="https://notes.example.com/c"))

    response = sure.post("/apps/third-party/", headers=headers)

    assert (response.get("HX-Redirect") or response["Location"]) == "/apps/"
    assert ended(prints) == ["one", "three", "two"]
    assert trail() == [("apps.revoked", "done", {"apps": ["2", None]})]
    assert [letter.subject for letter in mail.outbox] == [
        "The access of apps to your account was revoked"
    ]


def test_no_third_party_is_told(sure: Client, prints: Logto) -> None:
    prints.grants = prints.grants[2:]

    assert sure.post("/apps/third-party/")["Location"] == "/apps/"

    assert "No third-party app has access any more." in text_of(html(sure.get("/apps/")))
    assert prints.ended == []


def test_what_is_left_of_all_is_told(sure: Client, prints: Logto) -> None:
    prints.fails("two")

    response = sure.post("/apps/third-party/")

    assert response.status_code == 503
    assert "Not all of the access could be revoked." in text_of(html(response))
