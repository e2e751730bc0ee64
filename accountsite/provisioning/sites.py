"""The addresses of a site that its tenant has to know, wherever the site is to be."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from django.urls import reverse

from accountsite import environment

USUAL_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Site:
    """A site at an origin, such as https://account.example.com. No address of it has more slashes."""

    origin: str

    @classmethod
    def at(cls, address: str) -> Self:
        """The site at an address, written as browsers write an origin.

        Raises ValueError for what is not https (or http on this machine), or more than an origin.
        """
        address = address.strip()
        if not (environment.is_safe_origin(address) and address.isascii()):
            raise ValueError(address)
        parts = urlsplit(address)
        host = parts.hostname or ""
        name = f"[{host}]" if ":" in host else host
        is_usual = parts.port in {None, USUAL_PORTS[parts.scheme]}
        return cls(f"{parts.scheme}://{name}" + ("" if is_usual else f":{parts.port}"))

    @property
    def redirect_uri(self) -> str:
        """Where sign-ins come back to, and proofs by a fresh sign-in too."""
        return self._address("signin:callback")

    @property
    def post_logout_redirect_uri(self) -> str:
        """Where people are after they signed out."""
        return self._address("signin:signed_out")

    @property
    def backchannel_logout_uri(self) -> str:
        """Where Logto tells that a session ended."""
        return self._address("signin:backchannel")

    @property
    def tokens_url(self) -> str:
        """Where people find their access tokens: a redirect URI that no program listens at."""
        return self._address("tokens:tokens")

    @property
    def webhook_url(self) -> str:
        """Where Logto tells what happened."""
        return self._address("webhooks:logto")

    @property
    def deletion_url(self) -> str:
        """Where people delete their account."""
        return self._address("deletion:deletion")

    def _address(self, name: str) -> str:
        return f"{self.origin}{reverse(name)}"
