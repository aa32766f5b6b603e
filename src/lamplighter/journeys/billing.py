"""Bill a cycle: every account that is due, in batches that stand or fall alone; what cannot be billed is parked.
Bill outside it: who has left, and what a person asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from lamplighter.accounts.models import Account, Agreement
from lamplighter.billing.models import Bill, CycleWindow, Segment
from lamplighter.billing.operations import issuing, parking
from lamplighter.billing.operations.budgeting import level_bills
from lamplighter.billing.operations.issuing import BillDraft, Issued
from lamplighter.billing.queries.drafts import Occasion, Refused, SegmentDraft, drafts
from lamplighter.billing.queries.due import (
    RATED,
    accounts_to_bill,
    month_of,
    occasions,
    occasions_until,
    still_to_bill,
)  # fmt: skip
from lamplighter.billing.queries.policies import policy_on
from lamplighter.billing.rules import CannotBill
from lamplighter.journeys.notifying import tell_bills_ready, told_by_email
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries import open_month_for
from lamplighter.platform.collector import collected_at_the_end
from lamplighter.platform.processes import shared
from lamplighter.platform.transactions import advisory_lock, in_transaction, unit_of_work
from lamplighter.programs.operations.giving import ask_gifts
from lamplighter.programs.operations.sharing import bear_shares
from lamplighter.programs.queries.beside import beside
from lamplighter.usage.operations.estimating import estimate_for_billing
from lamplighter.usage.queries.lacking import Days

BATCH, FEWEST = 1_500, 200  # what a batch takes whatever it holds is some sixty bills
LOCKED = 8_000  # accounts that all processes of a run hold at once; PostgreSQL, as it comes, has room for some 10,000
WORTH_A_PROCESS = 1_500  # accounts for each; a process that is spawned takes as long to begin as billing 2,000
ESTIMABLE = frozenset({"usage.missing", "usage.missing-read"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run, or a batch of it, came to."""

    billed: int = 0
    parked: int = 0
    nothing_due: int = 0
    total: Money = ZERO

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.billed + other.billed,
            self.parked + other.parked,
            self.nothing_due + other.nothing_due,
            self.total + other.total,
        )


def bill_cycle(
    *,
    window: CycleWindow,
    on: date,
    by: Actor,
    at: datetime,
    progress: Callable[[int, int], None] | None = None,
    processes: int = 1,
) -> Outcome:
    """Try every account of the window that has no bill in it yet. Each batch commits by itself: a run that was killed
    goes on where it stopped, and the same run again bills nothing twice. A large run is shared by `processes`."""
    waiting = list(accounts_to_bill(window).order_by("pk").values_list("pk", flat=True))
    outcome = Outcome()
    several = max(1, min(processes, len(waiting) // WORTH_A_PROCESS))
    for one in shared(_Run(window, on, by, at), in_batches(waiting, several), several):
        outcome += one
        if progress:
            progress(outcome.billed + outcome.parked + outcome.nothing_due, len(waiting))
    return outcome


@dataclass(frozen=True, slots=True)
class _Run:
    """A run as a process of its own is told of it; called with a batch, it bills that batch."""

    window: CycleWindow
    on: date
    by: Actor
    at: datetime

    def __call__(self, batch: Sequence[int]) -> Outcome:
        with collected_at_the_end(), unit_of_work(self.by):
            return bill_accounts(accounts=batch, window=self.window, on=self.on, by=self.by, at=self.at)


@in_transaction
def bill_accounts(*, accounts: Sequence[int], window: CycleWindow, on: date, by: Actor, at: datetime) -> Outcome:
    """Bill these accounts of a window, or park them. One account that cannot be billed stops no other."""
    advisory_lock(*(f"account:{account}" for account in accounts))
    due = occasions(still_to_bill(window, accounts), reads_on=window.reads_on, month=window.month)
    made = _drafted(due, window=window, on=on, by=by, at=at)
    by_account, refused = _by_account(made), [part for part in made if isinstance(part, Refused)]
    parked, due_on = {part.occasion.agreement.account_id for part in refused}, policy_on(on).due_on(on)
    bills = [
        _bill_draft(parts, window=window, on=on, due_on=due_on) for pk, parts in by_account.items() if pk not in parked
    ]
    parking.park(window=window, refused=refused, by=by, at=at)
    if window.freeze:
        _issue(bills, on=on, by=by, at=at)
        billed = [s.occasion.agreement for bill in bills for s in bill.segments]
        parking.unpark(window=window, agreements=billed, by=by, at=at)
    else:
        parking.keep_trials(window=window, drafts=bills, at=at)
    total = Money(sum([bill.cents for bill in bills]))
    return Outcome(len(bills), len(by_account) - len(bills), len(accounts) - len(by_account), total)


@in_transaction
def bill_now(*, agreement: Agreement, until: date, on: date, by: Actor, at: datetime, shown: str = "") -> Bill:
    """An off-cycle or final bill of one agreement, up to (not including) `until`. Raises CannotBill, also where it is
    not what a person was `shown` (the `mark_of` its draft)."""
    advisory_lock(f"account:{agreement.account_id}")
    segments = tuple(preview(agreement=agreement, until=until))
    if shown and shown != mark_of(segments):
        raise CannotBill("billing.stale", "Something changed since this was shown, and nothing was billed. Look again.")
    draft = _bill_draft(segments, window=None, on=on, due_on=policy_on(on).due_on(on))
    return _issue([draft], on=on, by=by, at=at)[0].bill()


def leaving(on: date) -> QuerySet[Account]:
    """Accounts whose service has all ended by a day, with days that no bill has."""
    service = Agreement.objects.filter(
        account=OuterRef("pk"), kind__in=RATED, cancelled_at__isnull=True, closed_on__isnull=True
    )
    running = service.filter(Q(period__endswith__isnull=True) | Q(period__endswith__gt=on))
    last = Segment.objects.filter(
        agreement=OuterRef("pk"), cancelled_at__isnull=True, period__endswith=OuterRef("period__endswith")
    )
    unbilled = service.filter(~Exists(last), period__endswith__lte=on)
    return Account.objects.filter(Exists(unbilled), ~Exists(running), closed_on__isnull=True)


@in_transaction
def bill_finals(*, accounts: Sequence[int], on: date, by: Actor, at: datetime) -> int:
    """The final bills of those of these accounts that are `leaving` and whose last days are read; how many. The others
    wait, at the latest for the window of their cycle, which estimates or parks them."""
    advisory_lock(*(f"account:{account}" for account in accounts))
    due: dict[int, list[Occasion]] = {}
    for month, pks in _months(leaving(on).filter(pk__in=accounts)).items():
        due |= occasions(pks, reads_on=on, month=month)
    by_account = _by_account(drafts([occasion for several in due.values() for occasion in several]))
    whole = [parts for parts in by_account.values() if not any(isinstance(part, Refused) for part in parts)]
    due_on = policy_on(on).due_on(on)
    bills = [_bill_draft(parts, window=None, on=on, due_on=due_on) for parts in whole]
    billed = [segment.occasion.agreement for bill in bills for segment in bill.segments]
    parking.unpark(window=None, agreements=billed, by=by, at=at)
    return len(_issue(bills, on=on, by=by, at=at))


def _months(accounts: QuerySet[Account]) -> dict[date, list[int]]:
    """The month of billing of the last days of each account; one question for each cycle and day of leaving."""
    ended = Max("agreements__period__endswith", filter=Q(agreements__kind__in=RATED, agreements__cancelled_at=None))
    months: dict[tuple[str, date], date] = {}
    found: dict[date, list[int]] = {}
    for account in accounts.annotate(ended=ended).order_by("pk"):
        key = (account.cycle_id, account.ended)
        months[key] = months.get(key) or month_of(account, until=account.ended)
        found.setdefault(months[key], []).append(account.pk)
    return found


def _issue(bills: Sequence[BillDraft], *, on: date, by: Actor, at: datetime) -> list[Issued]:
    there = beside(bills, on=on)
    if there.budgets:
        level_bills(bills=bills, on=on, by=by, at=at)
    if there.shares:
        bear_shares(bills=bills, on=on, by=by, at=at)
    if there.gifts:
        ask_gifts(bills=bills, on=on, by=by, at=at)
    issued = issuing.issue(drafts=bills, at=at, by=by)
    by_email = [one.bill() for one in issued if told_by_email(one.draft.account, cents=one.due)]
    tell_bills_ready(bills=by_email, by=by, at=at)
    return issued


def mark_of(segments: Sequence[SegmentDraft]) -> str:
    """Tells these drafts from any others."""
    return hashlib.sha256("".join(segment.sha256 for segment in segments).encode()).hexdigest()


def preview(*, agreement: Agreement, until: date) -> list[SegmentDraft]:
    """What would be billed for an agreement up to `until`. Raises CannotBill."""
    mine = [o for o in occasions_until(agreement.account, until=until) if o.agreement.id == agreement.id]
    if not mine:
        raise CannotBill("billing.nothing-due", "These days are billed already, or service has not begun.")
    found = []
    for part in drafts(mine):
        if isinstance(part, Refused):
            raise part.why
        found.append(part)
    return found


def _drafted(
    due: Mapping[int, Sequence[Occasion]], *, window: CycleWindow, on: date, by: Actor, at: datetime
) -> list[SegmentDraft | Refused]:
    """Drafts and refusals. From the window's estimate date on, what lacks readings is estimated and drafted again."""
    every = [occasion for several in due.values() for occasion in several]
    made = drafts(every)
    if window.estimate_on is None or on < window.estimate_on or not window.freeze:
        return made
    lacking = {p.occasion.agreement.id for p in made if isinstance(p, Refused) and p.why.code in ESTIMABLE}
    again = [occasion for occasion in every if occasion.agreement.id in lacking]
    days = [Days(o.agreement.id, o.agreement.account_id, o.period) for o in again]
    estimate_for_billing(several=days, by=by, at=at)
    return [*(part for part in made if part.occasion.agreement.id not in lacking), *drafts(again)]


def _bill_draft(
    segments: Sequence[SegmentDraft | Refused], *, window: CycleWindow | None, on: date, due_on: date
) -> BillDraft:
    """Without a window it is a bill outside the cycle."""
    ready = tuple([segment for segment in segments if isinstance(segment, SegmentDraft)])
    closing = all(segment.occasion.kind == "closing" for segment in ready)
    return BillDraft(
        account=ready[0].occasion.agreement.account,
        kind=Bill.Kind.FINAL if closing else Bill.Kind.CYCLE if window else Bill.Kind.OFF_CYCLE,
        segments=ready,
        issued_on=on,
        due_on=due_on,
        window=window,
        accounting_on=window.accounting_on if window else open_month_for(on, today=on),
    )


def _by_account(made: Sequence[SegmentDraft | Refused]) -> dict[int, list[SegmentDraft | Refused]]:
    found: dict[int, list[SegmentDraft | Refused]] = {}
    for part in made:
        found.setdefault(part.occasion.agreement.account_id, []).append(part)
    return found


def in_batches(accounts: Sequence[int], several: int) -> Iterator[Sequence[int]]:
    """Smaller ones towards the end where several processes share them, so that none waits long for the last; no crumb
    is left."""
    most, first = min(BATCH, LOCKED // several), 0
    while first < len(accounts):
        left = len(accounts) - first
        size = most if several == 1 else min(most, max(FEWEST, 4 * left // (5 * several)))
        size = min(left, most) if left - size < FEWEST // 2 else size
        yield accounts[first : first + size]
        first += size
