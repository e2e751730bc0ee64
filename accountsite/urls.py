"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("accountsite.signin.urls")),
    path("", include("accountsite.confirmation.urls")),
    path("", include("accountsite.overview.urls")),
    path("", include("accountsite.profile.urls")),
    path("", include("accountsite.identifiers.urls")),
    path("", include("accountsite.security.urls")),
    path("", include("accountsite.passkeys.urls")),
    path("", include("accountsite.connections.urls")),
    path("", include("accountsite.devices.urls")),
    path("", include("accountsite.grants.urls")),
    path("", include("accountsite.tokens.urls")),
    path("", include("accountsite.organizations.urls")),
    path("", include("accountsite.activity.urls")),
    path("", include("accountsite.deletion.urls")),
    path("", include("accountsite.privacy.urls")),
    path("", include("accountsite.exports.urls")),
    path("", include("accountsite.webhooks.urls")),
    path("", include("accountsite.directory.urls")),
    path("", include("accountsite.doctor.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "accountsite.errors.bad_request"
handler403 = "accountsite.errors.forbidden"
handler404 = "accountsite.errors.not_found"
handler500 = "accountsite.errors.server_error"
