"""What Django's admin works with: people, who live in Logto, and what is done to many of them."""

import json
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accountsite import encryption
from accountsite.logto import users

PURPOSE = "directory"
KEPT = timedelta(days=3)  # long enough to fetch the outcome; it names people


class User(models.Model):
    """A person of the tenant, as the change list shows one. There is no such table.

    The model is Django's handle for names, addresses and permissions: `view`, `help` (reset a
    password, sign out, unlock) and `manage` (everything else).
    """

    id = models.CharField(_("id"), max_length=128, primary_key=True)
    name = models.CharField(_("name"), max_length=128, blank=True)
    email = models.CharField(_("email"), max_length=128, blank=True)
    phone = models.CharField(_("phone"), max_length=128, blank=True)
    username = models.CharField(_("username"), max_length=128, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"))
    last_sign_in_at = models.DateTimeField(_("last sign-in"), null=True)

    class Meta:
        """Not Django's to make a table for."""

        managed = False
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("help_user", "Can reset passwords, sign people out and unlock them"),
            ("manage_user", "Can create, change, suspend and delete people"),
        ]
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        """What the person would recognize themselves by."""
        phone = f"+{self.phone}" if self.phone else ""
        return self.name or self.email or self.username or phone or self.id

    @classmethod
    def of(cls, person: users.User) -> Self:
        """A row of the list."""
        return cls(
            id=person.id,
            name=person.name or "",
            email=person.primary_email or "",
            phone=person.primary_phone or "",
            username=person.username or "",
            is_active=not person.is_suspended,
            joined_at=person.created_at,
            last_sign_in_at=person.last_sign_in_at,
        )


class JobKind(models.TextChoices):
    """What is done to many accounts."""

    CREATE = "create", _("Create accounts")
    SUSPEND = "suspend", _("Suspend accounts")
    EXPORT = "export", _("Export accounts")


class JobState(models.TextChoices):
    """How far it is."""

    DRAFT = "draft", _("Checked, not begun")
    RUNNING = "running", _("At work")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by what is to be done with them."""

    def stalled(self) -> "JobQuerySet":
        """Those whose process is gone: nothing was heard of them for a while."""
        quiet = timezone.now() - STALLED
        return self.filter(state=JobState.RUNNING, seen_at__lt=quiet)

    def old(self) -> "JobQuerySet":
        """Those whose outcome nobody will fetch any more."""
        return self.filter(created_at__lt=timezone.now() - KEPT)


STALLED = timedelta(minutes=5)


class Job(models.Model):
    """Something that is done to many accounts, row by row."""

    kind = models.CharField(_("what"), max_length=10, choices=JobKind)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.DRAFT)
    actor_id = models.CharField(_("by whom"), max_length=128)
    explanation = models.CharField(_("explanation"), max_length=500)
    options = models.JSONField(default=dict)
    is_expanded = models.BooleanField(default=True)
    """False until everybody that a search finds has a row."""
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)
    seen_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects: ClassVar = JobQuerySet.as_manager()

    class Meta:
        """Newest first; whoever manages people may see them."""

        default_permissions = ()
        ordering: ClassVar = ["-created_at", "-pk"]
        verbose_name = _("bulk job")
        verbose_name_plural = _("bulk jobs")

    def __str__(self) -> str:
        """What stands in lists."""
        return f"{self.get_kind_display()}, {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"


class RowState(models.TextChoices):
    """What became of one account."""

    WAITING = "waiting", _("Waiting")
    STARTED = "started", _("Begun")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Nothing to do")
    REFUSED = "refused", _("Refused")
    UNKNOWN = "unknown", _("Uncertain")


class Row(models.Model):
    """One account of a job. What it is to be, or was found to be, is sealed."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    key = models.CharField(max_length=128, blank=True)
    """The account's id where it exists; one row for each."""
    state = models.CharField(_("state"), max_length=10, choices=RowState, default=RowState.WAITING)
    problem = models.TextField(_("problem"), blank=True)
    account_id = models.CharField(_("account"), max_length=128, blank=True)
    sealed = models.BinaryField()
    started_at = models.DateTimeField(null=True)

    class Meta:
        """In the order of the file."""

        default_permissions = ()
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "number"], name="one_row_for_each_number"),
            models.UniqueConstraint(
                fields=["job", "key"], condition=~models.Q(key=""), name="one_row_for_each_account"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["job", "state"], name="row_by_state")]

    def __str__(self) -> str:
        """Without anything about the person."""
        return f"{self.number} {self.state}"

    @property
    def values(self) -> dict[str, Any]:
        """What was sealed. Raises encryption.Unreadable after a change of SECRET_KEY."""
        opened: dict[str, Any] = json.loads(encryption.unseal(bytes(self.sealed), purpose=PURPOSE))
        return opened


def sealed(values: dict[str, Any]) -> bytes:
    """Values of a row as the database keeps them."""
    return encryption.seal(json.dumps(values).encode(), purpose=PURPOSE)
