"""Share out what a service point sends back (virtual net metering, community solar): plans by their first day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from typing import TypeAlias

from django.db.models import Q

from lamplighter.accounts.models import Agreement, Share, SharePlan
from lamplighter.accounts.operations import CannotServe
from lamplighter.accounts.types import AgreementKind
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint

Plans: TypeAlias = list[tuple[Period, SharePlan]]
WHOLE, FINEST = Decimal(100), Decimal("0.0001")


@in_transaction
def share_out(
    *,
    point: ServicePoint,
    since: date,
    percents: Mapping[Agreement, Decimal],
    by: Actor,
    at: datetime,
    remark: str = "",
) -> SharePlan:
    """From a day on, each agreement has so many percent of what the point sends back; of none, nothing is shared.

    Percentages have four decimals at most and add up to 100. Each service is electric and runs on that day.
    """
    advisory_lock(f"service_point:{point.pk}")
    _refuse_parts(percents, since)
    plan = SharePlan.objects.create(point=point, since=since, recorded_at=at, recorded_by=by)
    Share.objects.bulk_create(Share(plan=plan, agreement=one, percent=part) for one, part in percents.items())
    record(
        "accounts.shares.planned", subject=f"service_point:{point.pk}", by=by, at=at, remark=remark,
        since=since.isoformat(), shares=len(percents),
    )  # fmt: skip
    told = {"since": since.isoformat(), "point": point.pk}
    record_many(
        [Happening("accounts.share.stated", one.subject, account=one.account_id, data=told | {"percent": str(part)})
         for one, part in percents.items()],
        by=by, at=at,
    )  # fmt: skip
    return plan


def plans_of(points: Collection[int], agreements: Collection[int] = ()) -> dict[int, Plans]:
    """The plans of these points, and of those of which these agreements ever had a share, with the days on which each
    counts; by point, in order of days. Queries do not grow with their number."""
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


def _refuse_parts(percents: Mapping[Agreement, Decimal], since: date) -> None:
    for one, part in percents.items():
        if part <= 0 or part != part.quantize(FINEST):
            raise CannotServe(f"{part}% is no share: above nothing, and to four decimals at most.")
        if one.kind != AgreementKind.ENERGY or one.cancelled_at or since not in one.period:
            raise CannotServe(f"Account {one.account.number} has no electric service there on {since:%b %-d, %Y}.")
    whole = sum(percents.values(), Decimal(0))
    if percents and whole != WHOLE:
        raise CannotServe(f"The shares add up to {whole:f}%, not to 100%.")
