"""One row for each change of an account, and for each attempt that was refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accountsite import user_agents
from accountsite.audit import actions, fields
from accountsite.audit.actions import Action


class Unalterable(TypeError):
    """Events are written and completed by `trail`, and forgotten by `pruning`. Nothing else."""


class ActorKind(models.TextChoices):
    """Who did it."""

    PERSON = "person", _("The person")
    ADMIN = "admin", _("An admin")
    LOGTO = "logto", _("Logto")
    SYSTEM = "system", _("This site")


class Outcome(models.TextChoices):
    """How it ended, as far as we know."""

    STARTED = "started", _("not finished")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
    UNKNOWN = "unknown", _("uncertain whether it worked")


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One changed field for people: its name, and what may be shown of its values."""

    title: str
    before: str | None
    after: str | None


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Events, which can be read."""

    def of(self, account_id: str) -> "AuditEventQuerySet":
        """What happened to an account, newest first."""
        return self.filter(account_id=account_id).order_by("-started_at", "-pk")

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise Unalterable

    def delete(self) -> NoReturn:
        """Refused."""
        raise Unalterable

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise Unalterable


class AuditEvent(models.Model):
    """Triggers in the database refuse what this model refuses: see migration 0002.

    A column added here must be added to the trigger for SQLite, as 0003 does; a test tells.
    """

    started_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    completed_at = models.DateTimeField(_("completed"), null=True, editable=False)
    account_id = models.CharField(_("account"), max_length=128, editable=False)
    actor_kind = models.CharField(_("by"), max_length=10, choices=ActorKind, editable=False)
    actor_id = models.CharField(_("by whom"), max_length=128, blank=True, editable=False)
    action = models.CharField(_("action"), max_length=40, choices=actions.choices, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.STARTED, editable=False
    )
    reason = models.CharField(_("reason"), max_length=100, blank=True, editable=False)
    address = models.GenericIPAddressField(_("IP address"), null=True, editable=False)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True, editable=False)
    request_id = models.CharField(_("request"), max_length=64, blank=True, editable=False)
    changes = models.JSONField(_("changes"), default=dict, editable=False)
    # An admin's own words, for other admins alone: they may name a suspicion, or somebody else.
    explanation = models.CharField(_("explanation"), max_length=500, blank=True, editable=False)

    objects: ClassVar = AuditEventQuerySet.as_manager()

    class Meta:
        """Newest first, as people look for them."""

        ordering: ClassVar = ["-started_at", "-pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [
            models.Index(fields=["account_id", "-started_at"], name="audit_by_account"),
            models.Index(fields=["action", "-started_at"], name="audit_by_action"),
            models.Index(fields=["-started_at"], name="audit_by_time"),
            models.Index(fields=["outcome", "-started_at"], name="audit_by_outcome"),
            models.Index(fields=["actor_kind", "-started_at"], name="audit_by_actor_kind"),
            models.Index(
                fields=["actor_id", "-started_at"],
                condition=models.Q(actor_kind="admin"),
                name="audit_by_admin",
            ),
            models.Index(fields=["address", "-started_at"], name="audit_by_address"),
            models.Index(
                fields=["request_id"], condition=~models.Q(request_id=""), name="audit_by_request"
            ),
        ]

    def __str__(self) -> str:
        """What stands in lists of admins."""
        return f"{self.action} {self.outcome} {self.started_at:%Y-%m-%d %H:%M:%S}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new event. Raises Unalterable for one that is written."""
        if not self._state.adding:
            raise Unalterable
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise Unalterable

    @property
    def sentence(self) -> str:
        """What happened, for the person, in the active language.

        What a newer version of this site wrote, beside this one or before it, stands as it is.
        """
        if self.action not in Action:
            return self.action
        action = Action(self.action)
        if self.outcome == Outcome.DONE:
            return str(actions.SENTENCES[action])
        words = {"action": action.label, "outcome": Outcome(self.outcome).label}
        return _("%(action)s: %(outcome)s.") % words

    @property
    def device(self) -> str:
        """The browser in words; empty if no browser was involved."""
        return user_agents.describe(self.user_agent) if self.user_agent else ""

    def changed_fields(self) -> Iterator[ChangedField]:
        """What the change was about, masked, in the order of `fields`."""
        for field in sorted(self.changes, key=fields.place):
            before, after = self.changes[field]
            yield ChangedField(fields.title(field), before, after)
