"""This machine's own addresses: the demo is served at no others."""

import socket


def hosts() -> list[str]:
    """What localhost means here, as gunicorn writes it: IPv4, and IPv6 where there is any."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return ["127.0.0.1"]
    return ["127.0.0.1", "[::1]"]


def is_free(port: int) -> bool:
    """Whether a server could listen at this port now."""
    return all(_can_bind(host.strip("[]"), port) for host in hosts())


def _can_bind(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As gunicorn does: a port that a server left a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
