"""What a process begins with when it starts to work for people, as the operator wants it.

Each part is imported only where its variable is set: it costs nothing where it is not.
"""

from django.conf import settings

from accountsite.operations import exposition, uncaught


def program() -> None:
    """Any program of the site, before it does anything."""
    if settings.SENTRY_DSN:
        from accountsite.operations import sentry  # noqa: PLC0415

        sentry.begin()


def site() -> None:
    """One of gunicorn's workers, after it was forked."""
    uncaught.listen()
    exposition.answer()
    _trace()


def worker() -> None:
    """`manage.py worker`."""
    uncaught.listen()
    exposition.begin_alone()
    _trace()


def _trace() -> None:
    if settings.TRACES:
        from accountsite.operations import traces  # noqa: PLC0415

        traces.begin()
