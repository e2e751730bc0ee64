"""Sentences for what Logto answers when it does not answer what it was asked."""

from django.conf import settings
from django.utils.translation import gettext as _

from accountsite.doctor import findings
from accountsite.doctor.findings import Finding
from accountsite.logto import errors


def of_refusal(error: errors.LogtoError) -> Finding:
    """What it means that a call of the Management API failed. Never the call's own words."""
    match error:
        case errors.Unauthorized():
            return findings.error(
                _("Logto refuses the credentials of this site."),
                _("Set LOGTO_M2M_APP_ID and LOGTO_M2M_APP_SECRET to those in the Console."),
            )
        case errors.Forbidden():
            return findings.error(
                _("The Management API does not let this site in."),
                _(
                    "Give the machine-to-machine application the role “Logto Management API"
                    " access” in the Console, or another with the permission `all`."
                ),
            )
        case errors.TooManyRequests():
            return findings.warning(
                _("Logto says that it was asked too often."), _("Try again in a minute.")
            )
        case errors.NotOffered():
            return findings.error(
                _("There is no such part of the Management API at %(endpoint)s.")
                % {"endpoint": settings.LOGTO_ENDPOINT},
                _("Upgrade Logto, or look whether a proxy before it leaves out some paths."),
            )
        case errors.Rejected():
            return findings.error(
                _("Logto refused to answer: %(status)s %(code)s.")
                % {"status": error.status, "code": error.code},
                _("Look into the log of Logto for that moment."),
            )
    return findings.error(
        _("Logto did not answer this in time, or not as it should."),
        _("Look whether Logto is overloaded, then ask the doctor again."),
    )
