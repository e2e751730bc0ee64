"""Ports on which a server can listen."""

import random
import socket

# Below those that systems give to clients (RFC 6335, and Linux's own): a port that was free when it
# was chosen is not taken by somebody's connection before its server has started.
CHOICE = range(20_000, 32_000)
TRIES = 100


def free() -> int:
    """A port of the loopback that nobody uses at the moment. Raises OSError where there is none."""
    for _ in range(TRIES):
        port = random.SystemRandom().choice(CHOICE)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("No port is free.")
