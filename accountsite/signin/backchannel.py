"""OpenID Connect Back-Channel Logout 1.0: Logto tells us that a session ended."""

import hashlib
import logging
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accountsite.logto import errors
from accountsite.signin import oidc, services
from accountsite.signin.models import EndReason, UsedLogoutToken

logger = logging.getLogger(__name__)

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPES = {"logout+jwt", "application/logout+jwt"}
OLDEST = 300  # seconds that a token may be under way
KEEP_USED = timedelta(hours=1)  # longer than any token is accepted


@login_not_required
@csrf_exempt
@never_cache
@require_POST
def logout(request: HttpRequest) -> JsonResponse:
    """End the sessions that a logout token names: 200, or 400 for a token that is not good."""
    try:
        account_id, logto_sid = validate(request.POST.get("logout_token", ""))
    except oidc.Refused as refusal:
        logger.warning("logout token refused: %s", refusal)
        problem = {"error": "invalid_request", "error_description": str(refusal)}
        return JsonResponse(problem, status=400)
    except errors.Unavailable:
        logger.warning("logout token not checked: no keys", exc_info=True)
        return JsonResponse({"error": "temporarily_unavailable"}, status=503)
    ended = services.end_all(
        account_id=account_id, logto_sid=logto_sid, reason=EndReason.ENDED_ELSEWHERE
    )
    logger.info("back-channel logout ended %d sessions", ended)
    return JsonResponse({})


def validate(token: str) -> tuple[str, str]:
    """Account id and Logto session id of a good logout token; one of them may be empty.

    Every check of section 2.6 of the specification, and each token once. Raises oidc.Refused,
    whose text says what is wrong, and Unavailable if the keys can't be had.
    """
    header, claims = oidc.decode(token)
    now = time.time()
    _demand(str(header.get("typ", "")).lower() in TYPES, "not a logout token by its type")
    _demand(claims.get("iss") == oidc.issuer(), "another issuer")
    _demand(_is_for_us(claims.get("aud")), "another audience")
    _demand(_is_between(claims.get("iat"), now - OLDEST, now + oidc.LEEWAY), "issued too long ago")
    _demand(_is_between(claims.get("exp"), now - oidc.LEEWAY, float("inf")), "expired")
    _demand(isinstance(_event(claims), dict), "no logout event")
    _demand("nonce" not in claims, "a nonce, which only ID tokens have")
    account_id, logto_sid, jti = (claims.get(name, "") for name in ("sub", "sid", "jti"))
    _demand(all(isinstance(value, str) for value in (account_id, logto_sid, jti)), "no text")
    _demand(bool(account_id or logto_sid), "neither sub nor sid")
    _demand(bool(jti), "no jti")
    _demand(_is_first_use(jti), "used before")
    return account_id, logto_sid


def _demand(condition: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise oidc.Refused("logout", otherwise)


def _is_for_us(audience: Any) -> bool:
    audiences = audience if isinstance(audience, list) else [audience]
    return settings.LOGTO_APP_ID in audiences


def _is_between(moment: Any, earliest: float, latest: float) -> bool:
    is_number = isinstance(moment, int | float) and not isinstance(moment, bool)
    return is_number and earliest <= moment <= latest


def _event(claims: dict[str, Any]) -> Any:
    events = claims.get("events")
    return events.get(EVENT) if isinstance(events, dict) else None


def _is_first_use(jti: str) -> bool:
    now = timezone.now()
    UsedLogoutToken.objects.filter(received_at__lt=now - KEEP_USED).delete()
    try:
        with transaction.atomic():
            UsedLogoutToken.objects.create(pk=hashlib.sha256(jti.encode()).hexdigest())
    except IntegrityError:
        return False
    return True
