"""What a proxy makes of a request: the doctor calls the site from outside, and the site says.

The doctor signs what it sends, so nobody else learns how the site is set up; that a site knows the
signature says that it has the same SECRET_KEY. What comes back is yes, no, and a number.
"""

from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import get_random_string

SALT = "accountsite.doctor.echo"
SECONDS = 60  # that a question is good for
# An address that nobody has (RFC 5737), written where a client writes what proxies are to add to.
FORGED = "203.0.113.7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """How the site sees the doctor's request.

    `proxies` is how many have written themselves into X-Forwarded-For.
    """

    believes_forged: bool
    proxies: int


def question() -> str:
    """A new one, for the address of `views.echo`."""
    return signing.TimestampSigner(salt=SALT).sign(get_random_string(16))


def is_question(text: str) -> bool:
    """Whether a doctor with our key asked it a moment ago."""
    try:
        signing.TimestampSigner(salt=SALT).unsign(text, max_age=SECONDS)
    except signing.BadSignature:
        return False
    return True


def heard(*, forwarded: str, address: str) -> Echo:
    """What there is to say about a request, from its X-Forwarded-For and the client it is taken for.

    A proxy appends to what it got, or begins anew: then the forged address is gone.
    """
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    proxies = len(hops) - 1 if FORGED in hops[:1] else len(hops)
    return Echo(believes_forged=address == FORGED, proxies=proxies)
