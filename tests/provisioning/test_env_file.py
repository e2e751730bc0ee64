"""The file with the environment: who can read it, and what of it stays."""

import os
import stat
from pathlib import Path

import pytest

from accountsite.logto import account_center, applications
from accountsite.provisioning import values
from accountsite.provisioning.env_file import EnvFile, Unusable
from accountsite.provisioning.inventory import Inventory
from accountsite.provisioning.sites import Site
from tests.logto import answers
from tests.provisioning.conftest import SITE, application, hook

OTHER_LINES = "# Mails\n\nEMAIL_URL=submission://user:password@mail.example.com\n"


def test_a_new_file_is_for_its_owner_alone_from_its_first_moment(tmp_path, monkeypatch):
    file = EnvFile.read(tmp_path / "new.env")
    file.put("NAME", "value")
    seen = []
    replace = Path.replace
    monkeypatch.setattr(
        Path, "replace", lambda path, to: seen.append(_mode(path)) or replace(path, to)
    )
    before = os.umask(0)

    file.write()

    os.umask(before)
    assert seen == [0o600]
    assert _mode(file.path) == 0o600
    assert file.path.read_text() == "NAME=value\n"
    assert [each.name for each in tmp_path.iterdir()] == ["new.env"]


def test_what_else_is_in_it_stays_where_it_is(tmp_path):
    path = tmp_path / "site.env"
    path.write_text(f"SITE_URL=old\n{OTHER_LINES}")
    file = EnvFile.read(path)

    file.put("SITE_URL", "new")
    file.put("SECRET_KEY", "key")
    file.write()

    assert path.read_text() == f"SITE_URL=new\n{OTHER_LINES}SECRET_KEY=key\n"


def test_of_a_name_that_stands_there_twice_the_last_counts(tmp_path):
    path = tmp_path / "site.env"
    path.write_text("NAME=first\nNAME= last \n")
    file = EnvFile.read(path)

    assert file.get("NAME") == "last"
    file.put("NAME", "new")

    assert file.lines == ["NAME=first", "NAME=new"]


@pytest.mark.parametrize("content", ["root:x:0:0:root\n", "A=1\nexport B=2\n", "A=1\n[part]\n"])
def test_a_file_that_is_none_of_settings_is_left_as_it_is(tmp_path, content, provision):
    path = tmp_path / "other"
    path.write_text(content)

    run = provision(file=path)

    assert "holds more than NAME=value lines, the first in line" in run.failure
    assert path.read_text() == content


def test_neither_is_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "picture"
    path.write_bytes(b"\x89PNG\xff\xfe")

    with pytest.raises(Unusable, match="can't be read as a file of settings"):
        EnvFile.read(path)


def test_a_folder_is_no_file_and_a_folder_that_is_not_there_has_none(tmp_path):
    with pytest.raises(Unusable, match="is a folder: name a file"):
        EnvFile.read(tmp_path)
    with pytest.raises(Unusable, match="is no folder that this command may write to"):
        EnvFile.read(tmp_path / "nowhere" / "site.env")


def test_the_file_of_another_site_is_left_as_it_is(tmp_path, provision):
    path = tmp_path / "site.env"
    path.write_text("SITE_URL=https://other.example.com\n")

    run = provision(file=path)

    assert "has another SITE_URL, https://other.example.com: name another file" in run.failure


def test_the_file_of_another_tenant_too(tmp_path, provision):
    path = tmp_path / "site.env"
    path.write_text(f"SITE_URL={SITE}/\nLOGTO_ENDPOINT=https://other.example.com\n")

    assert "has another LOGTO_ENDPOINT" in provision(file=path).failure


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.env").write_text("A=1\n")
    link = tmp_path / "link.env"
    link.symlink_to("real.env")
    file = EnvFile.read(link)

    file.put("A", "2")
    file.write()

    assert link.is_symlink()
    assert (tmp_path / "real.env").read_text() == "A=2\n"


def test_what_can_not_be_written_leaves_nothing_behind(tmp_path, monkeypatch):
    file = EnvFile.read(tmp_path / "site.env")
    monkeypatch.setattr(os, "fsync", _full)

    with pytest.raises(Unusable, match="No space left on device"):
        file.write()

    assert [*tmp_path.iterdir()] == []


@pytest.mark.demo
def test_a_file_that_others_can_read_is_closed_to_them(tenant, provision, env_file):
    provision()
    env_file.chmod(0o644)

    provision()

    assert _mode(env_file) == 0o600


@pytest.mark.demo
def test_a_key_that_is_in_use_is_never_replaced(tenant, provision, env_file):
    env_file.write_text("SECRET_KEY=the-key-that-encrypts-all-sessions\n")

    provision()

    assert "SECRET_KEY=the-key-that-encrypts-all-sessions\n" in env_file.read_text()


@pytest.mark.demo
def test_keys_of_webhooks_are_added_to(tenant, provision, env_file):
    env_file.write_text("LOGTO_WEBHOOK_SECRET=one, two\n")

    provision()

    [line] = [each for each in env_file.read_text().splitlines() if "WEBHOOK" in each]
    assert line.endswith(",one,two")
    written = env_file.read_text()
    provision()
    assert env_file.read_text() == written


@pytest.mark.demo
def test_a_first_site_makes_its_database_by_itself(tenant, provision, settings, env_file):
    settings.LOGTO_APP_ID = ""
    provision()
    assert "ACCOUNTSITE_MIGRATE=1\n" in env_file.read_text()
    written = env_file.read_text().replace("ACCOUNTSITE_MIGRATE=1\n", "")
    env_file.write_text(written)

    provision()

    assert env_file.read_text() == written


@pytest.mark.demo
def test_without_a_file_what_the_site_runs_with_stays(tenant, provision, settings):
    provision("--env-file=-")
    path = f"/applications/{application(tenant)['id']}/secrets"
    second = tenant.management("POST", path, json={"name": "second"}).json()["value"]
    settings.SECRET_KEY = "the-key-that-encrypts-all-sessions"
    settings.LOGTO_APP_SECRET = second
    settings.WEBHOOK_SECRETS = ["old-key", hook(tenant)["signingKey"]]

    printed = provision("--env-file=-").said.splitlines()

    assert f"SECRET_KEY={settings.SECRET_KEY}" in printed
    assert f"LOGTO_APP_SECRET={second}" in printed
    assert f"LOGTO_WEBHOOK_SECRET=old-key,{hook(tenant)['signingKey']}" in printed


@pytest.mark.demo
def test_what_is_mounted_from_elsewhere_is_left_to_that(tenant, provision, env_file):
    env_file.write_text("SECRET_KEY_FILE=/run/secrets/key\n")

    provision()

    assert "SECRET_KEY=" not in env_file.read_text()


def test_an_api_that_can_not_be_worked_out_is_written_down(settings):
    found = Inventory(
        own=applications.Application.from_json(answers.application()),
        applications=(),
        hooks=(),
        roles=(),
        account_center=account_center.AccountCenter.from_json(answers.account_center()),
    )
    names = [setting.name for setting in values.every(Site(SITE), found)]
    assert "LOGTO_MANAGEMENT_API_RESOURCE" not in names
    settings.LOGTO_MANAGEMENT_API_RESOURCE = "https://abc123.logto.app/api"

    names = [setting.name for setting in values.every(Site(SITE), found)]

    assert "LOGTO_MANAGEMENT_API_RESOURCE" in names


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://account.example.com/", SITE),
        (" https://Account.Example.com:443 ", SITE),
        ("https://account.example.com:8443", f"{SITE}:8443"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_written_as_browsers_write_it(address, origin):
    assert Site.at(address).origin == origin


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _full(_handle: int) -> None:
    raise OSError(28, "No space left on device")
