"""What a start is refused for, before anything is served."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.checks.registry import registry
from django.db import connection

from accountsite.operations import checks, disks
from tests.operations.test_serve import PATIENCE, environment

__all__ = ["environment"]  # a fixture

# As Linux tells it, of a machine with many kinds of disks. The fields between are those of one.
MOUNTS = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
30 27 0:30 / /srv rw,relatime shared:1 master:2 - nfs4 10.0.0.5:/srv rw,vers=4.2
31 30 254:1 / /srv/local rw,relatime - xfs /dev/vdb rw
32 27 0:32 / /mnt/windows rw,relatime - cifs //nas/share rw
33 27 0:33 / /mnt/with\040blank rw,relatime shared:9 - nfs 10.0.0.5:/b rw
34 27 0:34 / /mnt/ssh rw,relatime - fuse.sshfs user@host:/ rw
35 27 0:35 / /mnt/merged rw,relatime - fuse.mergerfs pool rw
36 27 0:36 / /mnt/host rw,relatime - 9p drvfs rw
37 27 0:37 / /hidden rw,relatime - nfs4 10.0.0.5:/h rw
38 27 0:38 / /hidden rw,relatime - tmpfs tmpfs rw
a line that nobody understands
"""


@pytest.mark.parametrize(
    ("path", "type_name"),
    [
        ("/var/lib/site/db.sqlite3", "ext4"),
        ("/srv/db.sqlite3", "nfs4"),
        ("/srv", "nfs4"),
        ("/srv/local/db.sqlite3", "xfs"),
        ("/srvlocal/db.sqlite3", "ext4"),
        ("/mnt/with blank/db.sqlite3", "nfs"),
        ("/hidden/db.sqlite3", "tmpfs"),
    ],
)
def test_the_innermost_mount_tells_the_type(path, type_name):
    assert disks.type_of(Path(path), MOUNTS) == type_name


def test_where_mounts_are_not_told_there_is_no_type():
    assert disks.type_of(Path("/srv"), "") == ""
    assert disks.kind_of("") == disks.Kind.LOCAL


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (disks.Kind.LOCAL, "ext4 xfs btrfs zfs overlay tmpfs fuseblk fuse.mergerfs"),
        (disks.Kind.LOCAL, "fuse.fuse-overlayfs ecryptfs f2fs apfs"),
        (disks.Kind.NETWORK, "nfs nfs4 cifs smb3 ceph glusterfs lustre afs"),
        (disks.Kind.NETWORK, "fuse.sshfs fuse.gcsfuse fuse.s3fs fuse.glusterfs fuse.rclone"),
        (disks.Kind.UNSURE, "9p virtiofs fuse.grpcfuse vboxsf"),
    ],
)
def test_what_each_type_is(kind, names):
    assert {name: disks.kind_of(name) for name in names.split()} == dict.fromkeys(
        names.split(), kind
    )


def test_this_machines_mounts_can_be_read():
    assert disks.type_of(Path("/proc/self"), disks.mounts()) in {"proc", ""}


@pytest.fixture
def mounted(tmp_path, monkeypatch):
    """The database is a file of SQLite at this place, among these mounts."""

    def mounted(path):
        table = tmp_path / "mountinfo"
        table.write_text(MOUNTS)
        monkeypatch.setattr(disks, "MOUNTS", table)
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": path}
        for name, value in database.items():
            monkeypatch.setitem(connection.settings_dict, name, value)
        return checks.local_disk()

    return mounted


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("/srv/db.sqlite3", [checks.SQLITE_IN_A_NETWORK]),
        ("/mnt/ssh/db.sqlite3", [checks.SQLITE_IN_A_NETWORK]),
        ("/mnt/host/db.sqlite3", [checks.SQLITE_ON_A_HOST]),
        ("/srv/local/db.sqlite3", []),
        ("/var/db.sqlite3", []),
        (":memory:", []),
        ("file:memorydb_default?mode=memory&cache=shared", []),
    ],
)
def test_sqlite_wants_a_disk_of_this_machine(mounted, path, ids):
    assert [message.id for message in mounted(path)] == ids


def test_a_link_does_not_hide_where_it_leads(mounted, tmp_path):
    (tmp_path / "data").symlink_to("/srv")

    [message] = mounted(tmp_path / "data" / "db.sqlite3")

    assert "(nfs4)" in message.msg


def test_postgresql_lies_wherever_it_likes(mounted, monkeypatch):
    mounted("/srv/db.sqlite3")
    monkeypatch.setitem(connection.settings_dict, "ENGINE", "django.db.backends.postgresql")

    assert checks.local_disk() == []


@pytest.mark.parametrize(
    ("processes", "redis", "is_refused"),
    [(1, "none", False), (2, "none", True), (2, "redis://cache:6379/0", False)],
)
def test_several_processes_want_a_cache_that_they_share(settings, processes, redis, is_refused):
    settings.WEB_CONCURRENCY, settings.REDIS_URL = processes, redis

    assert bool(checks.shared_cache()) == is_refused


def test_django_runs_both():
    assert {checks.shared_cache, checks.local_disk} <= set(registry.get_checks())


def test_a_site_that_is_refused_serves_nothing_and_says_why(environment):
    done = subprocess.run(
        [sys.executable, str(site.BASE_DIR / "manage.py"), "serve"],
        env={**environment, "ACCOUNTSITE_MIGRATE": "1", "WEB_CONCURRENCY": "2"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert done.returncode == 1
    assert "Listening" not in done.stdout
    assert (
        "(accountsite.E001) WEB_CONCURRENCY is 2, and the processes share no cache" in done.stderr
    )
    assert "Set REDIS_URL, or WEB_CONCURRENCY to 1" in done.stderr
    assert "Traceback" not in done.stderr
