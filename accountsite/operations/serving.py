"""gunicorn's own log lines, see gunicorn.conf.py."""

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
