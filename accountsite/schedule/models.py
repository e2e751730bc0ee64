"""When each job ran, and when it is to run again."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEASE = timedelta(minutes=15)  # after which a process that took a job is taken for dead


class Run(models.Model):
    """A job's last run. Whoever changes `held_until` first runs it next, and nobody else does."""

    job = models.CharField(_("job"), max_length=64, primary_key=True)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    held_until = models.DateTimeField(_("held until"), null=True)
    started_at = models.DateTimeField(_("last started"), null=True)
    ended_at = models.DateTimeField(_("last ended"), null=True)
    error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        """By name."""

        ordering: ClassVar = ["job"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        """The job's name."""
        return self.job

    @classmethod
    def claimed(cls, job: str) -> bool:
        """Take a job that is due and that no other process has. A new job is due at once."""
        known, _is_new = cls.objects.get_or_create(job=job)
        if known.due_at > timezone.now():
            return False  # most looks end here, without a write
        now = timezone.now()
        free = Q(held_until=None) | Q(held_until__lte=now)
        due = cls.objects.filter(free, job=job, due_at__lte=now)
        return bool(due.update(held_until=now + LEASE, started_at=now))

    @classmethod
    def ended(cls, job: str, *, again_in: timedelta, error: str = "") -> None:
        """Give it back."""
        now = timezone.now()
        cls.objects.filter(job=job).update(
            held_until=None, ended_at=now, due_at=now + again_in, error=error[:200]
        )
