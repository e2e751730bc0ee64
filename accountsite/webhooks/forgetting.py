"""What is left here of an account that is gone: that it is, under a word that leads nobody back."""

from accountsite.audit import pruning
from accountsite.webhooks.models import Delivery, KnownAccount

DELETED = "User.Deleted"


def forget(account_id: str) -> None:
    """Delete what Logto told of an account, and what is known of it.

    The delivery that told of its end is left to `erase`, which ends the work on it.
    """
    KnownAccount.objects.filter(pk=account_id).delete()
    Delivery.objects.filter(account_id=account_id).exclude(event=DELETED).delete()


def erase(delivery: Delivery) -> None:
    """Keep that it came, and when, and nothing of whom it is about."""
    if delivery.account_id:
        delivery.account_id = pruning.pseudonym(delivery.account_id)
    delivery.body = b""
    delivery.save(update_fields=["account_id", "body"])


def is_gone(account_id: str) -> bool:
    """Whether it was heard that the account was deleted. Ids of accounts are not used again."""
    known_as = (account_id, pruning.pseudonym(account_id))
    return bool(Delivery.objects.filter(account_id__in=known_as, event=DELETED).exists())
