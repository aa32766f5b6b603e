"""Say who shares what a service point sends back, from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from lamplighter.accounts.models import Agreement, Share, SharePlan
from lamplighter.accounts.operations import CannotServe
from lamplighter.accounts.sharing.queries import WHOLE
from lamplighter.accounts.types import AgreementKind
from lamplighter.kernel.actors import Actor
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint

FINEST = Decimal("0.0001")


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


def _refuse_parts(percents: Mapping[Agreement, Decimal], since: date) -> None:
    for one, part in percents.items():
        if part <= 0 or part != part.quantize(FINEST):
            raise CannotServe(f"{part}% is no share: above nothing, and to four decimals at most.")
        if one.kind != AgreementKind.ENERGY or one.cancelled_at or since not in one.period:
            raise CannotServe(f"Account {one.account.number} has no electric service there on {since:%b %-d, %Y}.")
    whole = sum(percents.values(), Decimal(0))
    if percents and whole != WHOLE:
        raise CannotServe(f"The shares add up to {whole:f}%, not to 100%.")
