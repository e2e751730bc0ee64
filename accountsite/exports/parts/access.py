"""What opens the account, without the secrets that do: ways to sign in, devices, apps, tokens."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accountsite import user_agents
from accountsite.exports import chapters
from accountsite.exports.chapters import Chapter
from accountsite.exports.parts.subject import Subject
from accountsite.logto import errors, grants, identities, mfa, parallel
from accountsite.logto import sessions as logto_sessions
from accountsite.logto import tokens as logto_tokens
from accountsite.logto.secrets import TokenSet
from accountsite.logto.sign_in_experience import Factor

KINDS = {
    Factor.TOTP: gettext_lazy("Authenticator app"),
    Factor.WEBAUTHN: gettext_lazy("Passkey"),
    Factor.BACKUP_CODE: gettext_lazy("Backup codes"),
}


def connections(subject: Subject) -> Chapter:
    """Social and enterprise identities, and that tokens of them are kept, where they are.

    What else a provider told of the person can hold keys of theirs (measured), and stays out.
    """
    known = identities.of_user(subject.id, with_stored_tokens=True)
    social = chapters.table(
        _("Connection"), _("Account id there"), _("Name"), _("Email address"), _("Kept token"),
        title=_("Social accounts"),
        rows=[
            (one.target, one.subject, one.name, one.email or one.phone, _kept(linked.stored_tokens))
            for linked in known.social
            for one in [linked.identity]
        ],
    )  # fmt: skip
    enterprise = chapters.table(
        _("Issuer"), _("Account id there"), _("Name"), _("Email address"), _("Since"),
        title=_("Enterprise accounts"),
        rows=[
            (one.issuer, one.subject, one.name, one.email, one.created_at)
            for linked in known.enterprise
            for one in [linked.identity]
        ],
    )  # fmt: skip
    return Chapter(data=chapters.plain(known), blocks=(social, enterprise))


def second_steps(subject: Subject) -> Chapter:
    """The factors, and what the person chose about them."""
    bound, settings = parallel.gather(
        lambda: mfa.of_user(subject.id), lambda: mfa.settings(subject.id)
    )
    choices = chapters.facts(
        (_("Two-step verification is on"), settings.is_enabled),
        (_("Second step skipped when signing in"), settings.skips_at_sign_in),
    )
    factors = chapters.table(
        _("Kind"), _("Name"), _("Added"), _("Last used"), _("Codes left"),
        rows=[
            (str(KINDS.get(one.factor, one.factor.value)), one.name or _device(one.agent), one.created_at, one.last_used_at,
             one.remaining_codes)
            for one in bound
        ],
    )  # fmt: skip
    data = {"settings": chapters.plain(settings), "factors": chapters.plain(bound)}
    return Chapter(data=data, blocks=(factors, choices))


def sessions(subject: Subject) -> Chapter:
    """Where the person is signed in at Logto."""
    found = logto_sessions.of_user(subject.id)
    rows = [
        (_device(one.user_agent), one.ip, ", ".join(filter(None, (one.city, one.country))),
         one.signed_in_at, one.expires_at)
        for one in found
    ]  # fmt: skip
    heads = (_("Device"), _("IP address"), _("Place"), _("Signed in"), _("Ends"))
    return Chapter(data=chapters.plain(found), blocks=(chapters.table(*heads, rows=rows),))


def trusted_devices(subject: Subject) -> Chapter:
    """Browsers that are not asked for a second step; most tenants know no such thing."""
    try:
        found = logto_sessions.trusted_devices(subject.id)
    except errors.NotOffered:
        found = ()
    rows = [(_device(one.user_agent), one.created_at, one.expires_at) for one in found]
    heads = (_("Device"), _("Since"), _("Until"))
    return Chapter(data=chapters.plain(found), blocks=(chapters.table(*heads, rows=rows),))


def apps(subject: Subject) -> Chapter:
    """What apps may do in the person's name."""
    found = grants.of_user(subject.id)
    rows = [(one.application_name, _scopes(one), one.granted_at, one.expires_at) for one in found]
    heads = (_("App"), _("May use"), _("Since"), _("Until"))
    return Chapter(data=chapters.plain(found), blocks=(chapters.table(*heads, rows=rows),))


def tokens(subject: Subject) -> Chapter:
    """Personal access tokens by their names. Their values are not even read."""
    found = logto_tokens.of_user(subject.id)
    rows = [(one.name, one.created_at, one.expires_at) for one in found]
    heads = (_("Name"), _("Created"), _("Expires"))
    return Chapter(data=chapters.plain(found), blocks=(chapters.table(*heads, rows=rows),))


def _kept(stored: TokenSet | None) -> str:
    return " ".join(stored.scopes) or _("Yes") if stored else ""


def _scopes(grant: grants.Grant) -> str:
    by_resource = (scope for scopes in grant.resources.values() for scope in scopes)
    return " ".join(dict.fromkeys([*grant.scopes, *by_resource]))


def _device(user_agent: str | None) -> str:
    return user_agents.describe(user_agent) if user_agent else ""
