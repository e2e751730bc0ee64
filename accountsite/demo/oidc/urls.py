"""Addresses of the OIDC half: those for programs under /oidc, and the pages of a sign-in."""

from django.urls import path

from accountsite.demo.oidc import endpoints, flow, pages

urlpatterns = [
    path("oidc/.well-known/openid-configuration", endpoints.discovery),
    path("oidc/jwks", endpoints.jwks),
    path("oidc/auth", flow.authorize),
    path("oidc/auth/<str:interaction_id>", flow.resume, name="resume"),
    path("oidc/token", endpoints.token),
    path("oidc/token/introspection", endpoints.introspection),
    path("oidc/token/revocation", endpoints.revocation),
    path("oidc/me", endpoints.userinfo),
    path("oidc/session/end", flow.end_session),
    path("oidc/<path:path>", endpoints.unknown),
    path("sign-in", pages.password, name="sign-in"),
    path("sign-in/code", pages.code, name="code"),
    path("one-time-token", pages.one_time_token, name="one-time-token"),
    path("sign-in/second-factor", pages.second_factor, name="second-factor"),
    path("sign-in/with/<str:target>", pages.social, name="social"),
    path("callback/<str:target>", pages.callback, name="callback"),
    path("consent", pages.consent, name="consent"),
]
