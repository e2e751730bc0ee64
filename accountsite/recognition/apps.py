"""Known devices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Recognition(AppConfig):
    """The app that remembers where people sign in from."""

    name = "accountsite.recognition"
    label = "recognition"
    verbose_name = _("Known devices")

    def ready(self) -> None:
        """Hear of each sign-in here."""
        from accountsite.recognition import arrivals  # noqa: PLC0415 - it needs the models
        from accountsite.signin.signals import signed_in  # noqa: PLC0415 - as above

        signed_in.connect(arrivals.on_sign_in, dispatch_uid="recognition")
