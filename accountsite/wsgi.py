"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from accountsite.operations import exposition

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accountsite.settings")

application = get_wsgi_application()

exposition.begin()
