"""Who may use the admin, and for what: decided by the tenant's roles at each sign-in.

A person gets a row among Django's users only while one of three roles is theirs, and never becomes
a superuser. Each level may do what stands below it.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.auth.models import User as Staff

from accountsite.signin.account import Account

APPS = ("audit", "deletion", "directory", "exports", "notices", "schedule", "signin", "webhooks")
"""The apps whose permissions a role brings; those of Django's own users and groups it never does."""
LONGEST_NAME = 150
LONGEST_EMAIL = 254


class Level(IntEnum):
    """How much a member of the staff may do."""

    VIEW = 1  # look at everything
    HELP = 2  # reset a password, sign out, unlock
    MANAGE = 3  # everything else


def level_of(role_names: Iterable[str]) -> Level | None:
    """The highest level that these roles of the tenant give, None for nobody's."""
    held = set(role_names)
    return max((level for role, level in _levels().items() if role in held), default=None)


def username_of(account_id: str) -> str:
    """What Django calls the person with this account."""
    return f"logto:{account_id}"


def keep(account: Account, level: Level) -> Staff:
    """The row of a person of this level, with exactly the rights of it."""
    email = account.email or ""
    staff, is_new = Staff.objects.update_or_create(
        username=username_of(account.id),
        defaults={
            "first_name": account.label[:LONGEST_NAME],
            "email": email if len(email) <= LONGEST_EMAIL else "",
            "is_staff": True,
            "is_active": True,
            "is_superuser": False,
        },
    )
    if is_new:
        staff.set_unusable_password()
        staff.save(update_fields=["password"])
    staff.user_permissions.set(_permissions(level))
    return staff


def adjust(account_id: str, level: Level | None) -> None:
    """Take rights away, or give them, to whoever has a row already: their next page knows."""
    if level is None:
        withdraw(account_id)
        return
    for staff in Staff.objects.filter(username=username_of(account_id), is_staff=True):
        staff.user_permissions.set(_permissions(level))


def withdraw(account_id: str) -> None:
    """Let the person use the admin no longer. Who was never staff stays so."""
    for staff in Staff.objects.filter(username=username_of(account_id)):
        staff.is_staff = staff.is_superuser = False
        staff.save(update_fields=["is_staff", "is_superuser"])
        staff.user_permissions.clear()


def _levels() -> Mapping[str, Level]:
    """By the role's name. Where two settings name one role, the higher level counts."""
    return {
        settings.ACCOUNTSITE_VIEWER_ROLE: Level.VIEW,
        settings.ACCOUNTSITE_HELPER_ROLE: Level.HELP,
        settings.ACCOUNTSITE_ADMIN_ROLE: Level.MANAGE,
    }


def _permissions(level: Level) -> list[Permission]:
    """Everything to look at; a helper helps; who manages may do all that these apps know."""
    ours = Permission.objects.filter(content_type__app_label__in=APPS)
    return [
        permission
        for permission in ours
        if level is Level.MANAGE
        or permission.codename.startswith("view_")
        or (level is Level.HELP and permission.codename.startswith("help_"))
    ]
