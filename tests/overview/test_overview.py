"""The first page: who you are, how your account stands, and what to do next."""

import json
import time

import pytest

from accountsite.audit.actions import Action
from tests.activity.conftest import happened
from tests.conftest import ALICE, API, HTMX
from tests.logto import answers

OPEN = dict.fromkeys(("name", "avatar", "profile", "customData", "session"), "Edit")
CHOSEN = {
    "mfa": {"skipped": False, "skipMfaOnSignIn": False},
    "passkeySignIn": {"skipped": False},
}
NICKNAME = answers.profile_field(name="nickname", label="Nickname", type="Text", required=True)


@pytest.fixture
def account(wire):
    """Lets Logto tell of alice and of the tenant."""

    def account(*, fields=(), center=None, grants=(), tokens=(), organizations=(), **user):
        wire.get(f"{API}/users/{ALICE}", json=answers.user(id=ALICE, **user))
        wire.get(f"{API}/sign-in-exp", json=answers.sign_in_experience())
        open_to_all = {"fields": OPEN, "profileFields": None}
        wire.get(
            f"{API}/account-center", json=answers.account_center(**open_to_all | (center or {}))
        )
        wire.get(f"{API}/custom-profile-fields", json=list(fields))
        wire.get(f"{API}/users/{ALICE}/mfa-verifications", json=[])
        wire.get(f"{API}/users/{ALICE}/logto-configs", json=CHOSEN)
        wire.get(f"{API}/users/{ALICE}/sessions", json={"sessions": [answers.session()]})
        wire.add_callback("GET", f"{API}/users/{ALICE}/grants", of_others(grants))
        wire.get(f"{API}/users/{ALICE}/personal-access-tokens", json=list(tokens))
        wire.get(f"{API}/users/{ALICE}/organizations", json=list(organizations))

    return account


def of_others(grants):
    """Answers with these, none of which is one of the tenant's own apps."""

    def answer(request):
        shown = [] if "appType=firstParty" in request.url else list(grants)
        return 200, {}, json.dumps({"grants": shown})

    return answer


def text_of(tag):
    return " ".join(tag.get_text().split())


def test_it_says_who_you_are(alice, browse, account):
    account(
        name="Alice Kim",
        username="alice",
        primaryEmail="alice@example.com",
        primaryPhone="821012345678",
        avatar="https://example.com/alice.webp",
    )

    identity = browse(alice, "/").find(class_="identity")

    assert identity.find(class_="identity__name").text == "Alice Kim"
    assert identity.img["src"] == "https://example.com/alice.webp"
    for fact in ("alice", "alice@example.com", "+82 10-1234-5678"):
        assert fact in text_of(identity)


def test_without_a_picture_there_are_initials(alice, browse, account):
    account(avatar=None)

    identity = browse(alice, "/").find(class_="identity")

    assert identity.img is None
    assert identity.find(class_="avatar").text == "AK"


def test_without_a_name_it_shows_what_you_sign_in_with(alice, browse, account, sign_in):
    account(name=None, username="alice")
    sign_in(alice, name=None)

    assert browse(alice, "/").find(class_="identity__name").text == "alice"


def test_it_says_when_you_last_signed_in_where_you_are(client, sign_in, browse, account):
    account()
    sign_in(client, signed_in=1_795_230_406)
    client.cookies["language"] = "en"

    identity = browse(client, "/").find(class_="identity")

    assert "Last signed in on November 21, 2026, 3:06 AM" in text_of(identity)


def test_it_says_how_much_of_the_profile_is_filled_in(alice, browse, account):
    account(name="Alice", avatar=None, profile={}, fields=[NICKNAME])

    standing = browse(alice, "/").find(class_="standing")

    assert standing.a["href"] == "/profile/"
    assert "1 of 3 details are filled in." in text_of(standing)
    assert (standing.progress["value"], standing.progress["max"]) == ("1", "3")


def test_a_complete_profile_is_called_complete(alice, browse, account):
    account(avatar="https://example.com/a.webp")

    page = browse(alice, "/")

    assert "Everything is filled in." in text_of(page.find(class_="standing"))
    assert page.find(class_="step") is None


@pytest.mark.parametrize(
    ("user", "title", "path"),
    [
        ({"name": None}, "Add your name", "/profile/name/"),
        ({"profile": {}, "avatar": None}, "Complete your profile", "/profile/"),
        ({"profile": {"nickname": "Al"}, "avatar": None}, "Add a picture", "/profile/avatar/"),
    ],
)
def test_it_suggests_one_step_what_is_missed_most_first(alice, browse, account, user, title, path):
    account(**{"name": "Alice", "avatar": None, "fields": [NICKNAME], **user})

    step = browse(alice, "/").find(class_="step")

    assert step.h2.text == title
    assert step.a["href"] == path


def test_it_suggests_nothing_that_the_tenant_does_not_allow(alice, browse, account):
    account(name=None, avatar=None, center={"fields": {"name": "ReadOnly", "avatar": "Off"}})

    page = browse(alice, "/")

    assert page.find(class_="step") is None
    assert page.find("progress") is None


def test_fields_that_the_tenant_does_not_show_do_not_count(alice, browse, account):
    account(avatar=None, fields=[NICKNAME], center={"profileFields": []})

    assert browse(alice, "/").progress["max"] == "2"


def test_values_are_looked_for_where_logto_keeps_them(alice, browse, account):
    company = answers.profile_field(name="company", label="Company", type="Text")
    full_name = answers.profile_field(
        name="fullname",
        type="Fullname",
        config={
            "parts": [
                {"name": "givenName", "type": "Text", "enabled": True, "required": False},
                {"name": "familyName", "type": "Text", "enabled": False, "required": False},
            ]
        },
    )
    account(
        fields=[company, full_name],
        customData={"company": "Engines"},
        profile={"givenName": "Alice"},
        avatar=None,
    )

    assert "3 of 4 details" in text_of(browse(alice, "/").find(class_="standing"))


def test_a_section_that_cannot_be_read_says_so_while_the_page_works(alice, browse, wire):
    wire.get(f"{API}/users/{ALICE}", json=answers.user(id=ALICE))
    wire.get(f"{API}/sign-in-exp", status=503)

    page = browse(alice, "/")

    assert page.find(class_="identity__name").text == "Ada Byron"
    assert "can’t be read at the moment" in text_of(page.find(class_="standing"))


def test_while_logto_is_down_the_page_says_so(alice, browse, wire):
    wire.get(f"{API}/users/{ALICE}", status=503)

    page = browse(alice, "/", status=503)

    assert page.h1.text == "Your account can’t be reached"
    assert page.find(class_="button", string="Try again")["href"] == "/"


def test_a_suspended_person_is_told(alice, account):
    account(isSuspended=True)

    assert alice.get("/", follow=True).redirect_chain == [("/signed-out/?reason=suspended", 302)]


def test_everything_is_asked_of_logto_at_once(alice, account, wire):
    account()
    alice.get("/")
    before = len(wire.calls)

    alice.get("/")

    paths = sorted(call.request.path_url for call in wire.calls[before:])
    person = f"/api/users/{ALICE}"
    assert paths == [
        f"{person}/grants",
        f"{person}/grants?appType=firstParty",
        f"{person}/logto-configs",
        f"{person}/mfa-verifications",
        f"{person}/organizations",
        f"{person}/personal-access-tokens",
        f"{person}/sessions",
        f"{person}?includeSsoIdentities=true",
    ]


def standing_of(page, path):
    return next(each for each in page.find_all(class_="standing") if each.a["href"] == path)


def test_it_says_where_somebody_is_signed_in(alice, browse, account):
    account()

    standing = standing_of(browse(alice, "/"), "/devices/")

    assert text_of(standing.p) == "Signed in on 1 device."


@pytest.mark.parametrize(
    ("grants", "words"),
    [
        ([answers.grant(), answers.grant(id="grant2")], "1 third-party app has access."),
        ([], "No third-party app has access."),
    ],
)
def test_it_says_how_many_apps_of_others_have_access(alice, browse, account, grants, words):
    account(grants=grants)

    standing = standing_of(browse(alice, "/"), "/apps/")

    assert text_of(standing.p) == words


DAY = 24 * 3600 * 1000


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ([], "No program can act as you."),
        ([-1], "No program can act as you."),
        ([None], "1 token lets a program act as you."),
        ([None, 30, -1], "2 tokens let programs act as you."),
    ],
)
def test_it_says_how_many_programs_can_act_as_you(alice, browse, account, ends, words):
    account(tokens=[ending(days) for days in ends])

    standing = standing_of(browse(alice, "/"), "/tokens/")

    assert text_of(standing.p) == words


def test_a_token_that_ends_within_a_week_is_the_next_thing_to_do(alice, account):
    account(tokens=[ending(30), ending(6)])

    assert "Renew an access token" in alice.get("/").text


def test_one_that_has_ended_or_never_ends_is_none(alice, account):
    account(tokens=[ending(-1), ending(None)])

    assert "Renew an access token" not in alice.get("/").text


def ending(days):
    now = int(time.time() * 1000)
    return answers.personal_access_token(expiresAt=now + days * DAY if days else None)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], "You are in no organization."),
        (["Sailing <Club>"], "You are in \u2068Sailing <Club>\u2069."),
        (["Club", "Choir", "Firm"], "You are in 3 organizations."),
    ],
)
def test_it_says_where_you_belong(alice, browse, account, names, words):
    account(organizations=[answers.organization(name=name) for name in names])

    standing = standing_of(browse(alice, "/"), "/organizations/")

    assert text_of(standing.p) == words


def test_a_section_that_the_operator_does_not_offer_is_not_looked_at(
    alice, browse, account, settings, wire
):
    settings.TOKENS = False
    account()

    page = browse(alice, "/")

    assert not any(each.a["href"] == "/tokens/" for each in page.find_all(class_="standing"))
    assert not any("personal-access-tokens" in call.request.url for call in wire.calls)


def test_a_section_that_the_tenant_hides_is_not_looked_at(alice, browse, account, wire):
    account(center={"fields": OPEN | {"session": "Off"}})
    alice.get("/")
    before = len(wire.calls)

    page = browse(alice, "/")

    assert not any(each.a["href"] == "/devices/" for each in page.find_all(class_="standing"))
    assert not any("sessions" in call.request.url for call in list(wire.calls)[before:])


def test_htmx_gets_the_part_that_changes(alice, account):
    account()

    part = alice.get("/", headers=HTMX).text

    assert "identity" in part
    assert "<html" not in part


def test_nothing_can_be_posted(alice):
    assert alice.post("/").status_code == 405


def test_it_says_what_happened_last(alice, browse, account):
    account()
    happened(Action.AVATAR_CHANGED)
    happened(Action.PASSWORD_CHANGED)
    happened(Action.EMAIL_CHANGED, account_id="bob")

    standing = standing_of(browse(alice, "/"), "/activity/")

    assert text_of(standing.p) == "Your password was changed. November 20, 2026, 12:00 PM"


def test_where_nothing_happened_it_says_so(alice, browse, account):
    account()

    assert "Nothing has happened yet." in text_of(standing_of(browse(alice, "/"), "/activity/"))
