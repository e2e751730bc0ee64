"""`manage.py provision`: the tenant made right for this site, by one command."""

import logging
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from accountsite.logto.errors import LogtoError
from accountsite.provisioning import failures, services, values
from accountsite.provisioning.env_file import EnvFile, Unusable
from accountsite.provisioning.services import Wishes
from accountsite.provisioning.sites import Site
from accountsite.provisioning.steps import Step

STANDARD_OUTPUT = "-"
TALKATIVE = ("accountsite", "urllib3")
WANTS_SITE = "the site's own address, such as https://account.example.com (http only on localhost)"


class Command(BaseCommand):
    """Sets the tenant up, or takes that back; needs LOGTO_ENDPOINT and LOGTO_M2M_APP_… alone.

    What it makes is marked in the tenant, see marks.py, and it changes and removes nothing else.
    """

    help = (
        "Makes what this site needs in the Logto tenant: the application that people sign in to, "
        "the webhook, the roles of the staff, and the site's addresses in the account center. It "
        "can be run again at any time, and changes only what is not right. At the end it writes "
        "the environment that the site needs. LOGTO_ENDPOINT, LOGTO_M2M_APP_ID and "
        "LOGTO_M2M_APP_SECRET have to be set."
    )
    requires_system_checks = ()  # they look at a site that is still to be set up

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `help`."""
        parser.add_argument(
            "--site",
            default=settings.SITE_URL,
            metavar="URL",
            help=f"{WANTS_SITE}; without it, SITE_URL.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be done, and change nothing."
        )
        parser.add_argument(
            "--undo",
            action="store_true",
            help="Remove what this command made for this site, put back what it changed, and "
            "leave everything else alone. Whoever is signed in to the site is signed out.",
        )
        parser.add_argument(
            "--env-file",
            default="accountsite.env",
            metavar="PATH",
            help="Where the environment is written, readable by you alone; what else is in the "
            "file stays. With - the lines, with all secrets, go to the standard output, and the "
            "steps to the standard error. Without it, accountsite.env in this folder.",
        )
        parser.add_argument(
            "--token-exchange",
            action="store_true",
            help="Also make a Native application with which programs exchange personal access "
            "tokens (ACCOUNTSITE_TOKENS_APP_ID).",
        )
        parser.add_argument(
            "--replace-deletion-url",
            action="store_true",
            help="Have the account center lead to this site for deleting an account, even if it "
            "leads elsewhere by now; --undo puts the former address back.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError with one sentence, which ends the command with status 1."""
        site = _site(options["site"])
        wishes = Wishes(
            with_token_exchange=options["token_exchange"],
            replaces_deletion_url=options["replace_deletion_url"],
            is_rehearsal=options["dry_run"],
        )
        try:
            with _quietly(options["verbosity"]):
                if options["undo"]:
                    self._undo(site, wishes)
                else:
                    self._provide(site, wishes, options["env_file"])
        except LogtoError as error:
            raise CommandError(failures.sentence(error)) from error
        except Unusable as problem:
            raise CommandError(str(problem)) from problem

    def _provide(self, site: Site, wishes: Wishes, path: str) -> None:
        is_printed = path == STANDARD_OUTPUT
        told = self.stderr if is_printed else self.stdout
        # Before anything is made, so that the environment of it will not be without a place.
        file = EnvFile(Path()) if is_printed else EnvFile.read(Path(path))
        values.check(site, file)
        found, left = services.provide(site, wishes, self._teller(told, wishes))
        if wishes.is_rehearsal:
            _write(told, "\nNothing was changed.")
        else:
            changed = values.put(file, values.every(site, found))
            self._keep(file, changed, is_printed=is_printed)
        if left:
            things = "One thing is" if left == 1 else f"{left} things are"
            raise CommandError(f"{things} left to do by hand, see above.")

    def _keep(self, file: EnvFile, changed: list[str], *, is_printed: bool) -> None:
        if is_printed:
            for line in file.lines:
                self.stdout.write(line)
            return
        if file.is_changed or file.is_open_to_others:
            file.write()
        if changed:
            _write(
                self.stdout, f"\nWritten to {file.path}, for its owner alone: {', '.join(changed)}."
            )
            _write(self.stdout, "Start the site with it; `manage.py doctor` says what else to do.")
        else:
            _write(self.stdout, f"\n{file.path} has all that the site needs.")

    def _undo(self, site: Site, wishes: Wishes) -> None:
        count = services.withdraw(site, wishes, self._teller(self.stdout, wishes))
        if not count:
            _write(self.stdout, f"There is nothing of {site.origin} in this tenant.")
        elif wishes.is_rehearsal:
            _write(self.stdout, "\nNothing was changed.")

    def _teller(self, told: OutputWrapper, wishes: Wishes) -> services.Tell:
        def tell(step: Step) -> None:
            _write(told, step.line(is_rehearsal=wishes.is_rehearsal))

        return tell


def _site(address: str) -> Site:
    if not address:
        raise CommandError(f"Say with --site where the site is to be: {WANTS_SITE}.")
    try:
        return Site.at(address)
    except ValueError as error:
        letters = (
            "" if address.isascii() else " Other letters are written as xn--…, as browsers do."
        )
        raise CommandError(f"--site is wrong: it wants {WANTS_SITE}.{letters}") from error


def _write(told: OutputWrapper, text: str) -> None:
    """One line, at once; the standard error's own colour for errors is none of these lines'."""
    told.write(text, style_func=lambda line: line)
    told.flush()


@contextmanager
def _quietly(verbosity: int) -> Iterator[None]:
    """The steps say what there is to say; with --verbosity 2 the log tells of each request too."""
    loggers = [logging.getLogger(name) for name in TALKATIVE]
    levels = [logger.level for logger in loggers]
    if verbosity < 2:  # noqa: PLR2004 - Django's own numbers
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
