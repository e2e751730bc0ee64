"""What the command says when it can not go on: one sentence that tells what to mend."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as configured

from tests.conftest import API
from tests.logto import answers
from tests.provisioning.conftest import everything


@pytest.fixture
def logto(wire):
    """A tenant that has nothing yet, and answers from here."""
    own = answers.application(id="m2m", type="MachineToMachine", oidcClientMetadata={})
    wire.get(f"{API}/applications/m2m", json=own)
    wire.get(f"{API}/applications", json=[own], headers={"Total-Number": "1"})
    wire.get(f"{API}/hooks", json=[])
    wire.get(f"{API}/roles", json=[], headers={"Total-Number": "0"})
    wire.get(f"{API}/account-center", json=answers.account_center())
    return wire


@pytest.mark.demo
@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        (
            "LOGTO_M2M_APP_SECRET",
            "wrong",
            "Logto does not accept LOGTO_M2M_APP_SECRET for the application demo-management: both ",
        ),
        (
            "LOGTO_MANAGEMENT_API_RESOURCE",
            "https://other.example.com/api",
            "Logto has no API https://other.example.com/api: set LOGTO_MANAGEMENT_API_RESOURCE",
        ),
        (
            "LOGTO_ENDPOINT",
            "http://127.0.0.1:9",
            "Logto does not answer at http://127.0.0.1:9 as it should",
        ),
    ],
)
def test_access_that_is_wrong(tenant, provision, settings, env_file, setting, value, sentence):
    setattr(settings, setting, value)

    run = provision()

    assert run.failure.startswith(sentence)
    assert "\n" not in run.failure
    assert run.said == ""
    assert not env_file.exists()


@pytest.mark.demo
def test_an_application_without_the_role(tenant, provision, settings):
    before = everything(tenant)
    settings.LOGTO_M2M_APP_ID = tenant.credentials.roleless_client_id
    settings.LOGTO_M2M_APP_SECRET = tenant.credentials.roleless_client_secret

    run = provision()

    assert run.failure == (
        "Logto knows the application demo-roleless, which may not use the Management API: assign "
        "it the role “Logto Management API access”: Console > Applications > its page > Roles."
    )
    assert everything(tenant) == before


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (404, "Not Found", "What answers at https://logto.test is not Logto, or too old"),
        (429, {"code": "request.many", "message": "…"}, "Logto has had too many requests: wait"),
        (
            403,
            {"code": "subscription.limit_exceeded", "message": "…"},
            "Logto does not allow it (subscription.limit_exceeded): the tenant’s plan",
        ),
        (
            400,
            {"code": "guard.invalid_input", "message": "…"},
            "Logto refused a change (400 guard.invalid_input): it has to be 1.42 or later.",
        ),
        (500, {"message": "…"}, "Logto does not answer at https://logto.test as it should (500"),
    ],
)
def test_what_logto_may_say(logto, provision, status, body, sentence):
    if isinstance(body, str):
        logto.post(f"{API}/applications", body=body, status=status, content_type="text/plain")
    else:
        logto.post(f"{API}/applications", json=body, status=status)

    assert provision().failure.startswith(sentence)


def test_a_role_that_appeared_meanwhile(logto, provision):
    logto.post(f"{API}/applications", json=answers.application())
    logto.post(f"{API}/hooks", json=answers.hook(), status=201)
    taken = {"code": "role.name_in_use", "message": "…"}
    logto.post(f"{API}/roles", json=taken, status=422)

    failure = provision().failure

    assert "422 role.name_in_use" in failure
    assert failure.endswith("run this again.")


@pytest.mark.parametrize(
    "site",
    [
        "account.example.com",
        "http://account.example.com",
        "https://account.example.com/settings",
        "https://account.example.com:port",
        "https://root:secret@account.example.com",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_no_site_can_have(provision, site):
    assert provision(site=site).failure == (
        "--site is wrong: it wants the site's own address, such as https://account.example.com "
        "(http only on localhost)."
    )


def test_an_address_in_other_letters_is_told_how_it_is_written(provision):
    assert provision(site="https://accöunt.example.com").failure.endswith("xn--…, as browsers do.")


def test_no_address_at_all(provision, settings):
    settings.SITE_URL = ""

    assert provision(site="").failure.startswith("Say with --site where the site is to be: ")


def test_it_ends_with_status_1_and_a_line_without_traceback():
    done = subprocess.run(
        [sys.executable, "manage.py", "provision", "--site=https://account.example.com"],
        cwd=configured.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "LOGTO_ENDPOINT": "http://127.0.0.1:9",
            "LOGTO_M2M_APP_ID": "m2m",
            "LOGTO_M2M_APP_SECRET": "secret",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert line.startswith("CommandError: Logto does not answer at http://127.0.0.1:9")


def test_the_log_tells_more_where_that_is_wished(logto, provision, caplog):
    logto.post(f"{API}/applications", status=500)

    provision()
    assert not caplog.records
    provision("--verbosity=2")

    assert any("POST /api/applications" in record.getMessage() for record in caplog.records)
