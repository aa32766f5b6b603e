"""Write to customers about their rate: that they will be moved to another, or that another would cost them less."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from lamplighter.journeys.dunning import Letter, write
from lamplighter.kernel.actors import Actor
from lamplighter.notices.rules.fields import Value
from lamplighter.platform.models import Approval
from lamplighter.platform.transactions import in_transaction
from lamplighter.ratestudies.models import Advice, Move, Review
from lamplighter.ratestudies.operations.advice import note_told
from lamplighter.ratestudies.operations.moving import propose_moves
from lamplighter.tariffs.models import Schedule


@in_transaction
def give_notice(
    *, review: Review, moves: Collection[int], effective_on: date, on: date, by: Actor, at: datetime, remark: str = ""
) -> Approval:
    """A letter to each customer, and the moves before a second person. Raises CannotMove."""
    asked = propose_moves(review=review, moves=moves, effective_on=effective_on, by=by, at=at, remark=remark)
    rows = Move.objects.filter(pk__in=moves).select_related("agreement__account", "present_schedule", "schedule")
    for row in rows.order_by("pk"):
        values: dict[str, Value] = {
            "present": named(row.present_schedule), "next": named(row.schedule), "from_day": effective_on,
        }  # fmt: skip
        letter = Letter("rate-move", f"rate-move:{row.pk}", row.agreement.subject, values)
        write(letter, account=row.agreement.account, on=on, by=by, at=at)
    return asked


@in_transaction
def tell_of_better_rates(*, advice: Collection[int], on: date, by: Actor, at: datetime) -> int:
    """A letter to each customer who would pay less on another rate, once for that rate. How many were written to."""
    rows = (
        Advice.objects.filter(pk__in=advice, saving__gt=0, told_at__isnull=True)
        .select_related("agreement__account", "present_schedule", "best_schedule")
        .order_by("pk")
    )
    told = []
    for row in rows:
        values: dict[str, Value] = {
            "present": named(row.present_schedule), "best": named(row.best_schedule), "paid": row.present,
            "would": row.best, "saving": row.saving,
        }  # fmt: skip
        source = f"better-rate:{row.agreement_id}:{row.best_schedule_id}:{row.until}"
        if write(
            Letter("better-rate", source, row.agreement.subject, values), account=row.agreement.account, on=on, by=by,
            at=at,
        ):  # fmt: skip
            told.append(row.pk)
    return note_told(advice=told, by=by, at=at)


def named(schedule: Schedule) -> str:
    return f"{schedule.code} {schedule.name}"
