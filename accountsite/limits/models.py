"""Counters, which all processes share."""

from django.db import models


class Counter(models.Model):
    """How often something was tried since its window began, which was at the first try."""

    key = models.CharField(max_length=200, primary_key=True)
    hits = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """The key, in which what is personal is hashed."""
        return self.key
