"""`manage.py doctor`: what is wrong, and what to do about it."""

import json
import logging
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accountsite.doctor import catalogue, examination
from accountsite.doctor.catalogue import Group
from accountsite.doctor.examination import Outcome
from accountsite.doctor.findings import Finding, Level

FAILED, WARNED = 1, 2


class Command(BaseCommand):
    """Exits with 0 where nothing is wrong, 1 with errors, and 2 with warnings under --strict."""

    help = "Looks at the site and its tenant, and says what is wrong and what mends it."
    requires_system_checks = ()  # they are one of its lines

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which checks, and how to tell of them."""
        parser.add_argument(
            "--only", nargs="+", default=[], metavar="NAME", help="these checks or groups alone"
        )
        parser.add_argument("--mail", default="", metavar="ADDRESS", help="send a test there")
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--strict", action="store_true", help="exit with 2 for warnings")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, tell, and leave with a status."""
        checks, mail_to = _checks(options["only"]), _address(options["mail"])
        with _quiet(is_wanted=options["verbosity"] <= 1):
            outcomes = examination.examine(checks, mail_to=mail_to)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(outcomes), indent=2, ensure_ascii=False))
        else:
            self._tell(outcomes)
        if status := _status(outcomes, is_strict=options["strict"]):
            sys.exit(status)

    def _tell(self, outcomes: tuple[Outcome, ...]) -> None:
        for group in Group:
            of_group = [outcome for outcome in outcomes if outcome.check.group == group]
            if of_group:
                self.stdout.write(self.style.MIGRATE_HEADING(str(group.label)))
            for outcome in of_group:
                for finding in outcome.found:
                    self.stdout.write(self._line(outcome.check.name, finding))
        numbers = examination.counts(outcomes)
        told = ", ".join(f"{number} {level.value}" for level, number in numbers.items() if number)
        self.stdout.write(f"\n{told}")

    def _line(self, name: str, finding: Finding) -> str:
        """One line, whatever is in it: what Logto's admins call things may hold anything."""
        colour = {
            Level.OK: self.style.SUCCESS,
            Level.WARNING: self.style.WARNING,
            Level.ERROR: self.style.ERROR,
            Level.SKIPPED: self.style.NOTICE,
        }[finding.level]
        about = f"{finding.about}:" if finding.about else ""
        text = " ".join(" ".join(filter(None, [about, finding.says, finding.mend])).split())
        printable = "".join(character if character.isprintable() else "�" for character in text)
        return f"  {colour(f'{finding.level.value:<8}')} {name:<15} {printable}"


@contextmanager
def _quiet(*, is_wanted: bool) -> Iterator[None]:
    """Keep the log of the calls to Logto from between the lines."""
    logger = logging.getLogger("accountsite")
    level = logger.level
    if is_wanted:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _checks(names: list[str]) -> tuple[catalogue.Check, ...]:
    try:
        return catalogue.named(names)
    except KeyError as error:
        known = ", ".join([*Group.values, *catalogue.BY_NAME])
        raise CommandError(f"There is no check {error.args[0]!r}. There are: {known}.") from error


def _address(given: str) -> str:
    if given:
        try:
            validate_email(given)
        except ValidationError as error:
            raise CommandError("--mail wants an email address.") from error
    return given


def _status(outcomes: tuple[Outcome, ...], *, is_strict: bool) -> int:
    numbers = examination.counts(outcomes)
    if numbers[Level.ERROR]:
        return FAILED
    return WARNED if is_strict and numbers[Level.WARNING] else 0


def _as_json(outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    numbers = examination.counts(outcomes)
    return {
        "is_ok": not numbers[Level.ERROR],
        "counts": {level.value: number for level, number in numbers.items()},
        "findings": [
            {
                "check": outcome.check.name,
                "group": outcome.check.group.value,
                "level": finding.level.value,
                "about": finding.about,
                "says": finding.says,
                "mend": finding.mend,
            }
            for outcome in outcomes
            for finding in outcome.found
        ],
    }
