"""Whether Logto's events arrive."""

import time
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from accountsite.doctor import findings
from accountsite.doctor.findings import Finding
from accountsite.doctor.sources import Sources
from accountsite.logto import errors, hooks
from accountsite.logto.hooks import Hook
from accountsite.webhooks import effects, reconciling
from accountsite.webhooks.models import Delivery

# Something that this site has no use for: it is kept, and nothing comes of it. Logto's made-up
# events about people would look like events.
TEST_EVENT = "Role.Created"
PATIENCE = 5.0  # seconds from Logto's answer to the row
PAUSE = 0.1


def webhook(sources: Sources) -> Iterator[Finding]:
    """There is one that sends here, and it is on."""
    if not settings.WEBHOOK_SECRETS:
        yield findings.warning(
            _("LOGTO_WEBHOOK_SECRET is not set, so this site takes no events of Logto."),
            _(
                "Let `manage.py provision` make the webhook: without it, changes made elsewhere are"
                " not in the history, and nobody is told of them."
            ),
        )
        return
    ours = sources.get(reconciling.ours)
    if not ours:
        yield findings.error(
            _("No webhook of the tenant sends to %(address)s.") % {"address": reconciling.url()},
            _("Add one in the Console, under Webhooks, or let `manage.py provision` do it."),
        )
    elif not any(hook.is_enabled for hook in ours):
        yield findings.error(
            _("The webhook is switched off."), _("Switch it on in the Console, under Webhooks.")
        )
    elif len(ours) > 1:
        yield findings.warning(
            _("More than one webhook sends here, so each event arrives more than once."),
            _("Delete all but one in the Console, under Webhooks."),
        )
    else:
        yield findings.ok(
            _("A webhook sends to %(address)s.") % {"address": reconciling.url()},
        )


def events(sources: Sources) -> Iterator[Finding]:
    """It tells of everything that this site listens to."""
    if not (known := _enabled(sources)):
        return
    told = {event for hook in known for event in hook.events}
    missing = sorted(set(effects.BY_EVENT) - told)
    if missing:
        yield findings.warning(
            _("The webhook does not tell of %(events)s.") % {"events": ", ".join(missing)},
            _("Add these events to it in the Console, or let `manage.py provision` do it."),
        )
        return
    yield findings.ok(_("The webhook tells of all that this site listens to."))


def key(sources: Sources) -> Iterator[Finding]:
    """It signs with a key that this site has."""
    if not (known := _enabled(sources)):
        return
    if any(hook.signing_key not in settings.WEBHOOK_SECRETS for hook in known):
        yield findings.error(
            _("The webhook signs with another key than LOGTO_WEBHOOK_SECRET."),
            _("Set LOGTO_WEBHOOK_SECRET to the signing key that the Console shows."),
        )
        return
    yield findings.ok(_("The webhook signs with LOGTO_WEBHOOK_SECRET."))


def delivery(sources: Sources) -> Iterator[Finding]:
    """A signed event that Logto sends now arrives, and is kept where this doctor can read it."""
    if not (known := _enabled(sources)):
        return
    hook = known[0]
    newest = Delivery.objects.aggregate(newest=Max("pk"))["newest"] or 0
    try:
        hooks.test(hook.id, url=hook.url, events=[TEST_EVENT])
    except errors.Invalid as refusal:
        yield _not_taken(refusal)
        return
    except errors.NotOffered:
        yield findings.warning(
            _("This Logto can’t send a test."), _("Upgrade Logto to 1.42 or later.")
        )
        return
    if _arrives(hook, after=newest):
        yield findings.ok(_("A test that Logto sent has arrived."))
        return
    yield findings.error(
        _("Something took the test that Logto sent, but it was not kept here."),
        _("Look what answers at %(address)s: it is not this site, or has another database.")
        % {"address": hook.url},
    )


def log(sources: Sources) -> Iterator[Finding]:
    """What it sent in a day has arrived."""
    if not (known := _enabled(sources)):
        return
    sent = sum(hook.request_count or 0 for hook in known)
    arrived = sum(hook.success_count or 0 for hook in known)
    numbers = {"arrived": arrived, "sent": sent}
    says = _("Events sent in a day: %(sent)d; arrived at once: %(arrived)d.") % numbers
    if arrived < sent:
        yield findings.warning(
            says, _("The others are fetched by the worker; look why, in the Console’s log of it.")
        )
        return
    yield findings.ok(says)


def _enabled(sources: Sources) -> list[Hook]:
    """The webhooks that are to be received; none where this site receives none."""
    ours = sources.get(reconciling.ours) if settings.WEBHOOK_SECRETS else ()
    return [hook for hook in ours if hook.is_enabled]


def _arrives(hook: Hook, *, after: int) -> bool:
    give_up = time.monotonic() + PATIENCE
    kept = Delivery.objects.filter(pk__gt=after, hook_id=hook.id, event=TEST_EVENT)
    while not kept.exists():
        if time.monotonic() > give_up:
            return False
        time.sleep(PAUSE)
    return True


def _not_taken(refusal: errors.Invalid) -> Finding:
    """Why Logto could not deliver, from what it tells of the answer."""
    address = {"address": reconciling.url()}
    if refusal.code != "hook.endpoint_responded_with_error":
        return findings.error(
            _("Logto can’t reach %(address)s.") % address,
            _("Let Logto’s machine resolve that name, and the firewall pass its connections."),
        )
    data = refusal.data if isinstance(refusal.data, dict) else {}
    match data.get("responseStatus"):
        case 401:
            return findings.error(
                _("The site that runs refuses the signature."),
                _("Start it anew with the LOGTO_WEBHOOK_SECRET that the doctor has."),
            )
        case 404:
            return findings.error(
                _("The site that runs takes no events."),
                _("Start it anew with LOGTO_WEBHOOK_SECRET set."),
            )
        case status:
            return findings.error(
                _("%(address)s answered Logto with status %(status)s.")
                % {**address, "status": status or "?"},
                _("Look into the log of the site, and of the proxy before it."),
            )
