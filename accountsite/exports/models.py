"""One row for each person who asked for their data: how far it is, and the file.

The file is kept in the database, sealed. That is the one place that every web process and every
worker share, on one machine or on many, and there it goes in the same moment as its row: no file is
left behind, and none is missing. It is small: text, compressed, of a list that has an end.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(hours=24)
LEASE = timedelta(minutes=5)  # longer than any one part takes: then its worker is taken for dead
MOST_LATE = timedelta(minutes=10)  # lost ones are looked for each minute, if anybody works
MOST_ATTEMPTS = 3  # one over which so many workers died is the cause of it


def a_while() -> datetime:
    """Until when nobody looks whether its task got lost."""
    return timezone.now() + LEASE


class State(models.TextChoices):
    """How far an export is."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being put together")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


UNDER_WAY = (State.WAITING, State.RUNNING)


class ExportQuerySet(models.QuerySet["Export"]):
    """Exports by what is to be done with them."""

    def kept(self) -> "ExportQuerySet":
        """Those that have not had their day."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))

    def over(self) -> "ExportQuerySet":
        """Those that have."""
        return self.filter(expires_at__lte=timezone.now())

    def free(self) -> "ExportQuerySet":
        """Those that are not done, and that nobody is at."""
        lost = Q(state=State.RUNNING, held_until__lte=timezone.now())
        return self.filter(Q(state=State.WAITING) | lost)

    def lost(self) -> "ExportQuerySet":
        """Those of them that nobody has come to for a while."""
        return self.filter(state__in=UNDER_WAY, held_until__lte=timezone.now())


class Export(models.Model):
    """What one person asked for; there is one at a time.

    Whoever changes `attempts` first puts it together, until `held_until`. `missing` holds the names
    of the parts that Logto did not give.
    """

    account_id = models.CharField(max_length=128, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    language = models.CharField(max_length=16)
    time_zone = models.CharField(max_length=64)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    missing = models.JSONField(default=list)
    size = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    requested_at = models.DateTimeField(default=timezone.now)
    held_until = models.DateTimeField(default=a_while)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, db_index=True)

    objects: ClassVar = ExportQuerySet.as_manager()

    class Meta:
        """Nobody looks through them."""

        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes: ClassVar = [models.Index(fields=["state", "held_until"], name="export_lost")]

    def __str__(self) -> str:
        """Whose it is, and nothing of what is in it."""
        return f"{self.account_id} {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Whether somebody puts it together, or is about to."""
        return self.state in UNDER_WAY and not self.is_given_up

    @property
    def is_given_up(self) -> bool:
        """Whether it stands as under way, and nobody is going to touch it again."""
        late = timezone.now() - self.held_until
        is_hopeless = late >= timedelta(0) and self.attempts >= MOST_ATTEMPTS
        return self.state in UNDER_WAY and (is_hopeless or late > MOST_LATE)

    @property
    def is_ready(self) -> bool:
        """Whether there is a file."""
        return self.state == State.READY

    @property
    def is_failed(self) -> bool:
        """Whether it has to be asked for again."""
        return self.state == State.FAILED or self.is_given_up

    def claimed(self) -> bool:
        """Take it, to put it together. False if it is done, gone, or another process is at it."""
        free = Export.objects.free().filter(pk=self.pk, attempts=self.attempts)
        taken = {"attempts": self.attempts + 1, "held_until": a_while(), "done": 0}
        return self.attempts < MOST_ATTEMPTS and self._put(free, state=State.RUNNING, **taken)

    def went_on(self, *, done: int, total: int) -> bool:
        """Write down how far it is. False if it is ours no more: then there is no use in going on."""
        return self._put(self._ours(), done=done, total=total, held_until=a_while())

    def finished(self, *, size: int, missing: list[str]) -> bool:
        """Write down that there is a file now, for a day. False if it is ours no more."""
        now = timezone.now()
        result = {"size": size, "missing": missing, "ready_at": now, "expires_at": now + KEPT}
        return self._put(self._ours(), state=State.READY, **result)

    def failed(self) -> bool:
        """Write down that there will be none."""
        return self._put(self._ours(), state=State.FAILED, expires_at=timezone.now() + KEPT)

    def _ours(self) -> ExportQuerySet:
        """This row, as long as this process is the one that is at it."""
        return Export.objects.filter(pk=self.pk, state=State.RUNNING, attempts=self.attempts)

    def _put(self, rows: ExportQuerySet, **values: Any) -> bool:
        if not rows.update(**values):
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True


class Archive(models.Model):
    """The file of an export: a zip, sealed for its owner alone."""

    export = models.OneToOneField(Export, models.CASCADE, primary_key=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        """Whose it is."""
        return str(self.export)
