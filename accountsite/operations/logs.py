"""Log lines that can be told apart by request."""

import logging

from accountsite.logto import correlation


class RequestIdFilter(logging.Filter):
    """Gives each record the id of the request that it was written for."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `request_id`; a dash outside of requests."""
        record.request_id = correlation.request_id.get() or "-"
        return True
