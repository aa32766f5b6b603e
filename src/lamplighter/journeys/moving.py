"""Start and stop service: who, where, on which rate, from which day, and what the switch and the reads say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement, AgreementPoint
from lamplighter.accounts.operations import AgreementIn, CannotServe
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.operations.budgeting import end_budgets
from lamplighter.billing.operations.correcting import ask_rebill
from lamplighter.billing.reasons import Why
from lamplighter.journeys.recalling import recall, recall_at
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.instants import midnight
from lamplighter.kernel.periods import Period
from lamplighter.metering import operations as metering
from lamplighter.metering.models import SwitchState
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint
from lamplighter.tariffs.models import Schedule


@dataclass(frozen=True, slots=True)
class Move:
    """What starting service somewhere led to."""

    started: Agreement
    stopped: Agreement | None


@in_transaction
def start_service(
    *,
    account: Account,
    points: tuple[ServicePoint, ...],
    schedule: Schedule,
    on: date,
    by: Actor,
    at: datetime,
    kind: AgreementKind = AgreementKind.ENERGY,
    back_to_back: bool = False,
    switch_on: bool = True,
) -> Move:
    """Start service on a day. With `back_to_back`, whoever has it now stops the same day and the read is shared.
    Without `switch_on`, power comes on by the field order that was raised for it."""
    stopped = _give_way(points, on=on, by=by, at=at) if back_to_back else None
    started = accounts.start_agreement(
        account=account, kind=kind, on=on, by=by, at=at, schedule=schedule, points=points
    )
    for point in points if switch_on else ():
        metering.switch(
            point=point, state=SwitchState.State.ON, at=_midnight(on), reason="start", by=by, recorded_at=at
        )
    recall_at(points=points, by=by, at=at)
    return Move(started, stopped)


@in_transaction
def start_services(*, agreements: Sequence[AgreementIn], by: Actor, at: datetime) -> list[Agreement]:
    """The batch form of starting service at points that nobody has: agreements in order, their points switched on."""
    started = accounts.start_agreements(agreements=agreements, by=by, at=at)
    points = [(point, _midnight(one.on)) for one in agreements for point in one.points]
    metering.switch_on(points=points, reason="start", by=by, recorded_at=at)
    return started


@in_transaction
def stop_service(*, agreement: Agreement, on: date, by: Actor, at: datetime, reason: str = "move-out") -> Agreement:
    """Stop service; `on` is the first day without it. The account's last agreement to stop closes nothing yet:
    the final bill does. What was billed from that day on is asked for again: it is taken back, and the bill into which
    the day falls is closed on it. A truck on its way to turn off whoever has left is called back."""
    advisory_lock(f"account:{agreement.account_id}")
    was = agreement.period
    end_budgets(agreements=[agreement], reason="stopped", on=_day(at), by=by, at=at)
    stopped = accounts.stop_agreement(agreement=agreement, on=on, by=by, at=at, reason=reason)
    if was.open or was.closed_end > on:
        cause = f"stop:{stopped.pk}:{on.isoformat()}"
        ask_rebill(agreement=stopped, period=Period(on, was.end), reason=Why.MOVE, cause=cause, by=by, at=at)
    recall(accounts=[agreement.account_id], by=by, at=at)
    return stopped


def _give_way(points: tuple[ServicePoint, ...], *, on: date, by: Actor, at: datetime) -> Agreement | None:
    sitting = {
        row.agreement
        for row in AgreementPoint.objects.filter(
            point__in=points, use=AgreementPoint.Use.ADD, period__contains=on
        ).select_related("agreement")
    }
    if len(sitting) > 1:
        raise CannotServe("Several accounts have service at these points. Stop them one by one.")
    for agreement in sitting:
        return stop_service(agreement=agreement, on=on, by=by, at=at, reason="back-to-back")
    return None


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()


def _midnight(day: date) -> datetime:
    return midnight(day, ZoneInfo(settings.UTILITY_ZONE))
