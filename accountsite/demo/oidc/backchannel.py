"""Back-channel logout: telling each application of a session that it is over.

https://openid.net/specs/openid-connect-backchannel-1_0.html
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from urllib import error, parse, request

from accountsite.demo.oidc import authorization, clients, keys, store

logger = logging.getLogger(__name__)

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TIMEOUT = 3  # seconds that an application may take
LIFETIME = 120  # seconds

# Applications are called on the machine that they name, not through the environment's proxy.
_opener = request.build_opener(request.ProxyHandler({}))
_deliveries = ThreadPoolExecutor(max_workers=4, thread_name_prefix="backchannel")


def announce_end(session: store.Session) -> None:
    """Send a logout token to each application of a session that wants one, behind the scenes."""
    for client_id, authorized in session.authorizations.items():
        client = clients.find(client_id)
        if client and (address := client.metadata.get("backchannelLogoutUri")):
            token = logout_token(client, subject=session.user_id, sid=authorized["sid"])
            _deliveries.submit(_deliver, address, token)


def logout_token(client: clients.Client, *, subject: str, sid: str) -> str:
    """The signed token; with `sid` for applications that know it from their ID tokens."""
    now = store.seconds()
    told = {
        "iss": authorization.issuer(),
        "aud": client.client_id,
        "iat": now,
        "exp": now + LIFETIME,
        "jti": store.new_value(16),
        "events": {EVENT: {}},
        "sub": subject,
    }
    return keys.sign(told | ({"sid": sid} if client.knows_sessions else {}), kind="logout+jwt")


def _deliver(address: str, token: str) -> None:
    """Send it once. An application that is not there is told so in the log, and nowhere else."""
    form = parse.urlencode({"logout_token": token}).encode()
    try:
        with _opener.open(address, data=form, timeout=TIMEOUT) as answer:
            if answer.status not in (HTTPStatus.OK, HTTPStatus.NO_CONTENT):
                logger.warning("back-channel logout at %s answered %s", address, answer.status)
    except (error.URLError, OSError) as failure:
        logger.warning("back-channel logout at %s failed: %s", address, failure)
