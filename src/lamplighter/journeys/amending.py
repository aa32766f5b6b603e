"""A fact turns out to have been otherwise: what the bills become, and exactly that done, by one person or by two.

A multiplier, a rate, a fact of a service, meters that were crossed, shares in a roof; or a change that is known already
and waits to be billed. The draft states the fact, works the bills out and takes all of it back; the issue does the same
and stays, unless the figures are others by then. Facts of meters are never one person's: who runs bills sets
no multiplier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from lamplighter.accounts.models import AccountRole, Agreement
from lamplighter.accounts.operations import CannotServe
from lamplighter.billing.models import Bill, RebillRequest
from lamplighter.billing.queries.policies import policy_on
from lamplighter.billing.rules import CannotBill
from lamplighter.fieldwork.kinds import WRONG_METER
from lamplighter.journeys import changing
from lamplighter.journeys.amendments import (
    Amendment,
    CrossedWere,
    FactWas,
    KnownAlready,
    MultiplierWas,
    RateWas,
    SharesWere,
    in_words,
    read,
    subject_of,
    written,
)
from lamplighter.journeys.rebilling import Correction, settle, work_out
from lamplighter.journeys.sharing import share_out
from lamplighter.kernel.actors import Actor, ActorKind
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.metering.models import Channel, Meter
from lamplighter.metering.operations import CannotInstall
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.queries.limits import within
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.premises.models import ServicePoint
from lamplighter.programs.models import Enrollment
from lamplighter.tariffs.models import Schedule
from lamplighter.worklist.operations import finish_where

APPROVAL = "billing.amendment"
ALONE, BY_ANOTHER = "billing.correct", "adjustments.approve"
SMALL, TOO_OLD = "small", "too-old"
REFUSED = (CannotServe, CannotInstall)


@dataclass(frozen=True, slots=True)
class BillLine:
    """One bill period as it was and as it becomes: `now` in several parts where something changes inside it, in none
    where it is taken back. It `stays` where it lies beyond the limits, or where too little changes."""

    account: str
    period: Period
    was: Money
    now: tuple[Money, ...]
    stays: str = ""

    def kept(self) -> list[Any]:
        """As a proposal keeps it."""
        end = self.period.closed_end.isoformat()
        cents = [one.cents for one in self.now]
        return [self.account, self.period.start.isoformat(), end, self.was.cents, cents, self.stays]

    @classmethod
    def of(cls, kept: Sequence[Any]) -> BillLine:
        account, start, end, was, now, stays = kept
        period = Period(date.fromisoformat(start), date.fromisoformat(end))
        return cls(account, period, Money(was), tuple(Money(cents) for cents in now), stays)


@dataclass(frozen=True, slots=True)
class AmendmentDraft:
    """What the bills of each agreement become. `alone`: the asker may do it without a second person."""

    change: Amendment
    corrections: tuple[Correction, ...]
    small: tuple[bool, ...]
    alone: bool

    @property
    def difference(self) -> Money:
        """What customers owe more, those who get back set against it."""
        return sum((one.difference for one in self.billed), ZERO)

    @property
    def moved(self) -> Money:
        """What changes hands in all: this is held against the limits."""
        return sum((abs(one.difference) for one in self.billed), ZERO)

    @property
    def billed(self) -> tuple[Correction, ...]:
        """Those that change a bill by enough."""
        return tuple(one for one, small in zip(self.corrections, self.small, strict=True) if one.was and not small)

    @property
    def lines(self) -> list[BillLine]:
        """By agreement, in order of days."""
        found = []
        for one, small in zip(self.corrections, self.small, strict=True):
            number = one.agreement.account.number
            rows = [
                BillLine(number, was.period, was.total, tuple(new.total for new in now), SMALL if small else "")
                for was, now in one.pairs
            ]
            rows += [BillLine(number, was.period, was.total, (was.total,), TOO_OLD) for was in one.beyond]
            found += sorted(rows, key=lambda row: row.period.start)
        return found

    @property
    def mark(self) -> str:
        """Tells this change and its figures from any others."""
        return _mark(self)


def draft(change: Amendment, *, on: date, by: Actor, at: datetime) -> AmendmentDraft:
    """Nothing of it stays. Raises CannotBill, CannotServe or CannotInstall where it cannot be done."""
    with transaction.atomic():
        _, made = _worked(change, "", on=on, by=by, at=at)
        transaction.set_rollback(True)
    return made


@in_transaction
def issue(*, change: Amendment, mark: str, remark: str, on: date, by: Actor, at: datetime) -> list[Bill] | Approval:
    """Exactly what was shown as `mark`: at once, or put before a second person. Raises as `draft` does."""
    with transaction.atomic():
        requests, made = _worked(change, remark, on=on, by=by, at=at)
        if made.mark != mark:
            raise _stale()
        if made.alone:
            return _settle_all(requests, on=on, by=by, at=at)
        transaction.set_rollback(True)
    return approvals.ask(
        kind=APPROVAL, subject=subject_of(change), account=_account_of(change, made), amount=made.moved,
        permission=BY_ANOTHER, summary=f"{in_words(change)}: {made.moved} in all", remark=remark, by=by, at=at,
        proposal={"change": written(change), "mark": mark, "lines": [one.kept() for one in made.lines]},
    )  # fmt: skip


@in_transaction
def issue_known(*, request: int, on: date, by: Actor, at: datetime) -> bool:
    """A request to bill again is carried out, unless what it moves is beyond the limit of `by`, or `by` stands on the
    account: then it waits for a person who looks at it. Raises CannotBill where a day can't be billed."""
    with transaction.atomic():
        requests, made = _worked(KnownAlready(request), "", on=on, by=by, at=at)
        people = AccountRole.objects.filter(account__in=[one.agreement.account_id for one in requests])
        own = by.kind is ActorKind.STAFF and people.filter(person__login__username=by.key, period__contains=on).exists()
        if made.alone and not own:
            _settle_all(requests, on=on, by=by, at=at)
            return True
        transaction.set_rollback(True)
    return False


@approvals.on_approval(APPROVAL)
def amendment_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """What was shown to the one who asked, on the day on which it is approved; refused when it is otherwise by then."""
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    words = str(approval.ask_remark or "")
    try:
        requests, made = _worked(read(approval.proposal["change"]), words, on=on, by=by, at=at)
    except REFUSED as refused:
        raise CannotBill("billing.amendment", str(refused)) from refused
    if made.mark != approval.proposal["mark"]:
        raise _stale()
    _settle_all(requests, on=on, by=by, at=at)
    if isinstance(made.change, MultiplierWas):
        meter = Channel.objects.select_related("meter").get(pk=made.change.channel).meter
        finish_where(subjects=[meter.subject], kind=WRONG_METER.key, by=by, at=at)


def _worked(
    change: Amendment, remark: str, *, on: date, by: Actor, at: datetime
) -> tuple[list[RebillRequest], AmendmentDraft]:
    """The fact stated, and what it makes of the bills; the accounts are held until the transaction ends."""
    requests, back = _state(change, remark, by=by, at=at), policy_on(on).back
    advisory_lock(*(f"account:{one.agreement.account_id}" for one in requests))
    found = [work_out(agreement=one.agreement, period=one.period, policy=back, today=on) for one in requests]
    small = tuple(back.is_small(one.difference) for one in found)
    made = AmendmentDraft(change, tuple(found), small, alone=False)
    of_meters = isinstance(change, MultiplierWas | CrossedWere)
    alone = not of_meters and (not made.billed or within(by, ALONE, made.moved, on=on))
    return requests, replace(made, alone=alone)


def _state(change: Amendment, remark: str, *, by: Actor, at: datetime) -> list[RebillRequest]:
    """State the fact; the requests to bill again that follow from it, by agreement."""
    match change:
        case MultiplierWas(channel, factor, period):
            row = Channel.objects.get(pk=channel)
            found = changing.correct_multiplier(channel=row, factor=factor, period=period, by=by, at=at, remark=remark)
        case RateWas(agreement, schedule, start):
            _, found = changing.change_rate(
                agreement=Agreement.objects.get(pk=agreement), schedule=Schedule.objects.get(pk=schedule), on=start,
                by=by, at=at, remark=remark,
            )  # fmt: skip
        case FactWas(agreement, name, value, period):
            _refuse_enrolled(agreement, name, period)
            _, found = changing.state_fact(
                agreement=Agreement.objects.get(pk=agreement), name=name, value=value, period=period, by=by, at=at,
                remark=remark,
            )  # fmt: skip
        case CrossedWere(one, other, since):
            found = changing.uncross(
                one=Meter.objects.get(pk=one), other=Meter.objects.get(pk=other), since=since, by=by, at=at,
                remark=remark,
            )  # fmt: skip
        case SharesWere(point, since, percents):
            _, found = share_out(
                point=ServicePoint.objects.get(pk=point), since=since, percents=_of_agreements(percents), by=by, at=at,
                remark=remark,
            )  # fmt: skip
        case KnownAlready(request):
            account = RebillRequest.objects.values_list("agreement__account", flat=True).get(pk=request)
            advisory_lock(f"account:{account}")  # before the row, as whoever settles it does
            asked = RebillRequest.objects.select_for_update().get(pk=request)
            if asked.state != RebillRequest.State.WAITING:
                raise CannotBill("billing.again", "This was billed again already.")
            found = [asked]
    keys = [one.pk for one in found]
    rows = RebillRequest.objects.filter(pk__in=keys).select_related("agreement__account", "agreement__premise")
    return list(rows.order_by("agreement"))


def _of_agreements(percents: Sequence[tuple[int, Decimal]]) -> dict[Agreement, Decimal]:
    rows = Agreement.objects.select_related("account").in_bulk([pk for pk, _ in percents])
    return {rows[pk]: percent for pk, percent in percents}


def _settle_all(requests: Sequence[RebillRequest], *, on: date, by: Actor, at: datetime) -> list[Bill]:
    bills = [settle(request=one, on=on, by=by, at=at) for one in requests]
    return [bill for bill in bills if bill is not None]


def _refuse_enrolled(agreement: int, name: str, period: Period) -> None:
    """What a program gives is begun and ended as a program, or its list and the bills would tell different things."""
    rows = Enrollment.objects.filter(agreement=agreement, program__fact=name, period__overlap=period)
    enrolled = rows.select_related("program").first()
    if enrolled is not None:
        raise CannotServe(
            f"{enrolled.program.name} runs here as a program from {enrolled.period.start:%b %-d, %Y}. Change it on the"
            " Programs tab, or choose days outside it."
        )


def _mark(made: AmendmentDraft) -> str:
    told = [
        (one.agreement.pk, small, [(was.pk, [(str(new.occasion.period), new.total.cents) for new in now])
                                   for was, now in one.pairs])
        for one, small in zip(made.corrections, made.small, strict=True)
    ]  # fmt: skip
    return sha256(repr((written(made.change), told)).encode()).hexdigest()[:32]


def _stale() -> CannotBill:
    return CannotBill(
        "billing.stale", "Something changed since this was shown, and nothing was billed. Look at it again."
    )


def _account_of(change: Amendment, made: AmendmentDraft) -> int | None:
    """The account that it is about; of crossed meters, and where nothing is billed, there may be none."""
    accounts = {one.agreement.account_id for one in made.corrections}
    if isinstance(change, RateWas | FactWas):
        accounts |= set(Agreement.objects.filter(pk=change.agreement).values_list("account", flat=True))
    return accounts.pop() if len(accounts) == 1 else None
