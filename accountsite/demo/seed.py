"""What the tenant holds when it starts: the same people, places and settings each time.

Times are the only difference: they count back from the start, so that the last weeks look lived
in whenever it is.
"""

from dataclasses import dataclass

from accountsite.demo import catalogue, people, population, state

PEOPLE = people.PEOPLE

ADMIN_ROLE = "accountsite-admin"
COMMAND_LINE = "demo-command-line"  # a public application that exchanges personal access tokens
HELPER_ROLE = "accountsite-helper"
VIEWER_ROLE = "accountsite-viewer"
DAY = 24 * 60 * 60 * 1000  # milliseconds


MANAGEMENT_API = state.fixed_id("resource:management", 21)
SITE_HOOK = state.fixed_id("hook:site", 21)
WEBHOOK_PATH = "/webhooks/logto/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Where the tenant and the site are (origins, no trailing slash), and what they share."""

    endpoint: str
    site: str
    client_id: str
    client_secret: str
    m2m_client_id: str
    m2m_client_secret: str
    roleless_client_id: str
    roleless_client_secret: str
    webhook_signing_key: str
    webhook_enabled: bool = True
    admin_role: str = ADMIN_ROLE
    resource: str = "https://default.logto.app/api"


def fill(tenant: state.Tenant, options: Options) -> None:
    """Put everything in place of what the tenant held."""
    with tenant.lock:
        tenant.clear()
        tenant.endpoint = options.endpoint
        tenant.resource = options.resource
        catalogue.add_settings(tenant, site=options.site)
        _add_management_api(tenant)
        _add_roles(tenant, options)
        _add_applications(tenant, options)
        people.add(tenant)
        tenant.users[people.id_of("dave")].role_ids += [
            state.fixed_id("role:admin", 21),
            state.fixed_id("role:support", 21),
        ]
        _add_organization(tenant)
        _add_hook(tenant, options)
        population.add(tenant, application_id=options.client_id)


def _add_roles(tenant: state.Tenant, options: Options) -> None:
    for key, name, description, kind in (
        ("admin", options.admin_role, "Looks after people's accounts", "User"),
        ("helper", HELPER_ROLE, "Resets passwords and signs people out", "User"),
        ("viewer", VIEWER_ROLE, "Looks up people's accounts", "User"),
        ("support", "support", "Answers questions of customers", "User"),
        ("member", "member", "Everybody who may rent a berth", "User"),
        ("management", "Management API access", "Calls the Management API", "MachineToMachine"),
    ):
        role_id = state.fixed_id(f"role:{key}", 21)
        tenant.scopes[role_id] = []
        tenant.roles[role_id] = {
            "tenantId": state.TENANT_ID,
            "id": role_id,
            "name": name,
            "description": description,
            "type": kind,
            "isDefault": False,
        }
    tenant.scopes[state.fixed_id("role:management", 21)].append(_management_scope(tenant))


def _add_management_api(tenant: state.Tenant) -> None:
    tenant.resources[MANAGEMENT_API] = {
        "tenantId": state.TENANT_ID,
        "id": MANAGEMENT_API,
        "name": "Logto Management API",
        "indicator": tenant.resource,
        "isDefault": False,
        "accessTokenTtl": 3600,
    }


def _management_scope(tenant: state.Tenant) -> state.Json:
    return {
        "tenantId": state.TENANT_ID,
        "id": state.fixed_id("scope:all", 21),
        "resourceId": MANAGEMENT_API,
        "name": "all",
        "description": "Everything",
        "createdAt": state.now(),
        "resource": tenant.resources[MANAGEMENT_API],
    }


def _add_applications(tenant: state.Tenant, options: Options) -> None:
    _add_application(
        tenant,
        options.client_id,
        options.client_secret,
        name="Account settings",
        kind="Traditional",
        metadata=_addresses_of_site(options.site),
        more={"customClientMetadata": {"allowTokenExchange": True}},
    )
    _add_application(
        tenant,
        options.m2m_client_id,
        options.m2m_client_secret,
        name="Account settings, Management API",
        kind="MachineToMachine",
    )
    tenant.application_roles[options.m2m_client_id] = [state.fixed_id("role:management", 21)]
    _add_application(
        tenant,
        options.roleless_client_id,
        options.roleless_client_secret,
        name="Meter reader",
        kind="MachineToMachine",
    )
    _add_application(
        tenant,
        "demo-photo-prints",
        state.fixed_id("secret:photo-prints", 32),
        name="Photo Prints",
        kind="Traditional",
        metadata={
            "redirectUris": ["https://photo-prints.example.com/callback"],
            "postLogoutRedirectUris": [],
        },
        more={"isThirdParty": True, "description": "Posters of your best pictures"},
    )
    _add_application(
        tenant,
        COMMAND_LINE,
        state.fixed_id("secret:command-line", 32),
        name="Harbour command line",
        kind="Native",
        # Without one Logto gives it no tokens, even where nobody signs in.
        metadata={"redirectUris": ["http://localhost/callback"], "postLogoutRedirectUris": []},
        more={"customClientMetadata": {"allowTokenExchange": True}},
    )


def _addresses_of_site(site: str) -> state.Json:
    """Where the site's sign-in comes back to; a site on localhost may be called 127.0.0.1 too."""
    origins = list(dict.fromkeys([site, site.replace("//localhost", "//127.0.0.1")]))
    return {
        "redirectUris": [f"{origin}/sign-in/callback/" for origin in origins],
        "postLogoutRedirectUris": [f"{origin}/signed-out/" for origin in origins],
        "backchannelLogoutUri": f"{site}/sign-out/backchannel/",
        "backchannelLogoutSessionRequired": True,
    }


def _add_application(  # noqa: PLR0913 - the parts of an application
    tenant: state.Tenant,
    application_id: str,
    secret: str,
    *,
    name: str,
    kind: str,
    metadata: state.Json | None = None,
    more: state.Json | None = None,
) -> None:
    created_at = state.now() - 400 * DAY
    tenant.applications[application_id] = {
        "tenantId": state.TENANT_ID,
        "id": application_id,
        "name": name,
        "description": None,
        "type": kind,
        "oidcClientMetadata": metadata or {"redirectUris": [], "postLogoutRedirectUris": []},
        "customClientMetadata": {},
        "protectedAppMetadata": None,
        "customData": {},
        "isThirdParty": False,
        "appLevelAccessControlEnabled": False,
        "createdAt": created_at,
    } | (more or {})
    tenant.application_secrets[application_id] = [
        {
            "tenantId": state.TENANT_ID,
            "applicationId": application_id,
            "name": "Default secret",
            "value": secret,
            "createdAt": created_at,
            "expiresAt": None,
        }
    ]
    tenant.application_roles[application_id] = []


def _add_organization(tenant: state.Tenant) -> None:
    """A sailing club: alice runs it, bob and dave are in it, erin is invited."""
    for key, description in (
        ("manage:members", "Invite and remove members"),
        ("book:berth", "Book a berth"),
    ):
        scope_id = state.fixed_id(f"organization-scope:{key}", 21)
        tenant.organization_scopes[scope_id] = {
            "tenantId": state.TENANT_ID,
            "id": scope_id,
            "name": key,
            "description": description,
        }
    admin, member = (
        _add_organization_role(tenant, "admin", "Runs the club", "manage:members", "book:berth"),
        _add_organization_role(tenant, "member", "Sails", "book:berth"),
    )
    organization_id = state.fixed_id("organization:club")
    tenant.organizations[organization_id] = {
        "tenantId": state.TENANT_ID,
        "id": organization_id,
        "name": "Northern Sailing Club",
        "description": "Dinghies, courses and a Sunday race",
        "customData": {},
        "isMfaRequired": False,
        "color": {},
        "branding": {},
        "customCss": None,
        "createdAt": state.now() - 300 * DAY,
    }
    tenant.members[organization_id] = {
        people.id_of("alice"): [admin, member],
        people.id_of("bob"): [member],
        people.id_of("dave"): [member],
    }
    tenant.new_invitation(
        organization_id=organization_id,
        invitee="erin@example.com",
        inviter_id=people.id_of("alice"),
        role_ids=[member],
        expires_at=state.now() + 7 * DAY,
    )


def _add_organization_role(tenant: state.Tenant, name: str, description: str, *scopes: str) -> str:
    role_id = state.fixed_id(f"organization-role:{name}", 21)
    tenant.organization_roles[role_id] = {
        "tenantId": state.TENANT_ID,
        "id": role_id,
        "name": name,
        "description": description,
        "type": "User",
    }
    tenant.organization_scopes_of[role_id] = [
        state.fixed_id(f"organization-scope:{scope}", 21) for scope in scopes
    ]
    return role_id


def _add_hook(tenant: state.Tenant, options: Options) -> None:
    tenant.hooks[SITE_HOOK] = {
        "tenantId": state.TENANT_ID,
        "id": SITE_HOOK,
        "name": "Account settings",
        "event": None,
        "events": [
            "PostRegister",
            "PostSignIn",
            "PostResetPassword",
            "User.Created",
            "User.Data.Updated",
            "User.Deleted",
            "User.SuspensionStatus.Updated",
            "Identifier.Lockout",
        ],
        "config": {"url": f"{options.site}{WEBHOOK_PATH}"},
        "signingKey": options.webhook_signing_key,
        "enabled": options.webhook_enabled,
        "createdAt": state.now() - 300 * DAY,
    }
