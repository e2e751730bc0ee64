"""The figures of the admin's first page, each of which may fail without the others.

Those of our own tables are counted once a minute at most; those of Logto are all asked for at the
same time.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.db.models import Count, Min, QuerySet
from django.db.models.functions import TruncDate
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from accountsite.audit.actions import Action
from accountsite.audit.models import AuditEvent, Outcome
from accountsite.dashboard import charts
from accountsite.dashboard.charts import Chart
from accountsite.logto import dashboard, errors, hooks, parallel, status
from accountsite.notices.models import Notice
from accountsite.notices.models import State as MailState
from accountsite.schedule.models import Run
from accountsite.webhooks import reconciling
from accountsite.webhooks.models import Delivery
from accountsite.webhooks.models import State as DeliveryState

logger = logging.getLogger(__name__)

DAYS = 14
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
LATEST = 20  # events
MOST_KINDS = 12
CACHED_SECONDS = 60
LATE = timedelta(minutes=15)  # after which what waits should not be waiting any more
TOO_MANY = "TooMany"  # the reason of what our own limits refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number in words. `is_bad` where somebody should look."""

    label: str
    value: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Part of the page. Without figures and charts it could not be had, and says so."""

    title: str
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All of the page."""

    panels: tuple[Panel, ...]
    latest: tuple[AuditEvent, ...] = field(default=())


def overview() -> Overview:
    """What the first page shows. Nothing is raised but what is a mistake of ours."""
    is_up, total, new, active, ours = parallel.settle(
        status.is_up,
        dashboard.total_users,
        dashboard.new_users,
        dashboard.active_users,
        reconciling.ours,
    )
    panels = (
        _connection(is_up, (total, new, active, ours)),
        _people(total, new, active),
        _counted("sign_ins", _("Sign-ins"), _sign_ins),
        _counted("changes", _("Changes"), _changes),
        _counted("refusals", _("Refusals"), _refusals),
        _webhooks(ours),
        _counted("mails", _("Mails"), _mails),
        _counted("work", _("Tasks and jobs"), _work),
    )
    return Overview(panels=panels, latest=_latest())


# Logto


def _connection(is_up: Any, answers: Sequence[Any]) -> Panel:
    """Whether Logto answers, and whether it answers us."""
    problem = next((answer for answer in answers if isinstance(answer, errors.LogtoError)), None)
    reached = is_up is True
    figures = (
        Figure(label=_("Address"), value=settings.LOGTO_ENDPOINT),
        Figure(
            label=_("Answers"),
            value=_("yes") if reached else _("no"),
            is_bad=not reached,
        ),
        Figure(
            label=_("Management API"),
            value=_("works") if problem is None else _refusal(problem),
            is_bad=problem is not None,
        ),
    )
    return Panel(title=_("Connection to Logto"), figures=figures)


def _refusal(problem: errors.LogtoError) -> str:
    if isinstance(problem, errors.Unauthorized):
        return _("refuses the credentials of this site")
    if isinstance(problem, errors.Forbidden):
        return _("does not let this site in: its role is missing")
    if isinstance(problem, errors.TooManyRequests):
        return _("is asked too often")
    return _("does not answer")


def _people(total: Any, new: Any, active: Any) -> Panel:
    """How many there are, came, and were here: Logto's own figures."""
    title = _("People")
    for answer in (total, new, active):
        if isinstance(answer, errors.LogtoError):
            return Panel(title=title, problem=_("Logto did not give its figures."))
    days = [(_day(day.on_date), day.count) for day in active.days]
    figures = (
        Figure(label=_("Accounts"), value=_number(total)),
        Figure(label=_("New today"), value=_with_delta(new.today)),
        Figure(label=_("New in 7 days"), value=_with_delta(new.last_7_days)),
        Figure(label=_("Active today"), value=_with_delta(active.daily)),
        Figure(label=_("Active in 7 days"), value=_with_delta(active.weekly)),
        Figure(label=_("Active in 30 days"), value=_with_delta(active.monthly)),
    )
    chart = charts.by_day(_("Active people by day"), (_("Day"), _("People")), days)
    return Panel(title=title, figures=figures, charts=(chart,))


# Our own tables


def _counted(name: str, title: str, count: Callable[[str], Panel]) -> Panel:
    """The panel, counted lately; in the language of this page."""
    key = f"dashboard:{name}:{translation.get_language()}:{timezone.get_current_timezone_name()}"
    try:
        kept: Panel | None = cache.get(key)
        if kept is None:
            kept = count(title)
            cache.set(key, kept, CACHED_SECONDS)
    except DatabaseError:
        logger.exception("the figures of %s could not be counted", name)
        return Panel(title=title, problem=_("These figures could not be counted."))
    return kept


def _sign_ins(title: str) -> Panel:
    """As webhooks told of them, with every app of the tenant."""
    if not settings.WEBHOOK_SECRETS:
        return Panel(title=title, problem=_("No webhook tells this site of sign-ins."))
    days = _by_day(Delivery.objects.filter(event="PostSignIn"), "received_at")
    return Panel(title=title, charts=(_daily(_("Sign-ins by day"), _("Sign-ins"), days),))


def _changes(title: str) -> Panel:
    """What was done, by kind."""
    done = _since(AuditEvent.objects.filter(outcome=Outcome.DONE), "started_at", WEEK)
    kinds = list(done.order_by().values_list("action").annotate(Count("pk")))
    kinds.sort(key=lambda kind: -kind[1])
    named = [(_action(action), number) for action, number in kinds[:MOST_KINDS]]
    chart = charts.by_kind(_("Changes by kind, in 7 days"), (_("Kind"), _("Changes")), named)
    total = sum(number for _action, number in kinds)
    return Panel(
        title=title,
        figures=(Figure(label=_("In 7 days"), value=_number(total)),),
        charts=(chart,),
    )


def _refusals(title: str) -> Panel:
    """What was refused, and how often a limit was the reason."""
    refused = AuditEvent.objects.filter(outcome=Outcome.REFUSED)
    reasons = list(
        _since(refused, "started_at", WEEK).order_by().values_list("reason").annotate(Count("pk"))
    )
    reasons.sort(key=lambda reason: -reason[1])
    limited = sum(number for reason, number in reasons if reason == TOO_MANY)
    daily = _daily(_("Refusals by day"), _("Refusals"), _by_day(refused, "started_at"))
    named = [(reason or "–", number) for reason, number in reasons[:MOST_KINDS]]
    by_reason = charts.by_kind(
        _("Refusals by reason, in 7 days"), (_("Reason"), _("Refusals")), named
    )
    return Panel(
        title=title,
        figures=(
            Figure(label=_("In 7 days"), value=_number(sum(n for _reason, n in reasons))),
            Figure(label=_("Because of a limit"), value=_number(limited)),
        ),
        charts=(daily, by_reason),
    )


def _webhooks(ours: Any) -> Panel:
    """What Logto sent, and what came of it."""
    title = _("Webhooks")
    if not settings.WEBHOOK_SECRETS:
        return Panel(title=title, problem=_("LOGTO_WEBHOOK_SECRET is not set: nothing arrives."))
    panel = _counted("webhooks", title, _deliveries)
    return Panel(
        title=title,
        figures=(*_sent(ours), *panel.figures),
        charts=panel.charts,
        problem=panel.problem,
    )


def _sent(ours: Sequence[hooks.Hook] | errors.LogtoError) -> list[Figure]:
    if isinstance(ours, errors.LogtoError):
        return [Figure(label=_("At Logto"), value=_("not known"), is_bad=True)]
    if not ours:
        return [Figure(label=_("At Logto"), value=_("no webhook sends to this site"), is_bad=True)]
    return [_of_hook(hook) for hook in ours]


def _of_hook(hook: hooks.Hook) -> Figure:
    if not hook.is_enabled:
        return Figure(label=hook.name, value=_("switched off"), is_bad=True)
    if hook.signing_key not in settings.WEBHOOK_SECRETS:
        return Figure(label=hook.name, value=_("signs with another key"), is_bad=True)
    sent, arrived = hook.request_count or 0, hook.success_count or 0
    return Figure(
        label=hook.name,
        value=_("%(arrived)s of %(sent)s arrived in a day")
        % {"arrived": _number(arrived), "sent": _number(sent)},
        is_bad=arrived < sent,
    )


def _deliveries(title: str) -> Panel:
    states = dict(
        _since(Delivery.objects.all(), "received_at", DAY)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    figures = [
        Figure(
            label=str(state.label),
            value=_number(states.get(state, 0)),
            is_bad=state == DeliveryState.FAILED and state in states,
        )
        for state in DeliveryState
    ]
    daily = _by_day(Delivery.objects.all(), "received_at")
    return Panel(
        title=title,
        figures=(*figures, *_late(waiting, "received_at")),
        charts=(_daily(_("Webhooks by day"), _("Webhooks"), daily),),
    )


def _mails(title: str) -> Panel:
    """How many went out in a week, and how many did not."""
    states = dict(
        _since(Notice.objects.all(), "created_at", WEEK)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    figures = [
        Figure(
            label=str(state.label),
            value=_number(states.get(state, 0)),
            is_bad=state == MailState.FAILED and state in states,
        )
        for state in MailState
    ]
    late = _late(Notice.objects.filter(state=MailState.QUEUED), "created_at")
    daily = _daily(_("Mails by day"), _("Mails"), _by_day(Notice.objects.all(), "created_at"))
    return Panel(title=title, figures=(*figures, *late), charts=(daily,))


def _work(title: str) -> Panel:
    """Tasks that failed, and jobs that did."""
    failed = DBTaskResult.objects.failed().count()
    waiting = DBTaskResult.objects.ready().count()
    jobs = Run.objects.exclude(error="").order_by("job")
    return Panel(
        title=title,
        figures=(
            Figure(label=_("Failed tasks"), value=_number(failed), is_bad=bool(failed)),
            Figure(label=_("Waiting tasks"), value=_number(waiting)),
            *(Figure(label=run.job, value=run.error, is_bad=True) for run in jobs),
        ),
    )


def _latest() -> tuple[AuditEvent, ...]:
    try:
        return tuple(AuditEvent.objects.all()[:LATEST])
    except DatabaseError:
        logger.exception("the last events could not be read")
        return ()


def _late(waiting: QuerySet[Any], time: str) -> list[Figure]:
    """Since when the oldest waits, if that is too long: is there a worker?"""
    oldest = waiting.aggregate(oldest=Min(time))["oldest"]
    if oldest is None or oldest > timezone.now() - LATE:
        return []
    words = formats.date_format(timezone.localtime(oldest), "SHORT_DATETIME_FORMAT")
    return [Figure(label=_("The oldest waits since"), value=words, is_bad=True)]


def _since(rows: QuerySet[Any], time: str, span: timedelta) -> QuerySet[Any]:
    return rows.filter(**{f"{time}__gte": timezone.now() - span})


def _by_day(rows: QuerySet[Any], time: str) -> dict[date, int]:
    """How many there were on each of the last days, where the admin is."""
    recent = _since(rows, time, timedelta(days=DAYS))
    days = recent.annotate(day=TruncDate(time)).order_by().values_list("day")
    return dict(days.annotate(Count("pk")))


def _daily(title: str, counted: str, by_day: dict[date, int]) -> Chart:
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    values = [(_day(day), by_day.get(day, 0)) for day in days]
    return charts.by_day(title, (_("Day"), counted), values)


# Words


def _day(day: date) -> str:
    return formats.date_format(day, "MONTH_DAY_FORMAT")


def _action(action: str) -> str:
    return str(Action(action).label) if action in Action else action


def _number(value: int) -> str:
    return formats.number_format(value, force_grouping=True)


def _with_delta(figure: dashboard.Figure) -> str:
    """A number, and how it differs from that of the period before."""
    sign = "+" if figure.delta > 0 else "−" if figure.delta < 0 else "±"
    return f"{_number(figure.count)} ({sign}{_number(abs(figure.delta))})"
