"""What a link says besides where it leads to."""

from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

from accountsite.links import returns, visits


class Links(MiddlewareMixin):
    """Reads it before anybody asks for the language, and remembers it for who is signed in.

    For others it stays in the address, which sign-in brings them back to.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Take note."""
        visits.enter(request)
        if request.method == "GET" and getattr(request, "account", None) is not None:
            returns.keep(request)
