"""How a person came here: their sessions with this site, and the browsers that it knows."""

from django.utils.translation import gettext as _

from accountsite import user_agents
from accountsite.exports import chapters
from accountsite.exports.chapters import Chapter
from accountsite.exports.parts.subject import Subject
from accountsite.recognition.models import KnownDevice
from accountsite.signin.models import Session


def visits(subject: Subject) -> Chapter:
    """The sessions that are remembered, without what would open them."""
    found = Session.objects.filter(account_id=subject.id)
    data = [
        {
            "began_at": chapters.plain(one.created_at),
            "last_seen_at": chapters.plain(one.last_seen_at),
            "ended_at": chapters.plain(one.ended_at),
            "ended_because": one.end_reason,
            "ip": one.address,
            "user_agent": one.user_agent,
        }
        for one in found
    ]
    rows = [
        (one.created_at, one.last_seen_at,
         user_agents.describe(one.user_agent) if one.user_agent else "", one.address)
        for one in found
    ]  # fmt: skip
    heads = (_("Began"), _("Last seen"), _("Device"), _("IP address"))
    return Chapter(data=data, blocks=(chapters.table(*heads, rows=rows),))


def known_devices(subject: Subject) -> Chapter:
    """The devices that no mail is sent about any more, by what tells them apart."""
    found = KnownDevice.objects.filter(account_id=subject.id)
    data = [
        {
            "device": one.words,
            "first_seen_at": chapters.plain(one.first_seen_at),
            "last_seen_at": chapters.plain(one.last_seen_at),
        }
        for one in found
    ]
    rows = [(one.words, one.first_seen_at, one.last_seen_at) for one in found]
    heads = (_("Device"), _("First seen"), _("Last seen"))
    return Chapter(data=data, blocks=(chapters.table(*heads, rows=rows),))
