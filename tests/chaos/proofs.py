"""`python -m tests.chaos.proofs`: breaks the site on purpose, to see that each zero can be other.

Each run is a short one of `make chaos` with a copy of the site in which one thing is wrong, and must
count what that does. It takes about two minutes for each; arguments are names of some of them.
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.stack.programs import ROOT

SECONDS = 30
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """What is wrong: `right` in a file becomes `wrong`. `counted` is the zero that must tell."""

    name: str
    file: str
    right: str
    wrong: str
    counted: str

    def applied_in(self, root: Path) -> None:
        """Write it into a copy. ValueError where the file has changed since."""
        path = root / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.right) != 1:
            raise ValueError(f"{self.file} does not have this once: {self.right!r}")
        path.write_text(text.replace(self.right, self.wrong), encoding="utf-8")


MUTATIONS = (
    Mutation(
        name="outage",
        file="accountsite/middleware.py",
        right="        if isinstance(error, errors.Unavailable):\n",
        wrong="        if isinstance(error, errors.Unavailable) and False:\n",
        counted="unexplained errors",
    ),
    Mutation(
        name="blame",
        file="accountsite/avatars.py",
        right="        default_storage.save(_path(name), ContentFile(content))\n",
        wrong="        from django.db import OperationalError\n        raise OperationalError\n",
        counted="unexplained errors",
    ),
    Mutation(
        name="audit",
        file="accountsite/profile/services.py",
        right="    with trail.change(Action.PROFILE_CHANGED, user.id, values=told), _refusals():",
        wrong="    with _refusals():",
        counted="changes in Logto without an audit row",
    ),
    Mutation(
        name="promise",
        file="accountsite/profile/services.py",
        right='                return users.update(user.id, name=wanted["name"] or None)',
        wrong='                return replace(user, name=wanted["name"] or None)',
        counted="changes told as done that Logto does not have",
    ),
    Mutation(
        name="session",
        file="accountsite/signin/session_store.py",
        right="        if row is None or not row.is_live:\n            self._session_key = None\n",
        wrong="        from django.core.cache import cache\n"
        "        is_old = row and (timezone.now() - row.created_at).total_seconds() > 2\n"
        "        is_forgotten = row and cache.add(f'session:{row.pk}', 1) and is_old\n"
        "        if row is None or not row.is_live or is_forgotten:\n"
        "            self._session_key = None\n",
        counted="people signed out without cause",
    ),
    Mutation(
        name="mail",
        file="accountsite/notices/delivery.py",
        right='            letters.of(notice).send(using="default")\n',
        wrong="            letters.of(notice)\n",
        counted="mails lost",
    ),
    Mutation(
        name="disk",
        file="tests/chaos/own_faults.py",
        right="    with place.disk.full():\n        yield\n",
        wrong="    yield\n",
        counted="faults that nobody met",
    ),
)


def main() -> None:
    """Exit status 1 if one of them was not counted."""
    signal.signal(signal.SIGTERM, lambda *_given: sys.exit("It was told to end."))
    chosen = [each for each in MUTATIONS if each.name in sys.argv[1:] or len(sys.argv) == 1]
    missed = [each.name for each in chosen if not _is_counted(each)]
    if missed:
        sys.exit(f"Not counted: {', '.join(missed)}.")


def _is_counted(mutation: Mutation) -> bool:
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        root = Path(folder) / "site"
        shutil.copytree(ROOT, root, ignore=LEFT_OUT)
        mutation.applied_in(root)
        zeros = _run(root, Path(folder) / "logs")["zeros"]
    others = ", ".join(f"{name}: {count}" for name, count in zeros.items() if count)
    sys.stdout.write(f"{mutation.name}: {others or 'nothing'}\n")
    sys.stdout.flush()
    return bool(zeros[mutation.counted])


def _run(root: Path, logs: Path) -> Any:
    told = logs / "told.json"
    command = [sys.executable, "-m", "tests.chaos", f"--seconds={SECONDS}"]
    command += [f"--folder={logs}", f"--json={told}"]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as run:
        try:
            _nothing, said = run.communicate()
        except BaseException:
            run.terminate()  # it puts away what it started
            raise
    if run.returncode == 0 or not told.exists():
        sys.exit(f"It ended with {run.returncode}:\n{said}")
    return json.loads(told.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
