"""Sign-in, sessions and sign-out."""

from django.apps import AppConfig


class SignIn(AppConfig):
    """The app that owns the sessions."""

    name = "accountsite.signin"
    label = "signin"
    verbose_name = "Sign-in"
