"""By which policy power comes back on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lamplighter.billing.queries.fees import fees_on
from lamplighter.credit.models import ReconnectTerms
from lamplighter.credit.rules.reconnecting import ReconnectPolicy


def reconnect_policy(*, on: date) -> ReconnectPolicy:
    """What the utility had set by then, with the fees of the day; before it has set anything, what comes with the
    program. Two queries."""
    row, fees = ReconnectTerms.objects.filter(period__contains=on).first(), fees_on(on)
    policy = ReconnectPolicy(fee=fees.reconnect, after_hours=fees.after_hours)
    if row is None:
        return policy
    return replace(policy, least=row.least, wire_unasked=row.wire_unasked, citation=row.citation)


def wire_unasked(*, on: date) -> bool:
    """Whether the network may turn power on before anybody was asked about the load side."""
    row = ReconnectTerms.objects.filter(period__contains=on).first()
    return row.wire_unasked if row else ReconnectPolicy().wire_unasked
