"""By which policy power comes back on a day."""

from __future__ import annotations

from datetime import date

from lamplighter.billing.queries.fees import fees_on
from lamplighter.credit.rules.reconnecting import BackPolicy, ReconnectPolicy
from lamplighter.platform.queries.policies import policy_in_force


def reconnect_policy(*, on: date) -> ReconnectPolicy:
    """What the utility had set by then, with the fees of the day; before it has set anything, what comes with the
    program. Two queries."""
    terms, fees = policy_in_force(BackPolicy, on=on), fees_on(on)
    return ReconnectPolicy(fees.reconnect, fees.after_hours, terms.least, terms.wire_unasked, terms.citation)


def wire_unasked(*, on: date) -> bool:
    """Whether the network may turn power on before anybody was asked about the load side."""
    return policy_in_force(BackPolicy, on=on).wire_unasked
