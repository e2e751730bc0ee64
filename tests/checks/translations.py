"""`python -m tests.checks.translations`: every sentence has its translation, and none is left over.

The sentences are collected anew, in a copy of the sources, and compared with the catalogues that
are committed. `make translations` brings those up to date.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

BASE = Path(__file__).resolve().parent.parent.parent
SOURCES = ("accountsite", "templates")
MAKEMESSAGES = [
    *(sys.executable, "-m", "django", "makemessages", "--verbosity", "0"),
    *("--no-obsolete", "--add-location", "file"),
]
TOOLS = ("xgettext", "msgmerge", "msguniq", "msgattrib")  # all of them GNU gettext's
PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|%[sd]|\{\w*\}|</?\w[^>]*>")


def main(arguments: list[str]) -> str | None:
    """What is wrong, a line for each; None if nothing is. `--write` updates the catalogues."""
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        return f"{', '.join(missing)} not found: install GNU gettext."
    if not (catalogues := sorted(BASE.glob("locale/*/LC_MESSAGES/django.po"))):
        return "There is no catalogue in locale/."
    problems = []
    for catalogue in catalogues:
        collected = collect(catalogue)
        if "--write" in arguments:
            collected.save(str(catalogue))
        name = catalogue.relative_to(BASE)
        found = compare(polib.pofile(str(catalogue)), collected)
        problems += [f"{name}: {problem}" for problem in found]
    return "\n".join(problems) or None


def collect(catalogue: Path, base: Path = BASE) -> polib.POFile:
    """The catalogue as `makemessages` leaves it behind, from the sources under `base`."""
    with tempfile.TemporaryDirectory() as folder:
        for name in SOURCES:
            shutil.copytree(
                base / name, Path(folder, name), ignore=shutil.ignore_patterns("__pycache__")
            )
        copied = Path(folder, catalogue.relative_to(base))
        copied.parent.mkdir(parents=True)
        shutil.copy(catalogue, copied)
        language = catalogue.parent.parent.name
        subprocess.run(
            [*MAKEMESSAGES, "--locale", language], cwd=folder, env=environment(), check=True
        )
        collected = polib.pofile(str(copied))
    for header in ("POT-Creation-Date", "Report-Msgid-Bugs-To"):
        collected.metadata.pop(header, None)  # a new time alone is no change
    return collected


def environment() -> dict[str, str]:
    """This process's, without Django's settings: collecting sentences needs none."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


def compare(catalogue: polib.POFile, sources: polib.POFile) -> Iterator[str]:
    """What is missing, left over or doubtful in the catalogue, a sentence for each."""
    known = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    used = {_key(entry): entry for entry in sources if not entry.obsolete}
    for key in sorted(used.keys() - known.keys(), key=str):
        yield f"missing: {used[key].msgid!r}"
    for key in sorted(known.keys() - used.keys(), key=str):
        yield f"no longer used: {known[key].msgid!r}"
    for entry in catalogue.obsolete_entries():
        yield f"obsolete: {entry.msgid!r}"
    for entry in known.values():
        if entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        elif not entry.translated():
            yield f"not translated: {entry.msgid!r}"
        elif odd := differences(entry):
            yield f"other placeholders than the original, {odd}: {entry.msgid!r}"


def differences(entry: polib.POEntry) -> str:
    """Placeholders and tags that only one side has, e.g. `%(name)s`; empty if none."""
    originals = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
    translations = list(entry.msgstr_plural.values()) or [entry.msgstr]
    # A singular may say "one" where the plural has a number, so any of the originals will do.
    allowed = [sorted(PLACEHOLDER.findall(original)) for original in originals]
    for translation in translations:
        found = sorted(PLACEHOLDER.findall(translation))
        if found not in allowed:
            return ", ".join(sorted(set(found) ^ set(allowed[-1]))) or "another number of them"
    return ""


def _key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
