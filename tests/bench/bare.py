"""A Django site with one view and nothing around it: what this machine and gunicorn can do.

It is served by the same gunicorn with the same settings, see `bare_gunicorn.py`.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

PAGE = "<!doctype html><title>Bare</title>" + "<p>Nothing to see.</p>" * 100


def page(request: HttpRequest) -> HttpResponse:
    """A page that costs nothing to make."""
    return HttpResponse(PAGE, headers={"Content-Length": len(PAGE)})


urlpatterns = [path("", page)]

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["localhost"], ROOT_URLCONF=__name__, SECRET_KEY="bare", MIDDLEWARE=[]
    )

application = get_wsgi_application()
