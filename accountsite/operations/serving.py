"""gunicorn's own log lines, see gunicorn.conf.py."""

import sys
from typing import Any

from gunicorn.glogging import Logger


class ServerLogger(Logger):  # type: ignore[misc] # gunicorn has no types
    """Writes them in the form of all others.

    The site is loaded before gunicorn says a word (`preload_app`), and with it that form.
    """

    def setup(self, cfg: Any) -> None:
        """No handlers of its own: what it says goes up to the root."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Tell of a request that is none by what is wrong with it: gunicorn quotes what was sent."""
        if str(msg).startswith("Invalid request from"):
            msg, args = "Invalid request: %s", (type(sys.exception()).__name__,)
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Tell of an error without the address that was asked for."""
        if str(msg).startswith("Error handling request"):
            msg, args = "Error handling a request", ()
        super().exception(msg, *args, **kwargs)

    def access(self, *_request: Any) -> None:
        """Nothing, whatever gunicorn was told: it would be paths, addresses and browsers."""
