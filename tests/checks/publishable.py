"""`python -m tests.checks.publishable`: nothing is committed that holds on one machine only.

No package registry or machine path stands in a file, no private key either, and every locked
dependency is named with its version and hashes.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
PATTERNS = {
    "the address of a package registry": re.compile(
        r"\b(?:pypi|pythonhosted|npmjs|yarnpkg|rubygems|crates)\.(?:org|com|io)\b"
        r"|\bproxy\.golang\.(?:org)\b|https?://\S+/simple/"
        r"|--(?:extra-)?index-url\s*[= ]\s*\S|--(?:find-links|trusted-host)[= ]"
    ),
    "a path of one machine": re.compile(r"(?<![\w.}>])/(?:home|Users|root|work)/[\w.-]+"),
    "a private key": re.compile(r"-----BEGIN (?:\w+ )?PRIVATE KEY"),
}
REQUIREMENT = re.compile(
    r"[a-z0-9.\[\],-]+==\S+(?: ; [^\\]+)? \\(?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+"
)


def main() -> str | None:
    """What is wrong, a line for each; None if nothing is."""
    return "\n".join([*in_files(files()), *in_requirements(BASE / "requirements")]) or None


def files() -> list[Path]:
    """Everything that is committed, or would be by `git add --all`."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - any git will do
        cwd=BASE,
        capture_output=True,
        check=True,
        text=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := BASE / name).is_file()]


def in_files(paths: list[Path]) -> Iterator[str]:
    """Lines that name what they should not. Files that are not text are left out."""
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, start=1):
            for what, pattern in PATTERNS.items():
                if found := pattern.search(line):
                    yield f"{path.name}:{number}: {what}: {found[0]}"


def in_requirements(folder: Path) -> Iterator[str]:
    """Requirements without a version or hashes."""
    for path in sorted(folder.glob("*.txt")):
        rest = REQUIREMENT.sub("", path.read_text(encoding="utf-8"))
        for line in rest.split("\n"):
            if line.strip() and not line.startswith("#"):
                yield f"{path.name}: not locked with a version and hashes: {line.strip()}"


if __name__ == "__main__":
    sys.exit(main())
