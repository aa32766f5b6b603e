"""Gifts of customers: begun, asked for with a bill, brought to the fund when they are paid, and never a debt.

A gift that is asked for moves only what is asked for now (current): nobody owes it. Paid, the utility owes it (payoff
below zero) until it is brought to the fund; not paid, it is asked for no more: docs/algorithms/funds.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Sum

from lamplighter.accounts import operations as accounts
from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Adjustment, Bill
from lamplighter.billing.operations.issuing import BillDraft
from lamplighter.billing.queries.accounts import standings
from lamplighter.kernel.actors import Actor, system
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.periods import Period
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Posting
from lamplighter.ledger.operations import Draft, Leg
from lamplighter.platform.operations.events import Happening, record, record_many
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.platform.transactions import advisory_lock, in_transaction
from lamplighter.programs.models import AssistanceFund, FundMove, Gift
from lamplighter.programs.queries.funds import donation_agreement, gift_of
from lamplighter.programs.rules.giving import CannotGive, GiftPolicy, Way, asked_with

CODE = "donations"
PROGRAMS = system("programs")


@in_transaction
def begin_gift(
    *, account: Account, fund: AssistanceFund, way: Way, amount: Money, on: date, by: Actor, at: datetime
) -> Gift:
    """From the next bill on; whatever ran before ends. Raises CannotGive."""
    advisory_lock(f"account:{account.pk}")
    if (way is Way.ROUND_UP) != (amount == ZERO) or amount < ZERO:
        raise CannotGive("Enter how much they give. Rounding up says it by itself.")
    largest = policy_in_force(GiftPolicy, on=on).largest
    if amount > largest:
        raise CannotGive(f"With a bill at most {largest} is given. Take a larger gift at the counter.")
    if (before := gift_of(account)) is not None:
        end_gift(gift=before, on=on, by=by, at=at)
    agreement = donation_agreement(account, fund) or accounts.start_agreement(
        account=account, kind=AgreementKind.CHARITY, on=on, by=by, at=at
    )
    made = Gift.objects.create(
        fund=fund, account=account, agreement=agreement, way=way, amount=amount, period=Period(on), begun_at=at,
        begun_by=by,
    )  # fmt: skip
    record(
        "programs.gift.begun", subject=made.subject, account=account.pk, by=by, at=at, fund=fund.name, way=way.value,
        cents=amount.cents,
    )  # fmt: skip
    return made


@in_transaction
def end_gift(*, gift: Gift, on: date, by: Actor, at: datetime) -> Gift:
    """Any day: nothing is asked for any more, and what was and is not paid is taken off. Raises CannotGive."""
    advisory_lock(f"account:{gift.account_id}")
    live = Gift.objects.select_for_update(of=("self",)).select_related("fund", "agreement").get(pk=gift.pk)
    if live.period.end is not None:
        raise CannotGive(f"They give nothing to {live.fund.name} any more.")
    _take_off([live.agreement], on=on, by=by, at=at)
    _close(live, on=on, by=by)
    record("programs.gift.ended", subject=live.subject, account=live.account_id, by=by, at=at, fund=live.fund.name)
    return live


@in_transaction
def ask_gifts(*, bills: Sequence[BillDraft], on: date, by: Actor, at: datetime) -> None:
    """Before bills are issued, and after what they ask for is level: each gift beside them. First, what was paid goes
    to its fund, and what nobody paid is taken off; a last bill asks for nothing. One query where nobody gives."""
    due_of = {bill.account.pk: bill for bill in bills}
    rows = Gift.objects.filter(account__in=list(due_of), period__endswith__isnull=True, period__startswith__lte=on)
    gifts = list(rows.select_for_update(of=("self",)).select_related("agreement", "fund", "account").order_by("pk"))
    if not gifts:
        return
    _bring_paid(gifts, on=on, by=by, at=at)
    _take_off([one.agreement for one in gifts], on=on, by=by, at=at)
    stands = standings([one.account for one in gifts])
    asked: list[_Ask] = []
    for one in gifts:
        bill = due_of[one.account_id]
        if bill.kind == Bill.Kind.FINAL:
            _close(one, on=on, by=PROGRAMS)
            continue
        due = Money(stands[one.account_id].current) + bill.total
        if much := asked_with(Way(one.way), one.amount, due):
            asked.append(_Ask(one.agreement, much, f"Your gift to {one.fund.name}, as you wish"))
            if one.way == Way.ONCE:
                _close(one, on=on, by=PROGRAMS)
    _post(asked, on=on, by=by, at=at)


@in_transaction
def bring_gifts(*, on: date, by: Actor, at: datetime) -> int:
    """What was paid goes to its fund; a gift whose payment came back leaves it again, and is asked for no more. What
    was asked for long ago is taken off. How many moved."""
    gifts = Gift.objects.filter(agreement__in=_unsettled()).select_related("agreement", "fund", "account")
    newest = {one.agreement_id: one for one in gifts.order_by("pk")}
    advisory_lock(*sorted({f"account:{one.account_id}" for one in newest.values()}))
    moved = _bring_paid(list(newest.values()), on=on, by=by, at=at)
    stands = _standing([one.agreement for one in newest.values()])
    last = on - timedelta(days=policy_in_force(GiftPolicy, on=on).asked_days)
    old = [one.agreement for pk, one in newest.items() if stands[pk].current > ZERO and stands[pk].asked_before(last)]
    _take_off(old, on=on, by=by, at=at)
    return moved


@dataclass(frozen=True, slots=True)
class _Ask:
    """How much more, or less, is asked for on a donation, and how the bill says it."""

    agreement: Agreement
    amount: Money
    label: str


@dataclass(frozen=True, slots=True)
class _Stand:
    current: Money = ZERO
    payoff: Money = ZERO
    newest: date | None = None

    def asked_before(self, day: date) -> bool:
        """Whether the last asking is so long ago that nobody will pay it."""
        return self.newest is not None and self.newest < day


def _unsettled() -> Collection[int]:
    """Donations on which something is asked for or was paid; one query."""
    rows = Posting.objects.filter(subledger__agreement__kind=AgreementKind.CHARITY).values("subledger__agreement")
    sums = rows.annotate(current=Sum("current"), payoff=Sum("payoff")).order_by()
    return [int(row["subledger__agreement"]) for row in sums if row["current"] or row["payoff"]]


def _standing(agreements: Iterable[Agreement]) -> dict[int, _Stand]:
    keys = {one.subledger_id: one.pk for one in agreements}
    rows = Posting.objects.filter(subledger__in=keys).values_list("subledger")
    sums = rows.annotate(current=Sum("current"), payoff=Sum("payoff"), newest=Max("owed_on")).order_by()
    found = {keys[row[0]]: _Stand(*row[1:]) for row in sums}
    return {pk: found.get(pk, _Stand()) for pk in keys.values()}


def _bring_paid(gifts: Sequence[Gift], *, on: date, by: Actor, at: datetime) -> int:
    """How many moved."""
    stands = _standing([one.agreement for one in gifts])
    moved = [one for one in gifts if stands[one.agreement_id].payoff]
    for one in moved:
        _bring(one, -stands[one.agreement_id].payoff, on=on, by=by, at=at)
    return len(moved)


def _bring(gift: Gift, paid: Money, *, on: date, by: Actor, at: datetime) -> None:
    """`paid` to the fund, or (negative) back out of it: then what the bank took back is asked for no more either."""
    agreement, fund = gift.agreement, gift.fund
    back = min(paid, ZERO)
    legs = (
        Leg(CODE, paid, agreement.subledger_id, current=back, component="gift"),
        Leg(fund.code_id, -paid, component="gift"),
    )
    times = FundMove.objects.filter(fund=fund, account=gift.account).count()
    entry = ledger.post(draft=Draft(f"gift-to-fund:{agreement.pk}:{times}", "transfer", on, legs), at=at, by=by)
    kind = FundMove.Kind.GIFT if paid > ZERO else FundMove.Kind.RETURNED
    FundMove.objects.create(
        fund=fund, kind=kind, account=gift.account, amount=paid, entry_id=entry, on=on, at=at, by=by
    )
    record(
        "programs.gift.moved", subject=gift.subject, account=gift.account_id, by=by, at=at, fund=fund.name,
        cents=paid.cents,
    )  # fmt: skip


def _take_off(agreements: Sequence[Agreement], *, on: date, by: Actor, at: datetime) -> None:
    stands = _standing(agreements)
    asks = [_Ask(one, -stands[one.pk].current, "A gift that was not given, taken off")
            for one in agreements if stands[one.pk].current > ZERO]  # fmt: skip
    _post(asks, on=on, by=by, at=at)


def _post(asks: Sequence[_Ask], *, on: date, by: Actor, at: datetime) -> None:
    """What is asked for now rises or falls; nothing is owed."""
    if not asks:
        return
    kind = Adjustment.Kind.DONATION
    counted = Adjustment.objects.filter(agreement__in=[one.agreement for one in asks], kind=kind)
    times = dict(counted.values_list("agreement").annotate(count=Count("pk")).order_by())
    drafts = [
        Draft(
            f"gift:{one.agreement.pk}:{times.get(one.agreement.pk, 0)}", "adjustment", on,
            (Leg(CODE, ZERO, one.agreement.subledger_id, current=one.amount,
                 owed_on=on if one.amount > ZERO else None, component="gift"),),
        )
        for one in asks
    ]  # fmt: skip
    posted = ledger.post_many(drafts=drafts, at=at, by=by)
    Adjustment.objects.bulk_create(
        Adjustment(
            agreement=one.agreement, kind=kind, label=one.label, amount=one.amount, effective_on=on, entry_id=entry,
            recorded_at=at, recorded_by=by,
        )
        for one, entry in zip(asks, posted, strict=True)
    )  # fmt: skip
    told = (
        Happening("billing.adjustment.made", one.agreement.subject, one.agreement.account_id,
                  {"kind": kind.value, "label": one.label, "cents": one.amount.cents})
        for one in asks
    )  # fmt: skip
    record_many(told, by=by, at=at)


def _close(gift: Gift, *, on: date, by: Actor) -> None:
    gift.period, gift.ended_by = Period(gift.period.start, max(on, gift.period.start + timedelta(days=1))), by
    gift.save(update_fields=["period", "ended_by"])
