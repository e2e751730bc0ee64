"""The environment that the site needs, from what the tenant has of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings

from accountsite import environment
from accountsite.logto.applications import Application
from accountsite.provisioning import sign_in, token_exchange, webhook
from accountsite.provisioning.env_file import EnvFile, Unusable
from accountsite.provisioning.inventory import Inventory
from accountsite.provisioning.sites import Site

SEPARATOR = ","
ROLES = {
    "ACCOUNTSITE_ADMIN_ROLE": "accountsite-admin",
    "ACCOUNTSITE_HELPER_ROLE": "accountsite-helper",
    "ACCOUNTSITE_VIEWER_ROLE": "accountsite-viewer",
}
"""Settings of roles, with what they are if they are not set."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable. `choose` makes its value of the one that a file has for it already, if any.

    Where a file has none, what the command itself was started with counts, as long as it is good.
    """

    name: str
    choose: Callable[[str | None], str]


def every(site: Site, found: Inventory) -> Iterator[Setting]:
    """All variables, in the order of docs/settings.md. Raises LogtoError."""
    yield from known(site)
    yield from _of_sign_in(sign_in.of(site, found))
    yield _just("LOGTO_M2M_APP_ID", settings.LOGTO_M2M_APP_ID)
    yield _just("LOGTO_M2M_APP_SECRET", settings.LOGTO_M2M_APP_SECRET)
    worked_out = environment.management_api_resource(settings.LOGTO_ENDPOINT)
    if worked_out != settings.LOGTO_MANAGEMENT_API_RESOURCE:
        yield _just("LOGTO_MANAGEMENT_API_RESOURCE", settings.LOGTO_MANAGEMENT_API_RESOURCE)
    for name, usual in ROLES.items():
        if getattr(settings, name) != usual:
            yield _just(name, getattr(settings, name))
    if hook := webhook.of(site, found):
        given = SEPARATOR.join(settings.WEBHOOK_SECRETS)
        yield Setting("LOGTO_WEBHOOK_SECRET", lambda old: _with_key(old or given, hook.signing_key))
    if program := token_exchange.of(site, found):
        yield _just("ACCOUNTSITE_TOKENS_APP_ID", program.id)


def known(site: Site) -> Iterator[Setting]:
    """Those that are known before the tenant was asked."""
    yield _just("SITE_URL", site.origin)
    # A key that is in use encrypts sessions and more: it is never replaced by another.
    yield Setting("SECRET_KEY", lambda old: old or settings.SECRET_KEY)
    yield _just("LOGTO_ENDPOINT", settings.LOGTO_ENDPOINT)


def check(site: Site, file: EnvFile) -> None:
    """Raises Unusable for the file of another site, or of another tenant."""
    for name, value in (("SITE_URL", site.origin), ("LOGTO_ENDPOINT", settings.LOGTO_ENDPOINT)):
        there = file.get(name)
        if there is not None and there.rstrip("/") != value:
            raise Unusable(f"{file.path} has another {name}, {there}: name another file.")


def put(file: EnvFile, wanted: Iterator[Setting]) -> list[str]:
    """Put them into the file. Gives the names whose values came new into it.

    Where there was no site before, it starts as one container, which needs nothing done first.
    """
    changed = []
    is_first = file.get("SITE_URL") is None and not settings.LOGTO_APP_ID
    more = [_just("ACCOUNTSITE_MIGRATE", "1")] if is_first else []
    for setting in (*wanted, *more):
        if file.get(f"{setting.name}_FILE") is not None:
            continue  # it is mounted from elsewhere, which counts more
        old = file.get(setting.name)
        value = setting.choose(old)
        if value != old:
            changed.append(setting.name)
            file.put(setting.name, value)
    return changed


def _of_sign_in(application: Application | None) -> Iterator[Setting]:
    if application is None:
        return
    yield _just("LOGTO_APP_ID", application.id)
    good = [secret.value for secret in sign_in.good_secrets(application)]
    if good:
        given = settings.LOGTO_APP_SECRET if settings.LOGTO_APP_SECRET in good else good[0]
        yield Setting("LOGTO_APP_SECRET", lambda old: old if old in good else given)


def _just(name: str, value: str) -> Setting:
    return Setting(name, lambda _old: value)


def _with_key(old: str, key: str) -> str:
    """Several keys may stand there while they are changed; the newest comes first."""
    keys = [word.strip() for word in old.split(SEPARATOR) if word.strip()]
    return old if key in keys else SEPARATOR.join([key, *keys])
