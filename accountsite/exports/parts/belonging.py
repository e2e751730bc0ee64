"""What a person is part of: organizations, invitations to them, roles."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite.exports import chapters
from accountsite.exports.chapters import Chapter
from accountsite.exports.parts.subject import Subject
from accountsite.logto import invitations as logto_invitations
from accountsite.logto import organizations as logto_organizations
from accountsite.logto import roles as logto_roles
from accountsite.logto.invitations import Status

STATES = {
    Status.PENDING: gettext_lazy("Waiting"),
    Status.ACCEPTED: gettext_lazy("Accepted"),
    Status.EXPIRED: gettext_lazy("Expired"),
    Status.REVOKED: gettext_lazy("Declined or withdrawn"),
}


def organizations(subject: Subject) -> Chapter:
    """The organizations, with the person's own roles in them."""
    found = logto_organizations.of_user(subject.id)
    rows = [(one.name, one.description, [role.name for role in one.roles]) for one in found]
    heads = (_("Organization"), _("Description"), _("Your roles"))
    return Chapter(data=chapters.plain(found), blocks=(chapters.table(*heads, rows=rows),))


def invitations(subject: Subject) -> Chapter:
    """Those that were sent to the person's address, whatever became of them."""
    address = subject.user.primary_email
    found = logto_invitations.search(invitee=address) if address else ()
    rows = [
        (one.organization_id, str(STATES[one.status]), [role.name for role in one.roles],
         one.created_at, one.expires_at)
        for one in found
    ]  # fmt: skip
    heads = (_("Organization"), _("State"), _("Roles"), _("Sent"), _("Expires"))
    return Chapter(data=chapters.plain(found), blocks=(chapters.table(*heads, rows=rows),))


def roles(subject: Subject) -> Chapter:
    """The roles of the tenant that the person holds."""
    found = logto_roles.of_user(subject.id)
    rows = [(one.name, one.description) for one in found]
    heads = (_("Role"), _("Description"))
    return Chapter(data=chapters.plain(found), blocks=(chapters.table(*heads, rows=rows),))
