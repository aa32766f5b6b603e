"""The households and shops whose stories a guide tells, and what happens to them on which day."""

from __future__ import annotations

from lamplighter.town.plan import Plan, Scene
from lamplighter.town.stories import (
    addresses,
    bills,
    credits,
    debts,
    easing,
    giving,
    openitems,
    payments,
    sharing,
    shutoff,
)


def told_scenes(plan: Plan) -> tuple[Scene, ...]:
    """Those that fall before the day of the city."""
    return tuple(
        one
        for part in (addresses, bills, payments, credits, debts, shutoff, easing, giving, sharing, openitems)
        for one in part.scenes(plan)
        if plan.begins <= one.on < plan.as_of
    )
