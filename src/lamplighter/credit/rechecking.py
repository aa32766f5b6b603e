"""How a shut-off certificate is checked again: by everything as it stands now, under the account's lock."""

from __future__ import annotations

from datetime import datetime

from lamplighter.credit.models import Certificate
from lamplighter.credit.queries.certificates import judge
from lamplighter.credit.rules.facts import Reason, evidence_of
from lamplighter.fieldwork.certificates import on_recheck
from lamplighter.platform.transactions import advisory_lock


def certificate_of(number: str) -> Certificate | None:
    """The certificate that an order carries by its number."""
    key = number.removeprefix("C-")
    if not key.isdecimal():
        return None
    return Certificate.objects.select_related("agreement__account", "agreement__premise").filter(pk=key).first()


@on_recheck
def why_not(number: str, at: datetime) -> str:
    """Why nobody may be turned off on this certificate at an instant, or nothing. Money and promises count up to now,
    the calendar, the weather and who can reconnect as they were at that instant."""
    found = certificate_of(number)
    if found is None or not found.allowed:
        return f"There is no shut-off certificate {number}."
    advisory_lock(f"account:{found.agreement.account_id}")
    _, decision = judge(found.agreement, reason=Reason(found.reason), at=at, evidence=evidence_of(found.facts))
    return " ".join(check.says for check in decision.refusals[:2])
