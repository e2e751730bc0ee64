"""The tenant's configuration: typed, kept for a minute, and kept on while Logto is down."""

import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import responses
import time_machine
from django.core.cache import cache

from accountsite.logto import account_center, errors, parallel, profile_fields, tenant
from accountsite.logto.account_center import Access, Control
from accountsite.logto.profile_fields import Place, Type
from accountsite.logto.sign_in_experience import Factor, Identifier, Prompting, SignInExperience
from tests.conftest import API
from tests.logto import answers
from tests.logto.conftest import Logto

PATHS = ("/sign-in-exp", "/account-center", "/custom-profile-fields")


def configure(logto: Logto, **changes) -> None:
    logto.answers("GET", PATHS[0], answers.sign_in_experience(**changes))
    logto.answers("GET", PATHS[1], answers.account_center())
    logto.answers("GET", PATHS[2], [answers.profile_field()])


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-21T06:00:00Z") as clock:
        yield clock


def in_the_background() -> None:
    """Waits for what runs there: its threads take turns, so all of them must be free."""
    everybody = threading.Barrier(parallel.THREADS + 1, timeout=5)
    for _ in range(parallel.THREADS):
        parallel.in_background(everybody.wait)
    everybody.wait()


def test_it_is_fetched_at_once_in_three_calls(logto: Logto):
    configure(logto)

    known = tenant.current()

    assert known.sign_in_experience.support_email == "help@example.com"
    assert known.access(Control.AVATAR) is Access.READ_ONLY
    assert [field.name for field in known.profile_fields] == ["company"]
    assert len(logto.requests) == 3


def test_for_a_minute_it_is_not_asked_for_again(logto: Logto, clock):
    configure(logto)
    first = tenant.current()
    clock.shift(timedelta(seconds=55))

    assert tenant.current() is first
    assert len(logto.requests) == 3


def test_after_a_minute_it_is_used_while_it_is_fetched_anew(logto: Logto, clock):
    configure(logto)
    tenant.current()
    for path in PATHS:
        logto.wire.remove("GET", f"https://logto.test/api{path}")
    configure(logto, supportEmail="new@example.com")
    clock.shift(timedelta(seconds=61))

    assert tenant.current().sign_in_experience.support_email == "help@example.com"
    in_the_background()
    assert tenant.current().sign_in_experience.support_email == "new@example.com"
    assert len(logto.requests) == 6


def test_while_logto_is_down_the_last_word_stands_however_old(logto: Logto, clock, caplog):
    configure(logto)
    tenant.current()
    for path in PATHS:
        logto.wire.replace("GET", f"https://logto.test/api{path}", status=500)
    clock.shift(timedelta(days=3))

    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            assert tenant.current().sign_in_experience.support_email == "help@example.com"
        in_the_background()

    assert "stays as it was" in caplog.text
    assert len(logto.requests) <= 6, "one caller tries, not all"


def test_a_cold_start_while_logto_is_down_is_an_outage(logto: Logto):
    for path in PATHS:
        logto.answers("GET", path, "down", status=503)

    with pytest.raises(errors.Unavailable):
        tenant.current()


@pytest.mark.parametrize("status", [200, 403])
def test_those_who_come_meanwhile_wait_for_the_same_answer(logto: Logto, status: int):
    configure(logto)
    began, go_on = threading.Event(), threading.Event()

    def slow(_request):
        began.set()
        go_on.wait(5)
        return status, {}, json.dumps(answers.sign_in_experience())

    logto.wire.remove(responses.GET, f"{API}{PATHS[0]}")
    logto.wire.add_callback(responses.GET, f"{API}{PATHS[0]}", slow)
    with ThreadPoolExecutor(4) as callers:
        first = callers.submit(tenant.current)
        assert began.wait(5)
        others = [callers.submit(tenant.current) for _ in range(3)]
        time.sleep(0.05)  # for them to get as far as they get
        go_on.set()
        ends = [call.exception(10) for call in (first, *others)]

    assert [isinstance(end, errors.LogtoError) for end in ends] == [status == 403] * 4
    assert len(logto.requests) == 3


@pytest.mark.parametrize(("path", "answer"), [(PATHS[0], {}), (PATHS[1], []), (PATHS[2], {"a": 1})])
def test_a_configuration_of_another_shape_is_an_outage_and_not_kept(logto: Logto, path, answer):
    configure(logto)
    logto.wire.replace("GET", f"https://logto.test/api{path}", json=answer)

    with pytest.raises(errors.Unavailable):
        tenant.current()

    assert tenant.cached() is None


def test_without_asking_only_what_is_known_is_there(logto: Logto):
    configure(logto)

    assert tenant.cached() is None
    known = tenant.current()
    assert tenant.cached() is known


@pytest.mark.parametrize("junk", ["junk", ("{}", 1.0), ("not json", 1.0), (None, None)])
def test_what_another_release_kept_is_fetched_anew(logto: Logto, junk):
    configure(logto)
    cache.set(tenant._key("tenant"), junk, None)

    assert tenant.current().sign_in_experience.fallback_language == "ko"


def test_style_sheets_of_logtos_own_pages_are_not_kept(logto: Logto):
    configure(logto)
    tenant.current()

    assert "body { color: red }" not in cache.get(tenant._key("tenant"))[0]


def test_the_sign_in_experience_is_read_whole():
    known = SignInExperience.from_json(answers.sign_in_experience())

    assert (known.brand.primary_color, known.brand.dark_primary_color) == ("#123456", "#abcdef")
    assert known.brand.is_dark_mode_enabled
    assert known.brand.logo_url == "https://example.com/logo.svg"
    assert known.brand.favicon_url is None
    assert (known.fallback_language, known.detects_language) == ("ko", True)
    assert known.terms_of_use_url == "https://example.com/terms"
    assert known.privacy_policy_url is None, "empty is none"
    assert known.mfa.factors == (Factor.TOTP, Factor.WEBAUTHN, Factor.BACKUP_CODE)
    assert known.mfa.prompting is Prompting.NEVER
    assert known.email_blocklist.blocks_subaddressing
    assert known.email_blocklist.blocked == ("@bad.example",)
    assert known.signs_in_with(Identifier.EMAIL)
    assert not known.signs_in_with(Identifier.PHONE)
    assert known.sign_up.identifiers == (Identifier.USERNAME,)
    assert known.sign_up.secondary == ("emailOrPhone",)
    assert known.social_targets == ("github",)
    assert known.is_passkey_sign_in_enabled
    assert known.is_enterprise_sign_in_enabled


def test_policies_are_read_as_the_tenant_set_them():
    known = SignInExperience.from_json(answers.sign_in_experience())

    password, username = known.password_policy, known.username_policy
    assert (password.min_length, password.max_length, password.min_character_types) == (10, 64, 3)
    assert (password.rejects_breached, password.rejects_repetition_and_sequence) == (False, True)
    assert (password.rejects_user_info, password.rejected_words) == (False, ("engine",))
    assert (username.min_length, username.max_length) == (3, 32)
    assert (username.is_case_sensitive, username.allows_uppercase) == (False, False)
    assert username.allows_numbers


def test_what_the_tenant_left_open_has_logtos_defaults():
    left_open = answers.sign_in_experience(
        passwordPolicy={}, usernamePolicy={}, emailBlocklistPolicy={}, passkeySignIn={}
    )

    known = SignInExperience.from_json(left_open)

    password = known.password_policy
    assert (password.min_length, password.max_length, password.min_character_types) == (8, 256, 1)
    assert password.rejects_breached
    assert known.username_policy.max_length == 128
    assert not known.is_passkey_sign_in_enabled
    assert (known.code_seconds, known.code_tries) == (600, 10)
    assert known.password_valid_days is None


def test_password_expiration_is_in_days_where_it_is_on():
    expiration = {"enabled": True, "validPeriodDays": 90}
    on = answers.sign_in_experience(passwordExpiration=expiration)
    off = answers.sign_in_experience(passwordExpiration={**expiration, "enabled": False})

    assert SignInExperience.from_json(on).password_valid_days == 90
    assert SignInExperience.from_json(off).password_valid_days is None


@pytest.mark.parametrize(
    ("policy", "is_mandatory"),
    [
        ("Mandatory", True),
        ("PromptOnlyAtSignInMandatory", True),
        ("PromptAtSignInAndSignUpMandatory", True),
        ("NoPrompt", False),
        ("UserControlled", False),
        ("SomethingNewer", False),
    ],
)
def test_a_mandatory_second_step_is_known_by_its_policy(policy, is_mandatory):
    mfa = {"factors": ["Totp", "SomethingNewer"], "policy": policy}
    known = SignInExperience.from_json(answers.sign_in_experience(mfa=mfa))

    assert known.mfa.is_mandatory is is_mandatory
    assert known.mfa.factors == (Factor.TOTP,)


def test_a_control_that_the_account_center_does_not_name_is_off():
    center = account_center.AccountCenter.from_json(answers.account_center())

    assert center.access(Control.NAME) is Access.EDIT
    assert center.access(Control.AVATAR) is Access.READ_ONLY
    assert center.access(Control.EMAIL) is Access.OFF
    assert center.access(Control.SESSION) is Access.OFF


def test_everything_may_be_edited_where_the_account_center_is_off():
    center = account_center.AccountCenter.from_json(answers.account_center(enabled=False))

    assert {center.access(control) for control in Control} == {Access.EDIT}


def test_the_account_center_orders_the_profile_if_it_has_a_choice():
    some = account_center.AccountCenter.from_json(answers.account_center())
    none = account_center.AccountCenter.from_json(answers.account_center(profileFields=[]))
    open_ = account_center.AccountCenter.from_json(answers.account_center(profileFields=None))

    assert some.profile_fields == ("nickname", "company")
    assert none.profile_fields == ()
    assert open_.profile_fields is None
    assert some.webauthn_related_origins == ("https://account.example.com",)


def test_profile_fields_come_in_their_order():
    fields = profile_fields.of_json(
        [answers.profile_field(name="b", sieOrder=2), answers.profile_field(name="a", sieOrder=1)]
    )

    assert [field.name for field in fields] == ["a", "b"]


def test_a_profile_field_has_its_limits_and_options():
    config = {
        "placeholder": "Pick", "minLength": 1, "maxLength": 9, "minValue": 0.5, "maxValue": 7,
        "format": "custom", "customFormat": "dd.MM.yyyy", "defaultValue": "true",
        "options": [{"value": "a", "label": "A"}, {"value": "b"}],
    }  # fmt: skip
    field = profile_fields.ProfileField.from_json(answers.profile_field(config=config, label=""))

    assert field.label == "company", "its name, where it has no label"
    assert (field.config.min_length, field.config.max_length) == (1, 9)
    assert (field.config.min_value, field.config.max_value) == (0.5, 7)
    assert (field.config.format, field.config.custom_format) == ("custom", "dd.MM.yyyy")
    assert [(option.value, option.label) for option in field.config.options] == [
        ("a", "A"),
        ("b", "b"),
    ]


def test_only_the_lines_that_the_tenant_wants_are_parts():
    parts = [
        {"name": "givenName", "type": "Text", "enabled": True, "required": True, "label": "First"},
        {"name": "middleName", "type": "Text", "enabled": False, "required": False},
    ]
    field = profile_fields.ProfileField.from_json(
        answers.profile_field(name="fullname", type="Fullname", config={"parts": parts})
    )

    assert [(part.name, part.is_required, part.label) for part in field.parts] == [
        ("givenName", True, "First")
    ]


@pytest.mark.parametrize(
    ("name", "type_", "place"),
    [
        ("company", "Text", Place.CUSTOM_DATA),
        ("nickname", "Text", Place.PROFILE),
        ("birthdate", "Date", Place.PROFILE),
        ("address", "Address", Place.PROFILE),
        ("fullname", "Fullname", Place.PROFILE),
    ],
)
def test_a_fields_name_decides_where_it_is_kept(name, type_, place):
    field = profile_fields.ProfileField.from_json(answers.profile_field(name=name, type=type_))

    assert field.place is place


def test_a_type_of_a_newer_logto_is_asked_for_as_text():
    field = profile_fields.ProfileField.from_json(answers.profile_field(type="Hologram"))

    assert field.type is Type.TEXT
