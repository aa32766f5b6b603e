"""Keep what registers say by their own reads, until a person decides or a corrected read resolves it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from lamplighter.kernel.actors import Actor
from lamplighter.platform.transactions import in_transaction
from lamplighter.usage.models import IntervalException
from lamplighter.usage.operations.exceptions import Kept, Matters, keep_exceptions
from lamplighter.usage.operations.publishing import hold_store
from lamplighter.usage.queries.dials import Looked, looked_at

RULES = "registers."


@in_transaction
def look_at_registers(*, registers: Collection[int], by: Actor, at: datetime) -> Kept:
    """The newest stretch of each; what fits again, after a read was corrected, is resolved."""
    hold_store()
    found = looked_at(registers, at=at)
    return keep_exceptions(matters=Matters(found.noticed, _gone(found), found.parties), renewed={}, by=by, at=at)


def _gone(found: Looked) -> list[int]:
    """Open matters of these registers' newest stretches of which nothing was noticed any more; older ones wait on."""
    still = {(one.finding.channel, one.finding.rule) for one in found.noticed}
    rows = IntervalException.objects.filter(
        channel__in=found.newest, state=IntervalException.State.OPEN, rule__startswith=RULES
    )
    return [
        row.pk for row in rows
        if row.span.end == found.newest[row.channel_id] and (row.channel_id, row.rule) not in still
    ]  # fmt: skip
