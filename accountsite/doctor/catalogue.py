"""Every check: its name, its place, and what has to be well before it makes sense."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accountsite.doctor.checks import access, machine, people, reaching, site, webhook
from accountsite.doctor.findings import Finding
from accountsite.doctor.sources import Sources


class Group(TextChoices):
    """What a check is about, in the order to mend things in."""

    LOGTO = "logto", _("Logto")
    ACCESS = "access", _("What Logto knows of this site")
    PEOPLE = "people", _("What the tenant lets people do")
    WEBHOOK = "webhooks", _("Events from Logto")
    SITE = "site", _("The site")
    MACHINE = "machine", _("What the site runs on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One of them. `needs` names others; where one of those finds an error, this one is skipped.

    What `uses_database` runs in the thread of whoever asked, since its connection is theirs. What
    `leaves_traces` is done on a page only when somebody asks for it.
    """

    name: str
    title: Any
    group: Group
    look: Callable[[Sources], Iterable[Finding]]
    needs: tuple[str, ...] = ()
    uses_database: bool = False
    leaves_traces: bool = False


def _check(name: str, title: Any, group: Group, look: Any, *needs: str, **more: bool) -> Check:
    return Check(name=name, title=title, group=group, look=look, needs=needs, **more)


def _stored(name: str, title: Any, look: Any, *needs: str) -> Check:
    return _check(name, title, Group.MACHINE, look, *needs, uses_database=True)


_LOGTO = (
    _check("endpoint", _("Address"), Group.LOGTO, reaching.endpoint),
    _check("issuer", _("Issuer"), Group.LOGTO, reaching.issuer, "endpoint"),
    _check("clock", _("Clock"), Group.LOGTO, reaching.clock, "endpoint"),
    _check("features", _("Version"), Group.LOGTO, reaching.features, "m2m-role"),
)
_ACCESS = (
    _check("m2m", _("Credentials"), Group.ACCESS, access.management, "endpoint"),
    _check("m2m-role", _("Management API"), Group.ACCESS, access.management_role, "m2m"),
    _check("app", _("Application"), Group.ACCESS, access.application, "endpoint"),
    _check("app-type", _("Kind of application"), Group.ACCESS, access.application_kind, "m2m-role"),
    _check("redirect-uris", _("Sign-in address"), Group.ACCESS, access.redirect_uris, "app-type"),
    _check("sign-out", _("Sign-out address"), Group.ACCESS, access.post_logout_uris, "app-type"),
    Check(
        name="backchannel",
        title=_("Sign-outs elsewhere"),
        group=Group.ACCESS,
        look=access.backchannel,
        needs=("app-type", "migrations"),
        uses_database=True,
    ),
    _check("sid", _("Session in ID tokens"), Group.ACCESS, access.sid, "app-type"),
    _check("default-api", _("Default API"), Group.ACCESS, access.default_resource, "m2m-role"),
    _check("token-exchange", _("Token exchange"), Group.ACCESS, access.token_exchange, "m2m-role"),
    _check("roles", _("Roles of admins"), Group.ACCESS, access.staff_roles, "m2m-role"),
)
_PEOPLE = (
    _check("tenant", _("Settings"), Group.PEOPLE, people.settings_of_tenant, "m2m-role"),
    _check("account-center", _("Account center"), Group.PEOPLE, people.account_center, "tenant"),
    _check("fields", _("Fields"), Group.PEOPLE, people.fields, "tenant"),
    _check("deletion-link", _("Deleting accounts"), Group.PEOPLE, people.deletion_link, "tenant"),
    _check("factors", _("Second steps"), Group.PEOPLE, people.factors, "tenant"),
    _check("passkeys", _("Passkeys"), Group.PEOPLE, people.passkeys, "tenant"),
    _check("codes", _("Codes by email and SMS"), Group.PEOPLE, people.messages, "tenant"),
    _check("connectors", _("Social connectors"), Group.PEOPLE, people.social, "tenant"),
)
_WEBHOOK = (
    _check("webhook", _("Webhook"), Group.WEBHOOK, webhook.webhook, "m2m-role"),
    _check("webhook-events", _("Events"), Group.WEBHOOK, webhook.events, "webhook"),
    _check("webhook-key", _("Signing key"), Group.WEBHOOK, webhook.key, "webhook"),
    _check("webhook-log", _("Deliveries"), Group.WEBHOOK, webhook.log, "webhook"),
    Check(
        name="webhook-test",
        title=_("Test delivery"),
        group=Group.WEBHOOK,
        look=webhook.delivery,
        needs=("webhook-key", "migrations"),
        uses_database=True,
        leaves_traces=True,
    ),
)
_SITE = (
    _check("https", _("https"), Group.SITE, site.https),
    _check("reachable", _("From outside"), Group.SITE, site.reachable),
    _check("proxy", _("Proxies"), Group.SITE, site.proxy, "reachable"),
    _check("hsts", _("https alone"), Group.SITE, site.hsts, "reachable"),
    _check("static", _("Static files"), Group.SITE, site.static_files),
    _check("secrets", _("Secrets"), Group.SITE, site.secrets),
    _check("versions", _("Versions"), Group.SITE, site.versions),
    _check("system", _("System checks"), Group.SITE, site.system, "database", uses_database=True),
)
_MACHINE = (
    _stored("database", _("Database"), machine.database),
    _stored("migrations", _("Migrations"), machine.migrations, "database"),
    _check("cache", _("Cache"), Group.MACHINE, machine.shared_cache),
    _check("storage", _("Storage of pictures"), Group.MACHINE, machine.storage),
    _check("disk", _("Disk"), Group.MACHINE, machine.disk),
    _check("mail", _("Mail server"), Group.MACHINE, machine.mail_server),
    _stored("mails", _("Mails"), machine.mails, "migrations"),
    _stored("worker", _("Worker"), machine.worker, "migrations"),
    _stored("jobs", _("Jobs"), machine.schedule, "migrations"),
    _stored("tasks", _("Tasks"), machine.tasks, "migrations"),
)
CHECKS = (*_LOGTO, *_ACCESS, *_PEOPLE, *_WEBHOOK, *_SITE, *_MACHINE)

TITLE = _("Doctor")
BY_NAME = {check.name: check for check in CHECKS}


def named(names: Iterable[str]) -> tuple[Check, ...]:
    """The checks with these names, or in groups with these names; all of them for no names.

    Raises KeyError with a name that is neither.
    """
    wanted = list(names)
    if strange := [name for name in wanted if name not in BY_NAME and name not in Group.values]:
        raise KeyError(strange[0])
    return tuple(
        check for check in CHECKS if not wanted or check.name in wanted or check.group in wanted
    )


def with_needed(checks: Iterable[Check]) -> tuple[Check, ...]:
    """These, and all that they need, in the catalogue's order."""
    found: set[str] = set()
    more = [check.name for check in checks]
    while more:
        name = more.pop()
        if name not in found:
            found.add(name)
            more += BY_NAME[name].needs
    return tuple(check for check in CHECKS if check.name in found)
