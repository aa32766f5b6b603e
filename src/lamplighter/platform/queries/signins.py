"""How a login stands at sign-in: closed, locked after wrong passwords and until when, or free; what its person did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import Max, Sum

from lamplighter.platform.models import User


@dataclass(frozen=True, slots=True)
class SignIn:
    """`tries` that failed in the last hour, the newest at `last_try`; `locked_until` where they locked it. A try while
    it is locked fails too, and locks it for another hour."""

    user: User
    last_in: datetime | None
    tries: int = 0
    last_try: datetime | None = None
    locked_until: datetime | None = None

    @property
    def state(self) -> str:
        if not self.user.is_active:
            return "Closed"
        if self.locked_until is not None:
            return "Locked"
        return "Never used" if self.last_in is None and not self.tries else "Open"


def sign_in_of(user: User, *, at: datetime) -> SignIn:
    """Tries count for each address that they come from, as the lock does; two queries."""
    cooled = timedelta(hours=settings.AXES_COOLOFF_TIME)
    recent = AccessAttempt.objects.filter(username=user.username, attempt_time__gt=at - cooled).order_by()
    places = list(recent.values("ip_address").annotate(tries=Sum("failures_since_start"), last=Max("attempt_time")))
    locking = [one["last"] for one in places if one["tries"] >= settings.AXES_FAILURE_LIMIT]
    inside = AccessLog.objects.filter(username=user.username).aggregate(last=Max("attempt_time"))["last"]
    return SignIn(
        user, inside or user.last_login, sum(one["tries"] for one in places),
        max((one["last"] for one in places), default=None), max(locking) + cooled if locking else None,
    )  # fmt: skip
