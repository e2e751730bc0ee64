"""Every address of the tenant."""

from django.urls import include, path

from accountsite.demo import controls, faults, pages, providers, writes
from accountsite.demo.account import urls as account
from accountsite.demo.api import urls as api
from accountsite.demo.oidc import applications, experience, sessions
from accountsite.demo.oidc import urls as oidc

handler404 = "accountsite.demo.api.errors.not_found_page"
handler500 = "accountsite.demo.api.errors.server_error"

controlled = [
    path("", controls.home, name="home"),
    path("demo/style.css", pages.style, name="style"),
    path("demo/passkey.js", pages.passkey_script, name="passkey-script"),
    path("demo/inbox", controls.inbox_page, name="inbox"),
    path("demo/inbox.json", controls.inbox_json),
    path("demo/provider/<str:target>", providers.provider, name="provider"),
    path("demo/faults", faults.control),
    path("demo/reset", controls.reset),
    path("demo/keys/rotate", controls.rotate_keys),
    path("demo/tokens/revoke", controls.revoke_tokens),
    path("demo/clock", controls.set_clock),
    path("demo/writes", writes.control),
    path("demo/site", controls.register_site),
]

urlpatterns = [
    path("", include((controlled + oidc.urlpatterns, "demo"))),
    path(".well-known/webauthn", account.related_origins),
    path("api/", include(account.urlpatterns)),
    path("api/", include(applications.urlpatterns)),
    path("api/", include(sessions.urlpatterns)),
    path("api/", include(experience.urlpatterns)),
    path("api/", include(api.urlpatterns)),
]
