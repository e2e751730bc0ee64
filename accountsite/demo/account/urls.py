"""Addresses of the Account API, under /api; and the one that browsers ask about passkeys."""

from django.http import HttpRequest, JsonResponse

from accountsite.demo import state
from accountsite.demo.account import (
    addresses,
    avatars,
    factors,
    identities,
    me,
    sessions,
    verifications,
)
from accountsite.demo.account.access import route

urlpatterns = [
    route("/my-account", GET=me.get, PATCH=me.update),
    route("/my-account/profile", PATCH=me.merge_profile),
    route("/my-account/password", POST=me.set_password),
    route("/my-account/primary-email", POST=addresses.set_email, DELETE=addresses.delete_email),
    route("/my-account/primary-phone", POST=addresses.set_phone, DELETE=addresses.delete_phone),
    route("/my-account/identities", POST=identities.link, PUT=identities.replace),
    route("/my-account/identities/:target", DELETE=identities.unlink),
    route("/my-account/identities/:target/access-token", GET=identities.access_token),
    route(
        "/my-account/sso-identities/:connectorId/access-token",
        GET=identities.enterprise_access_token,
    ),
    route("/my-account/mfa-verifications", GET=factors.listing, POST=factors.add),
    route("/my-account/mfa-verifications/totp", PUT=factors.replace_totp),
    route("/my-account/mfa-verifications/totp-secret/generate", POST=factors.generate_totp_secret),
    route(
        "/my-account/mfa-verifications/backup-codes/generate",
        POST=factors.generate_backup_codes,
    ),
    route("/my-account/mfa-verifications/backup-codes", GET=factors.backup_codes),
    route("/my-account/mfa-verifications/:verificationId/name", PATCH=factors.rename),
    route("/my-account/mfa-verifications/:verificationId", DELETE=factors.delete),
    route("/my-account/mfa-settings", GET=factors.settings, PATCH=factors.update_settings),
    route("/my-account/logto-configs", GET=factors.configs, PATCH=factors.update_configs),
    route("/my-account/sessions", GET=sessions.listing),
    route("/my-account/sessions/:sessionId", DELETE=sessions.delete),
    route("/my-account/grants", GET=sessions.grants),
    route("/my-account/grants/:grantId", DELETE=sessions.delete_grant),
    route("/my-account/user-assets/avatar", POST=avatars.upload),
    route("/verifications/password", POST=verifications.password),
    route("/verifications/verification-code", POST=verifications.send_code),
    route("/verifications/verification-code/verify", POST=verifications.verify_code),
    route("/verifications/social", POST=verifications.social),
    route("/verifications/social/verify", POST=verifications.verify_social),
    route("/verifications/web-authn/registration", POST=verifications.passkey),
    route("/verifications/web-authn/registration/verify", POST=verifications.verify_passkey),
]


def related_origins(request: HttpRequest) -> JsonResponse:
    """Which other origins may make passkeys for this host (WebAuthn's Related Origin Requests)."""
    with state.tenant.lock:
        return JsonResponse({"origins": state.tenant.account_center["webauthnRelatedOrigins"]})
