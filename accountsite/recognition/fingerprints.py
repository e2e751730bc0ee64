"""What a device is known by. Nothing of it can be read back from what is kept."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.crypto import salted_hmac

from accountsite import user_agents

PROVIDERS = {4: 16, 6: 32}  # bits by which the network of a provider is mostly known


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a sign-in shows of the device. `ip_version` is 4, 6, or 0 where no address is known."""

    words: str
    network: str
    ip_version: int

    def fingerprints(self, account_id: str) -> Iterator[str]:
        """The device's, for this person: first by the key of today, then by those before it."""
        value = f"{account_id}\n{self.words}\n{self.network}"
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            mark = salted_hmac("accountsite.recognition", value, secret=key, algorithm="sha256")
            yield mark.hexdigest()


def traits(*, user_agent: str, address: str) -> Traits:
    """The traits in what a browser says of itself, and in its address, whatever these are."""
    # In one language, since they are compared: the words are shown to nobody.
    with translation.override("en"):
        words = user_agents.describe(user_agent) if user_agent else ""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return Traits(words=words, network="", ip_version=0)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    network = ipaddress.ip_network((parsed, PROVIDERS[parsed.version]), strict=False)
    return Traits(words=words, network=str(network), ip_version=parsed.version)
