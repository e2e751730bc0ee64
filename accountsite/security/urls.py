"""Password and second steps."""

from django.urls import path

from accountsite.security import factor_views, views

app_name = "security"

urlpatterns = [
    path("security/", views.security, name="security"),
    path("security/password/", views.password, name="password"),
    path("security/elsewhere/", views.elsewhere, name="elsewhere"),
    path("security/two-step/", factor_views.two_step, name="two_step"),
    path("security/authenticator/", factor_views.authenticator, name="authenticator"),
    path(
        "security/authenticator/removal/",
        factor_views.authenticator_removal,
        name="authenticator_removal",
    ),
    path("security/backup-codes/", factor_views.backup_codes, name="backup_codes"),
    path(
        "security/backup-codes/removal/",
        factor_views.backup_codes_removal,
        name="backup_codes_removal",
    ),
    path(".well-known/change-password", views.change_password, name="change_password"),
]
