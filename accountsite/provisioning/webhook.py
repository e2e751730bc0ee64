"""The webhook by which the site hears what happens in the tenant."""

from collections.abc import Iterator
from functools import partial

from accountsite.logto import hooks
from accountsite.logto.hooks import Hook
from accountsite.provisioning import marks
from accountsite.provisioning.inventory import Inventory
from accountsite.provisioning.sites import Site
from accountsite.provisioning.steps import Outcome, Step
from accountsite.webhooks import effects

EVENTS = tuple(effects.BY_EVENT)


def provide(site: Site, found: Inventory) -> Iterator[Step]:
    """The webhook, sending exactly what the site has a use for."""
    hook = of(site, found)
    if hook is None:
        make = partial(hooks.create, name=marks.of_hook(site), url=site.webhook_url, events=EVENTS)
        text = f"webhook to {site.webhook_url} with {len(EVENTS)} events"
        yield Step(outcome=Outcome.MADE, text=text, act=make)
    elif marks.is_hook_of(hook, site):
        yield _right(site, hook)
    else:
        yield _right_by_hand(hook)
    for twin in found.hooks:  # of two runs at the same time: each event would arrive twice
        if hook is not None and twin.id != hook.id and marks.is_hook_of(twin, site):
            text = f"webhook to {twin.url}, of which there were two"
            yield Step(outcome=Outcome.REMOVED, text=text, act=partial(hooks.delete, twin.id))


def withdraw(site: Site, found: Inventory) -> Iterator[Step]:
    """The end of what was made for this site."""
    for hook in found.hooks:
        if marks.is_hook_of(hook, site):
            act = partial(hooks.delete, hook.id)
            yield Step(outcome=Outcome.REMOVED, text=f"webhook to {hook.url}", act=act)
        elif hook.url == site.webhook_url:
            text = f'webhook "{hook.name}", which this command did not make'
            yield Step(outcome=Outcome.LEFT, text=text)


def of(site: Site, found: Inventory) -> Hook | None:
    """The webhook of the site: one that was made here, or else one that sends to it."""
    made = [hook for hook in found.hooks if marks.is_hook_of(hook, site)]
    given = [hook for hook in found.hooks if hook.url == site.webhook_url]
    return min(made or given, key=lambda hook: hook.created_at, default=None)


def _right(site: Site, hook: Hook) -> Step:
    text = f"webhook to {site.webhook_url}"
    is_elsewhere = hook.url != site.webhook_url
    has_others = set(hook.events) != set(EVENTS)
    if hook.is_enabled and not is_elsewhere and not has_others:
        return Step(outcome=Outcome.RIGHT, text=f"{text} with {len(EVENTS)} events")
    wrong = {"address": is_elsewhere, "events": has_others, "switched on": not hook.is_enabled}
    mend = partial(
        hooks.update,
        hook.id,
        url=site.webhook_url if is_elsewhere else None,
        events=EVENTS if has_others else None,
        is_enabled=True,
    )
    names = ", ".join(name for name, is_wrong in wrong.items() if is_wrong)
    return Step(outcome=Outcome.CHANGED, text=f"{text}: {names}", act=mend)


def _right_by_hand(hook: Hook) -> Step:
    text = f'webhook "{hook.name}" to {hook.url}, which this command did not make'
    lacks = [event for event in EVENTS if event not in hook.events]
    if lacks:
        text = f"{text}: add {', '.join(lacks)}"
    elif not hook.is_enabled:
        text = f"{text}: switch it on"
    else:
        return Step(outcome=Outcome.RIGHT, text=text)
    return Step(outcome=Outcome.BY_HAND, text=text)
