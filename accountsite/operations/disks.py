"""What kind of file system something lies on, as Linux tells it."""

import re
from enum import Enum
from pathlib import Path, PurePosixPath

MOUNTS = Path("/proc/self/mountinfo")

# Other machines can have the same files open, and neither the locks nor the shared memory that
# SQLite needs reach them. Source: https://sqlite.org/wal.html and https://sqlite.org/useovernet.html
NETWORK = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda"),
    *("ceph", "glusterfs", "lustre", "gpfs", "beegfs", "orangefs", "pvfs2", "gfs2", "ocfs2"),
}
NETWORK_BY_FUSE = {
    *("sshfs", "s3fs", "goofys", "geesefs", "gcsfuse", "blobfuse", "blobfuse2", "rclone"),
    *("ceph-fuse", "ceph", "glusterfs", "juicefs", "davfs", "davfs2", "curlftpfs", "smbnetfs"),
    *("mount-s3", "seaweedfs", "weed", "moosefs", "mfs", "cvmfs2", "beegfs", "lizardfs"),
}
# Folders of the machine that a virtual one, or a container in it, runs on.
OF_THE_HOST = {"9p", "virtiofs", "vboxsf", "prl_fs", "fakeowner", "fuse.grpcfuse", "fuse.osxfs"}


class Kind(Enum):
    """Whether SQLite can lie there."""

    LOCAL = "local"
    UNSURE = "unsure"
    NETWORK = "network"


def type_of(path: Path, mounts: str) -> str:
    """The type of the file system, such as `ext4` or `nfs4`; empty if that is not told.

    `path` is absolute and without symbolic links, `mounts` the text of /proc/self/mountinfo. Source:
    proc_pid_mountinfo(5).
    """
    found, depth = "", -1
    for line in mounts.splitlines():
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if not separator or len(fields) < 5:  # noqa: PLR2004 - the mount point is the fifth
            continue
        point = PurePosixPath(_unescaped(fields[4]))
        # What is mounted later over the same point hides what was there.
        if path.is_relative_to(point) and len(point.parts) >= depth:
            found, depth = after.split(" ")[0], len(point.parts)
    return found


def kind_of(type_name: str) -> Kind:
    """Whether SQLite can lie on this type of file system."""
    fuse = type_name.removeprefix("fuse.")
    if type_name in NETWORK or (fuse != type_name and fuse in NETWORK_BY_FUSE):
        return Kind.NETWORK
    return Kind.UNSURE if type_name in OF_THE_HOST else Kind.LOCAL


def mounts() -> str:
    """What is mounted where, for this process; empty where the system is no Linux."""
    try:
        return MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _unescaped(name: str) -> str:
    """Blanks, tabs, newlines and backslashes stand in it as three digits of base 8."""
    return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), name)
