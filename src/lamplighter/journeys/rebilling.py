"""Bill again what was billed wrongly: cancel and rebill in the order of days, within the limits, all or nothing.

Started by any fact that changed for days already billed: a read, a multiplier, a rate, an exemption, a discount, a
medical allowance, crossed meters, a back-dated move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lamplighter.accounts.models import Agreement, AgreementPoint
from lamplighter.billing.canonical import Statement
from lamplighter.billing.lines_kept import lines_told
from lamplighter.billing.models import Bill, RebillRequest, Segment
from lamplighter.billing.operations import correcting, issuing
from lamplighter.billing.operations.issuing import BillDraft
from lamplighter.billing.queries.ages import ages_of
from lamplighter.billing.queries.drafts import Occasion, Refused, SegmentDraft, drafts
from lamplighter.billing.queries.policies import policy_on
from lamplighter.billing.rules import BackBilling
from lamplighter.journeys.collecting import money_came
from lamplighter.journeys.notifying import tell_corrected
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.energy import Flow
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger.queries import open_month_for
from lamplighter.metering.models import Channel
from lamplighter.metering.queries import installations_of
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.usage.queries.points import sharing


@dataclass(frozen=True, slots=True)
class Correction:
    """Segments as billed, each with what it would be now, in order of days. Writes nothing yet.

    A segment becomes several where the rate changes inside it now, and none where there was no service on its days.
    `kept` come out the same; those `beyond` the limits would not, and stay as they are.
    """

    agreement: Agreement
    pairs: tuple[tuple[Segment, tuple[SegmentDraft, ...]], ...]
    kept: tuple[Segment, ...]
    beyond: tuple[Segment, ...] = ()

    @property
    def was(self) -> tuple[Segment, ...]:
        return tuple(segment for segment, _ in self.pairs)

    @property
    def now(self) -> tuple[SegmentDraft, ...]:
        return tuple(draft for _, drafted in self.pairs for draft in drafted)

    @property
    def rebills(self) -> dict[int, int]:
        """The place of the first draft that replaces each segment."""
        places, place = {}, 0
        for segment, drafted in self.pairs:
            if drafted:
                places[place] = segment.pk
            place += len(drafted)
        return places

    @property
    def ages(self) -> dict[int, date]:
        """The place of each draft, with the day from which what it replaces ages."""
        old = ages_of(self.was)
        each = [old[segment.pk] for segment, drafted in self.pairs for _ in drafted]
        return dict(enumerate(each))

    @property
    def difference(self) -> Money:
        """What the customer owes more (or, negative, gets back)."""
        return sum((d.total for d in self.now), ZERO) - sum((s.total for s in self.was), ZERO)


def work_out(*, agreement: Agreement, period: Period, policy: BackBilling, today: date) -> Correction:
    """Bill the days again from the first segment that the change touches. Raises CannotBill where a day can't be.

    Later segments follow, on the ratchets and banks of the earlier ones as these come out now; those whose figures come
    out the same are kept. Segments beyond the back-billing or refund limit stay as they are.
    """
    touched = list(
        Segment.objects.filter(agreement=agreement, cancelled_at__isnull=True, period__endswith__gt=period.start)
        .select_related("bill", "agreement__account", "agreement__premise")
        .order_by("period")
    )
    pairs, kept, beyond = [], [], []
    instead: dict[int, Statement] = {}
    for segment in touched:
        drafted = _again(segment, instead)
        change = sum((draft.total for draft in drafted), ZERO) - segment.total
        if len(drafted) == 1 and _same_figures(drafted[0], segment):
            kept.append(segment)
        elif policy.reaches(segment.period.last_day, today=today, difference=change):
            pairs.append((segment, tuple(drafted)))
            instead |= {segment.pk: _joined(drafted)} if drafted else {}
        else:
            beyond.append(segment)
    return Correction(agreement, tuple(pairs), tuple(kept), tuple(beyond))


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
    """Cancel and rebill, with the ages of what is replaced. No bill when nothing changes or too little, and none where
    all is taken back: that stands on the next bill as a correction. Without a `policy`, within the limits that the
    utility has on the day of the correction. What is no longer owed, or is due later now, is not collected any more."""
    advisory_lock(f"account:{agreement.account_id}")
    rules = policy_on(on)
    policy = policy or rules.back
    correction = work_out(agreement=agreement, period=period, policy=policy, today=on)
    if not correction.was or policy.is_small(correction.difference):
        return correction, None
    for segment in correction.was:
        cancelled = accounting_day(segment.bill.issued_on, on)
        correcting.cancel(segment=segment, reason=reason, on=on, accounting_on=cancelled, by=by, at=at)
    if not correction.now:
        money_came(accounts=[agreement.account], on=on, by=by, at=at)
        return correction, None
    draft = BillDraft(
        account=agreement.account,
        kind=Bill.Kind.CORRECTION,
        segments=correction.now,
        issued_on=on,
        due_on=rules.due_on(on),
        ages=correction.ages,
        accounting_on=accounting_day(correction.was[0].bill.issued_on, on),
        rebills=correction.rebills,
    )
    bill = issuing.issue(drafts=[draft], by=by, at=at)[0].bill()
    if agreement.premise:
        tell_corrected(bill=bill, was=correction.was, premise=agreement.premise, reason=reason, by=by, at=at)
    money_came(accounts=[agreement.account], on=on, by=by, at=at)
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
    if bill is None and (not correction.was or policy.is_small(correction.difference)):
        too_old = correction.beyond and not correction.was
        state = RebillRequest.State.TOO_OLD if too_old else RebillRequest.State.SMALL
    correcting.settle_rebill(request=request, state=state, difference=correction.difference, by=by, at=at)
    return bill


@in_transaction
def ask_for_channel(
    *, channel: Channel, period: Period, reason: str, cause: str, by: Actor, at: datetime
) -> list[RebillRequest]:
    """Readings or a multiplier of a channel changed: ask for every agreement that was billed on them; where it counts
    what is sent back, also for those that have a share of it."""
    points = {installation.point_id for installation in installations_of(channel, period=period)}
    uses = AgreementPoint.objects.filter(point__in=points, period__overlap=period).select_related("agreement")
    own = [(use.agreement, shared) for use in uses if (shared := use.period & period) is not None]
    shares = sharing(points, period=period) if channel.flow == Flow.RECEIVED else []
    shared_with = Agreement.objects.in_bulk({pk for pk, _ in shares})
    asked = [
        correcting.ask_rebill(agreement=agreement, period=days, reason=reason, cause=cause, by=by, at=at)
        for agreement, days in (*own, *((shared_with[pk], days) for pk, days in shares))
    ]
    return [request for request in asked if request is not None]


def accounting_day(day: date, today: date) -> date:
    """Corrections keep the accounting period of what they correct, unless its books are closed."""
    return open_month_for(day, today=today)


def _again(segment: Segment, instead: Mapping[int, Statement]) -> list[SegmentDraft]:
    """What the days of a segment come to now, as far as the agreement still runs on them. Raises CannotBill."""
    agreement = segment.agreement
    period = None if agreement.cancelled_at else segment.period & agreement.period
    if period is None:
        return []
    kind = segment.kind
    if period != segment.period:
        kind = Segment.Kind.CLOSING if period.end == agreement.period.end else Segment.Kind.OPENING
    found = []
    for part in drafts([Occasion(agreement, period, kind, segment.month)], instead=instead):
        if isinstance(part, Refused):
            raise part.why
        found.append(part)
    return found


def _joined(drafted: Sequence[SegmentDraft]) -> Statement:
    """What later bills look back at: the banks as the last part leaves them, and the highest of each peak."""
    peaks: dict[str, str] = {}
    for draft in drafted:
        for key, value in draft.statement["peaks"].items():
            peaks[key] = max(peaks.get(key, value), value, key=Decimal)
    return {**drafted[-1].statement, "peaks": peaks}


def _same_figures(draft: SegmentDraft, segment: Segment) -> bool:
    """Equal but for the revision that was read: a later import that changed nothing here. What later bills look back at
    must be equal too: a month whose lines stay the same may leave another credit, and a true-up pays it out."""
    if draft.sha256 == segment.sha256:
        return True
    if draft.occasion.period != segment.period or draft.schedule != segment.schedule or draft.total != segment.total:
        return False
    made, kept = draft.statement, segment.statement
    return lines_told(made) == lines_told(kept) and all(made[part] == kept[part] for part in ("banks", "peaks"))
