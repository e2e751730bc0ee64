"""Everything that can be done to an account: its address, who may, its form, and the doing.

A new action is an entry here. Its page, its permission and its place in the test that walks all
addresses come with it.
"""

from django.utils.translation import gettext_lazy

from accountsite.directory import accounts, doings, endings, forms, readings
from accountsite.directory.scenes import Deed
from accountsite.logto import grants, mfa, sessions
from accountsite.signin.staff import Level

HELP, MANAGE = Level.HELP, Level.MANAGE

DEEDS = (
    Deed(
        slug="reset-password",
        title=gettext_lazy("Reset the password"),
        button=gettext_lazy("Reset the password"),
        explains=gettext_lazy(
            "Their password is replaced by a temporary one, which you see once. Hand it over in a "
            "way that nobody else reads."
        ),
        level=HELP,
        form=forms.Reset,
        do=doings.reset,
    ),
    Deed(
        slug="sign-out",
        title=gettext_lazy("Sign out everywhere"),
        button=gettext_lazy("Sign them out"),
        explains=gettext_lazy(
            "Every session ends, here and at the tenant, and the tenant’s own apps lose their access."
        ),
        level=HELP,
        do=doings.sign_out,
    ),
    Deed(
        slug="unlock",
        title=gettext_lazy("Unlock sign-in"),
        button=gettext_lazy("Unlock"),
        explains=gettext_lazy(
            "Logto locks a sign-in for a while after too many failures. This lets them try again at "
            "once."
        ),
        level=HELP,
        do=doings.simply(gettext_lazy("They can try to sign in again."), accounts.unlock),
    ),
    Deed(
        slug="end-session",
        title=gettext_lazy("Sign out one device"),
        button=gettext_lazy("Sign it out"),
        level=HELP,
        do=doings.simply(gettext_lazy("The session ended."), endings.end_session),
        names=readings.session_shown,
        options=readings.of_person(sessions.of_user),
        is_listed=False,
    ),
    Deed(
        slug="invite",
        title=gettext_lazy("Send an invitation"),
        button=gettext_lazy("Send it"),
        explains=gettext_lazy(
            "A mail with a link that signs them in once. Links that were sent before stop working."
        ),
        level=MANAGE,
        do=doings.invite,
        is_shown=lambda user: bool(user.primary_email) and not user.is_suspended,
    ),
    Deed(
        slug="edit",
        title=gettext_lazy("Edit name and picture"),
        button=gettext_lazy("Save"),
        level=MANAGE,
        form=forms.Edit,
        do=doings.edit,
        starts=lambda scene: {"name": scene.user.name or "", "avatar": scene.user.avatar or ""},
        is_listed=False,
    ),
    Deed(
        slug="profile",
        title=gettext_lazy("Edit the profile"),
        button=gettext_lazy("Save"),
        level=MANAGE,
        form=forms.Profile,
        do=doings.edit_profile,
        starts=readings.profile_shown,
        is_listed=False,
    ),
    Deed(
        slug="email",
        title=gettext_lazy("Change the email address"),
        button=gettext_lazy("Save"),
        explains=gettext_lazy("Apps are told that it is verified, so be sure that it is theirs."),
        level=MANAGE,
        form=forms.Email,
        do=doings.setting("email", accounts.set_email),
        starts=lambda scene: {"email": scene.user.primary_email or ""},
        is_listed=False,
    ),
    Deed(
        slug="phone",
        title=gettext_lazy("Change the phone number"),
        button=gettext_lazy("Save"),
        explains=gettext_lazy("Apps are told that it is verified, so be sure that it is theirs."),
        level=MANAGE,
        form=forms.Phone,
        do=doings.setting("phone", accounts.set_phone),
        starts=lambda scene: {
            "phone": f"+{scene.user.primary_phone}" if scene.user.primary_phone else ""
        },
        is_listed=False,
    ),
    Deed(
        slug="username",
        title=gettext_lazy("Change the username"),
        button=gettext_lazy("Save"),
        level=MANAGE,
        form=forms.Username,
        do=doings.setting("username", accounts.set_username),
        starts=lambda scene: {"username": scene.user.username or ""},
        is_listed=False,
    ),
    Deed(
        slug="roles",
        title=gettext_lazy("Change the roles"),
        button=gettext_lazy("Save"),
        level=MANAGE,
        form=forms.Roles,
        do=doings.set_roles,
        options=readings.every_role,
        arguments=lambda scene: {"choices": readings.role_choices(scene.options)},
        starts=lambda scene: {"roles": sorted(role.id for role in scene.held)},
        is_listed=False,
    ),
    Deed(
        slug="join",
        title=gettext_lazy("Add to an organization"),
        button=gettext_lazy("Add"),
        level=MANAGE,
        form=forms.Join,
        do=doings.join,
        options=readings.to_join,
        arguments=lambda scene: {
            "organizations": [(each.id, each.name) for each in scene.options[0].items],
            "choices": readings.role_choices(scene.options[1]),
        },
        is_listed=False,
    ),
    Deed(
        slug="organization-roles",
        title=gettext_lazy("Change the roles in an organization"),
        button=gettext_lazy("Save"),
        level=MANAGE,
        form=forms.OrganizationRoles,
        do=doings.set_organization_roles,
        options=readings.joined,
        arguments=lambda scene: {"choices": readings.role_choices(scene.options[1])},
        starts=readings.roles_there,
        names=readings.organization_shown,
        is_listed=False,
    ),
    Deed(
        slug="leave",
        title=gettext_lazy("Take out of an organization"),
        button=gettext_lazy("Take them out"),
        level=MANAGE,
        do=doings.leave,
        options=readings.joined,
        names=readings.organization_shown,
        is_dangerous=True,
        is_listed=False,
    ),
    Deed(
        slug="custom-data",
        title=gettext_lazy("Edit the custom data"),
        button=gettext_lazy("Save"),
        level=MANAGE,
        form=forms.CustomData,
        do=doings.set_custom_data,
        starts=lambda scene: {"document": readings.custom_data_text(scene.user.custom_data)},
        is_listed=False,
    ),
    Deed(
        slug="unlink",
        title=gettext_lazy("Disconnect an account"),
        button=gettext_lazy("Disconnect"),
        level=MANAGE,
        do=doings.simply(gettext_lazy("The account is disconnected."), endings.unlink),
        names=readings.identity_shown,
        is_dangerous=True,
        is_listed=False,
    ),
    Deed(
        slug="remove-factor",
        title=gettext_lazy("Remove a second step"),
        button=gettext_lazy("Remove"),
        explains=gettext_lazy(
            "Backup codes that would be left alone go with it. Where the tenant wants a second step, "
            "they set up another one at their next sign-in."
        ),
        level=MANAGE,
        do=doings.simply(gettext_lazy("It is removed."), endings.remove_factor),
        names=readings.factor_shown,
        options=readings.of_person(mfa.of_user),
        is_dangerous=True,
        is_listed=False,
    ),
    Deed(
        slug="revoke-token",
        title=gettext_lazy("Revoke a personal access token"),
        button=gettext_lazy("Revoke"),
        level=MANAGE,
        do=doings.simply(gettext_lazy("The token is revoked."), endings.revoke_token),
        names=lambda scene: scene.item,
        is_dangerous=True,
        is_listed=False,
    ),
    Deed(
        slug="revoke-app",
        title=gettext_lazy("Revoke an app’s access"),
        button=gettext_lazy("Revoke"),
        level=MANAGE,
        do=doings.simply(gettext_lazy("The app has no access any more."), endings.revoke_app),
        names=readings.app_shown,
        options=readings.of_person(grants.of_user),
        is_dangerous=True,
        is_listed=False,
    ),
    Deed(
        slug="suspend",
        title=gettext_lazy("Suspend"),
        button=gettext_lazy("Suspend the account"),
        explains=gettext_lazy(
            "They are signed out everywhere and can’t sign in until you lift it. Nothing of theirs "
            "is deleted."
        ),
        level=MANAGE,
        do=doings.simply(gettext_lazy("The account is suspended."), accounts.suspend),
        is_dangerous=True,
        is_shown=lambda user: not user.is_suspended,
    ),
    Deed(
        slug="lift",
        title=gettext_lazy("Lift the suspension"),
        button=gettext_lazy("Lift it"),
        explains=gettext_lazy("They can sign in again. No session comes back."),
        level=MANAGE,
        do=doings.simply(gettext_lazy("They can sign in again."), accounts.lift),
        is_shown=lambda user: user.is_suspended,
    ),
    Deed(
        slug="delete",
        title=gettext_lazy("Delete"),
        button=gettext_lazy("Delete the account"),
        explains=gettext_lazy(
            "Everything about the account is deleted from the tenant, and can’t be brought back."
        ),
        level=MANAGE,
        form=forms.Delete,
        do=doings.delete,
        arguments=lambda scene: {"wanted": readings.confirmation_of(scene.user)},
        is_dangerous=True,
    ),
)
BY_SLUG = {deed.slug: deed for deed in DEEDS}
