"""What happened last, for whom a glance is enough to see that it was somebody else."""

from django.utils.translation import gettext as _

from accountsite import sections
from accountsite.appearance.templatetags.appearance import moment
from accountsite.audit.models import AuditEvent
from accountsite.logto import users
from accountsite.overview.standings import Standing


def standing(user: users.User, _nothing: object) -> Standing:
    """The newest event of the audit trail, and when it was."""
    event = AuditEvent.objects.of(user.id).first()
    if event is None:
        text = _("Nothing has happened yet.")
    else:
        text = f"{event.sentence} {moment(event.started_at)}"
    return Standing(section=sections.named("activity"), text=text)
