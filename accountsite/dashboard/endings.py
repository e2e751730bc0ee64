"""Ending a session of this site for somebody."""

from accountsite import user_agents
from accountsite.audit import trail
from accountsite.audit.actions import Action
from accountsite.notices import delivery
from accountsite.signin import copies, preferences, session_store
from accountsite.signin.models import EndReason, Session


def end_session(session: Session, *, by: trail.Actor, explanation: str) -> bool:
    """End it at once, and tell its owner. False if it had ended before."""
    if not session.is_live:
        return False
    kept = copies.contents(session)
    liked = kept.get(preferences.KEY, {})
    device = user_agents.describe(session.user_agent) if session.user_agent else None
    with trail.change(
        Action.SESSION_ENDED,
        session.account_id,
        values={"device": (device, None)},
        actor=by,
        explanation=explanation,
    ) as event:
        one = Session.objects.filter(pk=session.pk)
        was_live = bool(session_store.end(one, EndReason.ENDED_ELSEWHERE))
    delivery.announce(
        event,
        kept.get(copies.ACCOUNT, {}).get("email"),
        language=liked.get("language", ""),
        time_zone=liked.get("time_zone", ""),
    )
    return was_live
