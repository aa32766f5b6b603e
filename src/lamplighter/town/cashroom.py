"""The cash room: drawers go to the bank week by week, its files come back, and three drawers wait this morning, and a
file of the pay stations is in, of which one line waits.

Long ago it went once a month. Of yesterday's bag a check is missing at the bank; Tuan's evening window was $5.00 over,
Lupe's exact, and Dana's drawer is open. A household brought a voucher of Harbor Help, whose money is still to come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Sum

from lamplighter.accounts.models import Account
from lamplighter.journeys.carrying import read_bank_file
from lamplighter.journeys.paying import take_batch
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments import operations as payments
from lamplighter.payments.cash.counting import DENOMINATIONS, Counted
from lamplighter.payments.models import BankAccount, BankDeposit, ReturnedTender, Tender, TenderControl, TenderSource
from lamplighter.payments.operations import EventIn
from lamplighter.payments.operations.counting import count_drawer, explain, verify
from lamplighter.payments.operations.depositing import make_deposit
from lamplighter.payments.queries import expected_in, owed_by_many
from lamplighter.payments.rules import TenderIn
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.bank import Line, bai2, moved
from lamplighter.town.calendar import OFFICE, at, months_after
from lamplighter.town.plan import Plan
from lamplighter.town.remittances import shops_bring
from lamplighter.town.staff import CASHIER, RENEE, SOURCES

WEEKS, ASKED = 4, 300
OVER = Money(500)
CODES = {"transfer": ("165", "ACH SETTLEMENT"), "card": ("168", "CARD SETTLEMENT"), "check": ("115", "LOCKBOX")}
"""What the bank books of tenders that never lay in a drawer: BAI2's code and its words."""


def keep_cash(plan: Plan, ids: Mapping[str, int], *, now: datetime) -> None:
    """Everything up to this morning. `ids` are the accounts by key."""
    yesterday = working_day_before(plan.as_of)
    before = working_day_before(yesterday)
    payers = _payers(ids)
    _evening("drawer-3", before, payers, ("check", "voucher", "check", "cash"), over=ZERO, verified=True)
    bank = _Bank()
    for day in carrying_days(plan.begins, before):
        _carry(day)
        bank.reads(day, None)
    checks = _carry(yesterday)
    _evening("drawer-1", yesterday, payers, ("cash", "cash", "check", "cash"), over=OVER, verified=False)
    _evening("drawer-3", yesterday, payers, ("cash", "cash"), over=ZERO, verified=False)
    bank.reads(yesterday, min(now, at(plan.as_of, 7, 30)), missing=checks)
    shops_bring(payers, yesterday, plan.as_of, now)


def working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while not OFFICE.is_working_day(day):
        day -= timedelta(days=1)
    return day


def carrying_days(begins: date, until: date) -> list[date]:
    """The last working day of each month, and of each week of the last four; `until` is the last."""
    weeks = [until - timedelta(weeks=back) for back in range(WEEKS, -1, -1)]
    months = []
    month = months_after(begins.replace(day=1), 1)
    while month < weeks[0]:
        months.append(month)
        month = months_after(month, 1)
    return sorted({*(working_day_before(day) for day in months), *(working_day_before(d) for d in weeks[:-1]), until})


def _carry(day: date) -> Money:
    """What is balanced by then goes to the bank; a check in it."""
    by_then = TenderControl.objects.filter(
        state=TenderControl.State.BALANCED, source__kind=TenderSource.Kind.DRAWER, deposited__isnull=True,
        opened_at__lt=at(day, 7),
    )  # fmt: skip
    controls = list(by_then.filter(tenders__isnull=False).distinct())
    if not controls:
        return ZERO
    with unit_of_work(CASHIER):
        make_deposit(controls=controls, bag=f"MB-{day:%y%m%d}", on=day, by=CASHIER, at=at(day, 10))
    checks = Tender.objects.filter(control__in=controls, kind=Tender.Kind.CHECK, event__reversal__isnull=True)
    last = checks.order_by("id").last()
    return last.amount if last else ZERO


@dataclass(slots=True)
class _Bank:
    """Our account as the bank has it: its balance, and what it has booked so far of what we took, by code."""

    balance: int = 0
    booked: Counter[str] = field(default_factory=Counter)

    def reads(self, day: date, when: datetime | None, *, missing: Money = ZERO) -> None:
        """The statement of a day is read, the next morning unless said."""
        lines = list(self._lines(day, missing))
        account = BankAccount.objects.get()
        data = bai2(account.number, day, lines, self.balance)
        self.balance += moved(lines)
        with unit_of_work(CASHIER):
            read_bank_file(
                data=data, name=f"first-bay-{day:%Y%m%d}.bai", by=CASHIER, at=when or at(day + timedelta(days=1), 7, 30)
            )

    def _lines(self, day: date, missing: Money) -> Iterator[Line]:
        for bag in BankDeposit.objects.filter(made_on=day):
            yield "175", (bag.cash + bag.checks - missing).cents, f"DEPOSIT BAG {bag.bag}"
        taken = Tender.objects.filter(event__received_on__lt=day).exclude(control__source__kind="drawer")
        for kind, amount in taken.values_list("kind").annotate(Sum("amount")).order_by("kind"):
            if amount.cents > self.booked[kind]:
                code, words = CODES[kind]
                yield code, amount.cents - self.booked[kind], words
                self.booked[kind] = amount.cents
        back = ReturnedTender.objects.filter(reversal__reversed_on__lte=day).aggregate(sum=Sum("tender__amount"))["sum"]
        if back and back.cents > self.booked["returned"]:
            yield "555", back.cents - self.booked["returned"], "DEPOSITED ITEM RETURNED"
            self.booked["returned"] = back.cents


def _payers(ids: Mapping[str, int]) -> Iterator[tuple[Account, Money]]:
    """Households that owe something, each once."""
    homes = [pk for key, pk in sorted(ids.items()) if key.startswith("home-")][:ASKED]
    owed = owed_by_many(homes)
    accounts = Account.objects.in_bulk(homes)
    for pk in homes:
        debt = sum((one.amount for one in owed[pk]), ZERO)
        if debt > OVER:
            yield accounts[pk], debt


def _evening(
    key: str, day: date, payers: Iterator[tuple[Account, Money]], kinds: tuple[str, ...], *, over: Money, verified: bool
) -> None:
    """The late window, after the offices close: opened, some customers, counted, explained."""
    who, source = SOURCES[key].cashier, TenderSource.objects.get(pk=key)
    with unit_of_work(who):
        control = payments.open_control(source=source, by=who, at=at(day, 17, 15))
        events = [
            EventIn((_tender(kind, debt, place),), {account: debt}, at(day, 17, 20 + 7 * place))
            for place, (kind, (account, debt)) in enumerate(zip(kinds, payers, strict=False))
        ]
        take_batch(control=control, events=events, on=day, by=who, at=at(day, 18))
        counted = _counted(control, over)
        count_drawer(control=control, counted=counted, by=who, at=at(day, 18, 10))
        if over:
            _explain(control, who, day)
    if verified:
        with unit_of_work(RENEE):
            verify(control=control, counted=counted, by=RENEE, at=at(day, 18, 20))


def _explain(control: TenderControl, who: Actor, day: date) -> None:
    reason = "A customer left a five on the counter and did not come back for it."
    explain(control=control, reason=reason, on=day, by=who, at=at(day, 18, 12))


def _tender(kind: str, debt: Money, place: int) -> TenderIn:
    papers = {"check": f"{2041 + 117 * place}", "voucher": "HH-1167"}
    return TenderIn(kind, debt, debt, papers.get(kind, ""))


def _counted(control: TenderControl, over: Money) -> Counted:
    """The cash in the fewest bills and coins."""
    held = expected_in(control)
    left, pieces = (held.pop("cash") + over).cents, {}
    for cents in DENOMINATIONS:
        pieces[cents], left = divmod(left, cents)
    return Counted(pieces, held)
