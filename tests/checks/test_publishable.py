"""The check of what is committed: what it finds."""

from pathlib import Path

import pytest

from tests.checks import publishable

HASH = "0" * 64


@pytest.mark.parametrize(
    "line",
    [
        "ADDRESS = 'https://files.python" + "hosted.org/packages/x'",
        "registry=https://registry.npm" + "js.org/",
        "pip install --index" + "-url http://mirror.example.com",
        "see http://mirror.example.com" + "/simple/",
        "cd /ho" + "me/somebody/site",
        "open('/ro" + "ot/.cache/x')",
        "-----BEGIN EC PRIVATE" + " KEY-----",
    ],
)
def test_what_holds_on_one_machine_only_is_found(tmp_path: Path, line: str) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"first line\n{line}\n")

    assert [problem[:10] for problem in publishable.in_files([file])] == ["page.md:2:"]


@pytest.mark.parametrize(
    "line", ["https://docs.djangoproject.com/", "mount /data", "path('profile/home/', views.home)"]
)
def test_other_addresses_and_paths_are_fine(tmp_path: Path, line: str) -> None:
    file = tmp_path / "page.md"
    file.write_text(line)

    assert list(publishable.in_files([file])) == []


def test_pictures_are_not_read(tmp_path: Path) -> None:
    file = tmp_path / "icon.png"
    file.write_bytes(b"\x89PNG\xff")

    assert list(publishable.in_files([file])) == []


def test_locked_requirements_are_fine(tmp_path: Path) -> None:
    (tmp_path / "runtime.txt").write_text(
        f"django==6.1.3 \\\n    --hash=sha256:{HASH} \\\n    --hash=sha256:{HASH}\n"
        f"tzdata==2026.2 ; sys_platform == 'win32' \\\n    --hash=sha256:{HASH}\n"
    )

    assert list(publishable.in_requirements(tmp_path)) == []


@pytest.mark.parametrize(
    "line",
    ["django==6.1.3", f"django>=6 \\\n    --hash=sha256:{HASH}", "git+https://example.com/x"],
)
def test_a_requirement_without_version_or_hash_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "runtime.txt").write_text(f"{line}\n")

    assert list(publishable.in_requirements(tmp_path))


def test_everything_committed_is_looked_at() -> None:
    names = {path.name for path in publishable.files()}

    assert {"Makefile", "pyproject.toml", "publishable.py"} <= names
