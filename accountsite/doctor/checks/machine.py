"""Whether what the site keeps things in works, and somebody works for it."""

import shutil
import smtplib
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from accountsite import cache_health
from accountsite.doctor import findings
from accountsite.doctor.findings import Finding
from accountsite.doctor.sources import Sources
from accountsite.notices.models import Notice
from accountsite.notices.models import State as MailState
from accountsite.operations import checks as system_checks
from accountsite.schedule import jobs
from accountsite.schedule.models import Run

LATE = timedelta(minutes=5)  # some jobs run every minute
DAY = timedelta(days=1)
CACHE_SECONDS = 30
LEAST_FREE = 200 * 1024 * 1024  # bytes
MEGABYTE = 1024 * 1024


def database(sources: Sources) -> Iterator[Finding]:
    """It answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        yield findings.error(
            _("The database of DATABASE_URL does not answer."),
            _("Start it, and look at its address, name, user and password in DATABASE_URL."),
        )
        return
    yield findings.ok(_("%(name)s answers.") % {"name": connection.display_name})


def migrations(sources: Sources) -> Iterator[Finding]:
    """Its tables are those of this version of the site."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield findings.error(
            _("The database is not up to date. Migrations to be applied: %(count)d.")
            % {"count": len(plan)},
            _("Run `manage.py migrate`."),
        )
        return
    yield findings.ok(_("The database is up to date."))


def shared_cache(sources: Sources) -> Iterator[Finding]:
    """It keeps what it is given, for all processes where there are several."""
    name, value = f"doctor:{get_random_string(12)}", get_random_string(12)
    cache.set(name, value, CACHE_SECONDS)
    is_kept = cache.get(name) == value
    cache.delete(name)
    if not cache_health.answers() or not is_kept:
        yield findings.error(
            _("The cache in Redis does not answer, so each process remembers by itself."),
            _("Start Redis, and look at its address and password in REDIS_URL."),
        )
    elif system_checks.shared_cache():
        yield findings.error(
            _("Processes that serve the site, each with a cache of its own: %(count)d.")
            % {"count": settings.WEB_CONCURRENCY},
            _("Set REDIS_URL, or WEB_CONCURRENCY to 1."),
        )
    elif settings.REDIS_URL == "none":
        yield findings.ok(_("The cache is in the memory of the one process that serves the site."))
    else:
        yield findings.ok(_("The cache is in Redis, for all processes."))


def storage(sources: Sources) -> Iterator[Finding]:
    """Pictures can be kept, read and deleted."""
    name, content = f"doctor/{get_random_string(16)}.txt", get_random_string(16).encode()
    try:
        name = default_storage.save(name, ContentFile(content))
        with default_storage.open(name) as file:
            is_kept = file.read() == content
        default_storage.delete(name)
    except Exception:  # noqa: BLE001 - each storage has errors of its own
        is_kept = False
    if not is_kept:
        yield findings.error(
            _("Pictures can’t be kept."),
            _("Let the user of the site write to ACCOUNTSITE_DATA, and look if the disk is full."),
        )
        return
    yield findings.ok(_("Pictures can be kept, read and deleted."))


def disk(sources: Sources) -> Iterator[Finding]:
    """There is room for what comes."""
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError:
        yield findings.error(
            _("The folder of ACCOUNTSITE_DATA is not there."),
            _("Make it, or mount a volume there, and let the user of the site write to it."),
        )
        return
    numbers = {"free": free // MEGABYTE}
    if free < LEAST_FREE:
        yield findings.warning(
            _("%(free)d MB are free on the disk of ACCOUNTSITE_DATA.") % numbers,
            _("Make room: without it nobody can change a picture, or with SQLite anything."),
        )
        return
    yield findings.ok(_("%(free)d MB are free on the disk of ACCOUNTSITE_DATA.") % numbers)


def mail_server(sources: Sources) -> Iterator[Finding]:
    """It takes our name and password, or a mail if an address was given."""
    if not settings.MAILERS:
        yield findings.warning(
            _("EMAIL_URL is not set, so nobody is told of changes to their account."),
            _(
                "Set EMAIL_URL to a mail server, such as submission://user:password@mail.example.com."
            ),
        )
        return
    try:
        if sources.mail_to:
            _test_mail(sources.mail_to).send(using="default")
        else:
            server = mail.mailers["default"]
            server.open()
            server.close()
    except (OSError, ValueError, mail.InvalidMailer) as error:  # an SMTPException is an OSError
        yield _mail_trouble(error, sources.mail_to)
        return
    if sources.mail_to:
        yield findings.ok(_("The mail server took a test for %(to)s.") % {"to": sources.mail_to})
    else:
        yield findings.ok(_("The mail server takes mails of this site."))


def mails(sources: Sources) -> Iterator[Finding]:
    """Those of the last days went out."""
    failed = Notice.objects.filter(
        state=MailState.FAILED, created_at__gte=timezone.now() - 7 * DAY
    ).count()
    if failed:
        yield findings.warning(
            _("Mails that could not be sent in 7 days: %(count)d.") % {"count": failed},
            _("Look at them in the admin, under Mails, and send them again from there."),
        )
        return
    yield findings.ok(_("In 7 days every mail could be sent."))


def worker(sources: Sources) -> Iterator[Finding]:
    """Somebody does what is due. Some jobs come round each minute, so a run is a sign of life."""
    if settings.ACCOUNTSITE_DEMO:
        yield findings.ok(_("In the demo there is nothing for a worker to do."))
        return
    last = Run.objects.aggregate(last=Max("started_at"))["last"]
    mend = _("Run `manage.py worker`, or let `serve` do it with ACCOUNTSITE_WORKER=1.")
    if last is None:
        yield findings.error(_("No worker has ever run."), mend)
    elif last < timezone.now() - LATE:
        minutes = {"minutes": (timezone.now() - last).total_seconds() // 60}
        yield findings.error(
            _("Minutes since the worker last did something: %(minutes)d.") % minutes, mend
        )
    else:
        yield findings.ok(_("The worker is at work."))


def schedule(sources: Sources) -> Iterator[Finding]:
    """Each job did what it had to when it last ran."""
    names = {job.name for job in jobs.JOBS}
    failed = list(Run.objects.filter(job__in=names).exclude(error="").values_list("job", flat=True))
    if failed:
        yield findings.warning(
            _("Jobs that failed when they last ran: %(names)s.") % {"names": "; ".join(failed)},
            _("Look into the log of the worker."),
        )
        return
    yield findings.ok(_("Every job did its work when it last ran."))


def tasks(sources: Sources) -> Iterator[Finding]:
    """Work that left a request is done soon, and well."""
    oldest = DBTaskResult.objects.ready().aggregate(oldest=Min("enqueued_at"))["oldest"]
    since = timezone.now() - DAY
    failed = DBTaskResult.objects.failed().filter(finished_at__gte=since).count()
    if oldest is not None and oldest < timezone.now() - LATE:
        minutes = {"minutes": (timezone.now() - oldest).total_seconds() // 60}
        yield findings.error(
            _("Minutes that the oldest task has waited: %(minutes)d.") % minutes,
            _("Start a worker, or more of them: `manage.py worker`."),
        )
    elif failed:
        yield findings.warning(
            _("Tasks that failed in a day: %(count)d.") % {"count": failed},
            _("Look at them in the admin, under Tasks, and into the log of the worker."),
        )
    else:
        yield findings.ok(_("No task waits long, and none failed in a day."))


def _test_mail(address: str) -> mail.EmailMessage:
    return mail.EmailMessage(
        subject=_("A test from your account settings site"),
        body=_("The doctor of %(site)s sent this. Its mails arrive.") % {"site": settings.SITE_URL},
        to=[address],
    )


def _mail_trouble(error: Exception, address: str) -> Finding:
    """What went wrong, without the server's own words, which may quote what it was sent."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return findings.error(
            _("The mail server does not take the user and password of EMAIL_URL."),
            _("Correct them there; characters such as @ and / in them have to be percent-encoded."),
        )
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return findings.error(
            _("The mail server takes no mail for %(to)s.") % {"to": address},
            _("Try another address, or let the server send to others than its own."),
        )
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return findings.error(
            _("The mail server takes no mail from this site’s sender."),
            _("Set DEFAULT_FROM_EMAIL to an address that the server may send from."),
        )
    return findings.error(
        _("The mail server of EMAIL_URL can’t be used (%(kind)s).")
        % {"kind": type(error).__name__},
        _("Look at its scheme, name and port, and let the firewall pass connections from here."),
    )
