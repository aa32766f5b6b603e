"""Who shares what a service point sends back, and on which days."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import TypeAlias

from django.db import connection
from django.db.models import Q

from lamplighter.accounts.models import SharePlan
from lamplighter.kernel.periods import Period

WHOLE = Decimal(100)
"""Percent that the shares of a plan add up to."""
SHARED = """
SELECT WHERE EXISTS (SELECT FROM accounts_shareplan WHERE point_id = ANY(%(points)s::bigint[]))
  OR EXISTS (SELECT FROM accounts_share WHERE agreement_id = ANY(%(agreements)s::bigint[]))
"""
"""Asked first: nearly always nothing is shared."""
Plans: TypeAlias = list[tuple[Period, SharePlan]]


def plans_of(points: Collection[int], agreements: Collection[int] = ()) -> dict[int, Plans]:
    """The plans of these points, and of those of which these agreements ever had a share, with the days on which each
    counts; by point, in order of days. Queries do not grow with their number."""
    with connection.cursor() as cursor:
        cursor.execute(SHARED, {"points": list(points), "agreements": list(agreements)})
        if not cursor.fetchall():
            return {}
    with_them = SharePlan.objects.filter(shares__agreement__in=agreements).values("point")
    rows = SharePlan.objects.filter(Q(point__in=points) | Q(point__in=with_them)).select_related("point__premise")
    found: dict[int, list[SharePlan]] = {}
    for plan in rows.prefetch_related("shares__agreement__account"):
        found.setdefault(plan.point_id, []).append(plan)
    return {point: list(_in_turn(own)) for point, own in found.items()}


def _in_turn(plans: Sequence[SharePlan]) -> Iterator[tuple[Period, SharePlan]]:
    """Of each first day the plan recorded last, up to the next first day."""
    last = list({plan.since: plan for plan in plans}.values())
    for plan, following in zip_longest(last, last[1:]):
        yield Period(plan.since, None if following is None else following.since), plan
