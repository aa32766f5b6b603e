"""Bill again what was billed wrongly: cancel and rebill in the order of days, within the limits, all or nothing.

Started by any fact that changed for days already billed: a read, a multiplier, a rate, an exemption, a discount, a
medical allowance, crossed meters, a back-dated move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.accounts.models import Agreement, AgreementPoint
from lamplighter.billing.models import Bill, RebillRequest, Segment
from lamplighter.billing.operations import correcting, issuing
from lamplighter.billing.operations.issuing import BillDraft
from lamplighter.billing.queries.drafts import Occasion, Refused, SegmentDraft, drafts
from lamplighter.billing.queries.policies import policy_on
from lamplighter.billing.rules import BackBilling, CannotBill
from lamplighter.billing.statement import Statement
from lamplighter.journeys.notifying import tell_corrected
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import open_month_for
from lamplighter.metering.models import Channel
from lamplighter.metering.queries import installations_of
from lamplighter.platform.transactions import advisory_lock, in_transaction


@dataclass(frozen=True, slots=True)
class Correction:
    """Segments as billed and as they would be now, in order of days. Writes nothing yet."""

    agreement: Agreement
    was: tuple[Segment, ...]
    now: tuple[SegmentDraft, ...]
    kept: tuple[Segment, ...]

    @property
    def difference(self) -> Money:
        """What the customer owes more (or, negative, gets back)."""
        return sum((d.total for d in self.now), ZERO) - sum((s.total for s in self.was), ZERO)


def work_out(*, agreement: Agreement, period: Period, policy: BackBilling, today: date) -> Correction:
    """Bill the days again from the first segment that the change touches. Raises CannotBill where a day can't be.

    Later segments follow, on the ratchets and banks of the earlier ones as these come out now; those whose figures come
    out the same are kept. Segments beyond the back-billing or refund limit are kept too.
    """
    touched = list(
        Segment.objects.filter(agreement=agreement, cancelled_at__isnull=True, period__endswith__gt=period.start)
        .select_related("bill", "agreement__account", "agreement__premise")
        .order_by("period")
    )
    was, now, kept = [], [], []
    instead: dict[int, Statement] = {}
    for segment in touched:
        draft = _again(segment, instead)
        change = draft.total - segment.total
        if draft.sha256 == segment.sha256 or _same_figures(draft, segment):
            kept.append(segment)
        elif policy.reaches(segment.period.last_day, today=today, difference=change):
            was.append(segment)
            now.append(draft)
            instead[segment.pk] = draft.statement
        else:
            kept.append(segment)
    return Correction(agreement, tuple(was), tuple(now), tuple(kept))


@in_transaction
def correct(
    *,
    agreement: Agreement,
    period: Period,
    reason: str,
    on: date,
    by: Actor,
    at: datetime,
    policy: BackBilling | None = None,
) -> tuple[Correction, Bill | None]:
    """Cancel and rebill, with the ages of what is replaced. No bill when nothing changes, or too little. Without a
    `policy`, within the limits that the utility has on the day of the correction."""
    advisory_lock(f"account:{agreement.account_id}")
    rules = policy_on(on)
    policy = policy or rules.back
    correction = work_out(agreement=agreement, period=period, policy=policy, today=on)
    if not correction.was or policy.is_small(correction.difference):
        return correction, None
    for segment in correction.was:
        cancelled = accounting_day(segment.bill.issued_on, on)
        correcting.cancel(segment=segment, reason=reason, on=on, accounting_on=cancelled, by=by, at=at)
    draft = BillDraft(
        account=agreement.account,
        kind=Bill.Kind.CORRECTION,
        segments=correction.now,
        issued_on=on,
        due_on=rules.due_on(on),
        owed_on=correction.was[0].bill.issued_on,
        accounting_on=accounting_day(correction.was[0].bill.issued_on, on),
        rebills={place: segment.pk for place, segment in enumerate(correction.was)},
    )
    (bill,) = issuing.issue(drafts=[draft], by=by, at=at)
    if agreement.premise:
        tell_corrected(bill=bill, was=correction.was, premise=agreement.premise, reason=reason, by=by, at=at)
    return correction, bill


@in_transaction
def settle(
    *, request: RebillRequest, on: date, by: Actor, at: datetime, policy: BackBilling | None = None
) -> Bill | None:
    """Carry out a request as `correct` does, and say what became of it."""
    policy = policy or policy_on(on).back
    correction, bill = correct(
        agreement=request.agreement, period=request.period, reason=request.reason, policy=policy, on=on, by=by, at=at
    )
    state = RebillRequest.State.DONE
    if bill is None:
        state = RebillRequest.State.TOO_OLD if _all_too_old(correction, policy, on) else RebillRequest.State.SMALL
    correcting.settle_rebill(request=request, state=state, difference=correction.difference, by=by, at=at)
    return bill


@in_transaction
def ask_for_channel(
    *, channel: Channel, period: Period, reason: str, cause: str, by: Actor, at: datetime
) -> list[RebillRequest]:
    """Readings or a multiplier of a channel changed: ask for every agreement that was billed on them."""
    points = {installation.point_id for installation in installations_of(channel, period=period)}
    uses = AgreementPoint.objects.filter(point__in=points, period__overlap=period).select_related("agreement")
    asked = [
        correcting.ask_rebill(agreement=use.agreement, period=shared, reason=reason, cause=cause, by=by, at=at)
        for use in uses
        if (shared := use.period & period) is not None
    ]
    return [request for request in asked if request is not None]


def accounting_day(day: date, today: date) -> date:
    """Corrections keep the accounting period of what they correct, unless its books are closed."""
    return open_month_for(day, today=today)


def _again(segment: Segment, instead: Mapping[int, Statement]) -> SegmentDraft:
    occasion = Occasion(segment.agreement, segment.period, segment.kind, segment.month)
    (made,) = _one(drafts([occasion], instead=instead))
    return made


def _one(made: Sequence[SegmentDraft | Refused]) -> list[SegmentDraft]:
    found = []
    for part in made:
        if isinstance(part, Refused):
            raise part.why
        found.append(part)
    if len(found) != 1:
        raise CannotBill("billing.rate-split", "The rate now changes inside this bill. Cancel it and bill it anew.")
    return found


def _same_figures(draft: SegmentDraft, segment: Segment) -> bool:
    """Equal but for the revision that was read: a later import that changed nothing here."""
    return bool(draft.statement["lines"] == segment.statement["lines"]) and draft.total == segment.total


def _all_too_old(correction: Correction, policy: BackBilling, on: date) -> bool:
    return not correction.was and any(
        not policy.reaches(s.period.last_day, today=on, difference=Money(1)) for s in correction.kept
    )
