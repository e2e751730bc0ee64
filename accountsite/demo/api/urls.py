"""The Management API, but for applications, sessions and grants, which stand beside OIDC.

Events are those that Logto fires for its own routes (`managementApiHooksRegistration`).
"""

from accountsite.demo.api import (
    assets,
    connectors,
    dashboard,
    experience,
    factors,
    hooks,
    identities,
    invitations,
    logs,
    organization_template,
    organizations,
    passwords,
    personal_access_tokens,
    profile_fields,
    resources,
    roles,
    short_lived,
    users,
    verification_codes,
    wording,
)
from accountsite.demo.api.calls import route

USER_CHANGED = "User.Data.Updated"
MEMBERS_CHANGED = "Organization.Membership.Updated"

of_users = [
    route("/users", GET=users.listing, POST=users.create, fires={"POST": "User.Created"}),
    route(
        "/users/:userId",
        GET=users.get,
        PATCH=users.update,
        DELETE=users.delete,
        fires={"PATCH": USER_CHANGED, "DELETE": "User.Deleted"},
    ),
    route(
        "/users/:userId/custom-data",
        GET=users.custom_data,
        PATCH=users.merge_custom_data,
        fires={"PATCH": USER_CHANGED},
    ),
    route("/users/:userId/profile", PATCH=users.merge_profile, fires={"PATCH": USER_CHANGED}),
    route(
        "/users/:userId/is-suspended",
        PATCH=users.suspend,
        fires={"PATCH": "User.SuspensionStatus.Updated"},
    ),
    route("/users/:userId/password", PATCH=passwords.update, fires={"PATCH": USER_CHANGED}),
    route("/users/:userId/password/verify", POST=passwords.verify),
    route("/users/:userId/password/expiration", PATCH=passwords.expire),
    route("/users/:userId/has-password", GET=passwords.has_password),
    route(
        "/users/:userId/logto-configs",
        GET=factors.settings,
        PATCH=factors.update_settings,
        fires={"PATCH": USER_CHANGED},
    ),
    route("/users/:userId/mfa-verifications", GET=factors.listing, POST=factors.add),
    route("/users/:userId/mfa-verifications/:verificationId", DELETE=factors.delete),
    route("/users/:userId/identities", POST=identities.link),
    route(
        "/users/:userId/identities/:target",
        GET=identities.get,
        PUT=identities.put,
        DELETE=identities.delete,
    ),
    route("/users/:userId/all-identities", GET=identities.everything),
    route("/users/:userId/sso-identities/:ssoConnectorId", GET=identities.enterprise),
    route(
        "/users/:userId/personal-access-tokens",
        GET=personal_access_tokens.listing,
        POST=personal_access_tokens.create,
        PATCH=personal_access_tokens.rename,
    ),
    route("/users/:userId/personal-access-tokens/delete", POST=personal_access_tokens.delete),
    route(
        "/users/:userId/personal-access-tokens/:name*",
        PATCH=personal_access_tokens.rename_by_path,
        DELETE=personal_access_tokens.delete_by_path,
    ),
    route("/users/:userId/roles", GET=roles.of_user, POST=roles.assign, PUT=roles.replace),
    route("/users/:userId/roles/:roleId", DELETE=roles.remove),
    route("/users/:userId/organizations", GET=organizations.of_user),
]

of_roles = [
    route("/roles", GET=roles.listing, POST=roles.create, fires={"POST": "Role.Created"}),
    route(
        "/roles/:id",
        GET=roles.get,
        PATCH=roles.update,
        DELETE=roles.delete,
        fires={"PATCH": "Role.Data.Updated", "DELETE": "Role.Deleted"},
    ),
    route("/roles/:id/users", GET=roles.members, POST=roles.add_members),
    route("/roles/:id/users/:userId", DELETE=roles.remove_member),
    route(
        "/roles/:id/scopes",
        GET=roles.scopes,
        POST=roles.add_scopes,
        fires={"POST": "Role.Scopes.Updated"},
    ),
    route(
        "/roles/:id/scopes/:scopeId",
        DELETE=roles.remove_scope,
        fires={"DELETE": "Role.Scopes.Updated"},
    ),
]

of_resources = [
    route("/resources", GET=resources.listing),
    route("/resources/:id/is-default", PATCH=resources.update_default),
]

of_organizations = [
    route(
        "/organizations",
        GET=organizations.listing,
        POST=organizations.create,
        fires={"POST": "Organization.Created"},
    ),
    route(
        "/organizations/:id",
        GET=organizations.get,
        PATCH=organizations.update,
        DELETE=organizations.delete,
        fires={"PATCH": "Organization.Data.Updated", "DELETE": "Organization.Deleted"},
    ),
    route(
        "/organizations/:id/users",
        GET=organizations.members,
        POST=organizations.add_members,
        PUT=organizations.replace_members,
        fires={"POST": MEMBERS_CHANGED, "PUT": MEMBERS_CHANGED},
    ),
    route("/organizations/:id/users/roles", POST=organizations.add_roles),
    route(
        "/organizations/:id/users/:userId",
        DELETE=organizations.remove_member,
        fires={"DELETE": MEMBERS_CHANGED},
    ),
    route(
        "/organizations/:id/users/:userId/roles",
        GET=organizations.member_roles,
        POST=organizations.add_member_roles,
        PUT=organizations.replace_member_roles,
    ),
    route(
        "/organizations/:id/users/:userId/roles/:organizationRoleId",
        DELETE=organizations.remove_member_role,
    ),
    route("/organizations/:id/users/:userId/scopes", GET=organizations.member_scopes),
    route("/organization-invitations", GET=invitations.listing, POST=invitations.create),
    route("/organization-invitations/:id", GET=invitations.get, DELETE=invitations.delete),
    route(
        "/organization-invitations/:id/status",
        PUT=invitations.update_status,
        fires={"PUT": MEMBERS_CHANGED},
    ),
    route("/organization-invitations/:id/message", POST=invitations.send_message),
    route(
        "/organization-roles",
        GET=organization_template.roles,
        POST=organization_template.create_role,
        fires={"POST": "OrganizationRole.Created"},
    ),
    route(
        "/organization-roles/:id",
        GET=organization_template.role,
        PATCH=organization_template.update_role,
        DELETE=organization_template.delete_role,
        fires={"PATCH": "OrganizationRole.Data.Updated", "DELETE": "OrganizationRole.Deleted"},
    ),
    route(
        "/organization-roles/:id/scopes",
        GET=organization_template.role_scopes,
        POST=organization_template.add_role_scopes,
        PUT=organization_template.replace_role_scopes,
        fires={"POST": "OrganizationRole.Scopes.Updated", "PUT": "OrganizationRole.Scopes.Updated"},
    ),
    route(
        "/organization-roles/:id/scopes/:organizationScopeId",
        DELETE=organization_template.remove_role_scope,
        fires={"DELETE": "OrganizationRole.Scopes.Updated"},
    ),
    route(
        "/organization-scopes",
        GET=organization_template.scopes,
        POST=organization_template.create_scope,
        fires={"POST": "OrganizationScope.Created"},
    ),
    route(
        "/organization-scopes/:id",
        GET=organization_template.scope,
        PATCH=organization_template.update_scope,
        DELETE=organization_template.delete_scope,
        fires={"PATCH": "OrganizationScope.Data.Updated", "DELETE": "OrganizationScope.Deleted"},
    ),
]

of_settings = [
    route(
        "/sign-in-exp",
        GET=experience.sign_in_experience,
        PATCH=experience.update_sign_in_experience,
    ),
    route("/sign-in-exp/default/check-password", POST=passwords.check),
    route("/account-center", GET=experience.account_center, PATCH=experience.update_account_center),
    route("/custom-profile-fields", GET=profile_fields.listing, POST=profile_fields.create),
    route("/custom-profile-fields/batch", POST=profile_fields.create_several),
    route("/custom-profile-fields/properties/sie-order", POST=profile_fields.reorder),
    route(
        "/custom-profile-fields/:name",
        GET=profile_fields.get,
        PUT=profile_fields.replace,
        DELETE=profile_fields.delete,
    ),
    route("/connectors", GET=connectors.listing),
    route("/connectors/:id", GET=connectors.get),
    route("/connectors/:connectorId/authorization-uri", POST=connectors.authorization_uri),
    route("/sso-connectors", GET=connectors.enterprise),
    route("/sso-connectors/:id", GET=connectors.enterprise_one),
    route(
        "/email-templates",
        GET=wording.templates,
        PUT=wording.put_templates,
        DELETE=wording.delete_templates,
    ),
    route("/email-templates/:id", GET=wording.template, DELETE=wording.delete_template),
    route("/email-templates/:id/details", PATCH=wording.update_template),
    route("/custom-phrases", GET=wording.phrases),
    route(
        "/custom-phrases/:languageTag",
        GET=wording.phrases_in,
        PUT=wording.put_phrases,
        DELETE=wording.delete_phrases,
    ),
]

of_operations = [
    route("/logs", GET=logs.listing),
    route("/logs/:id", GET=logs.get),
    route("/hooks", GET=hooks.listing, POST=hooks.create),
    route("/hooks/:id", GET=hooks.get, PATCH=hooks.update, DELETE=hooks.delete),
    route("/hooks/:id/recent-logs", GET=hooks.recent_logs),
    route("/hooks/:id/signing-key", PATCH=hooks.renew_signing_key),
    route("/hooks/:id/test", POST=hooks.test, locked=False),
    route("/dashboard/users/total", GET=dashboard.total),
    route("/dashboard/users/new", GET=dashboard.new),
    route("/dashboard/users/active", GET=dashboard.active),
    route("/verification-codes", POST=verification_codes.send),
    route("/verification-codes/verify", POST=verification_codes.verify),
    route("/one-time-tokens", GET=short_lived.listing, POST=short_lived.create),
    route("/one-time-tokens/verify", POST=short_lived.verify),
    route("/one-time-tokens/:id", GET=short_lived.get, DELETE=short_lived.delete),
    route("/one-time-tokens/:id/status", PUT=short_lived.update_status),
    route("/subject-tokens", POST=short_lived.create_subject_token),
    route("/sentinel-activities/delete", POST=short_lived.forget_activities),
    route("/secrets/:id", DELETE=identities.delete_secret),
    route("/user-assets", POST=assets.upload),
    route("/user-assets/service-status", GET=assets.service_status),
]

for_anybody = [
    route("/assets/:path*", public=True, GET=assets.serve),
    route("/status", public=True, GET=experience.status),
    route("/.well-known/sign-in-exp", public=True, GET=experience.public_sign_in_experience),
    route("/.well-known/account-center", public=True, GET=experience.account_center),
    route("/.well-known/phrases", public=True, GET=experience.phrases),
]

urlpatterns = [
    *of_users,
    *of_roles,
    *of_resources,
    *of_organizations,
    *of_settings,
    *of_operations,
    *for_anybody,
]
