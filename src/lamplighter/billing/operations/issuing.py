"""Issue drafts: bills, frozen segments, lines, books and events, all or nothing, in a handful of statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from django.db import IntegrityError, connection

from lamplighter.accounts.models import Account
from lamplighter.billing.distribution import code_for
from lamplighter.billing.models import Bill, CycleWindow
from lamplighter.billing.queries.accounts import Standing, standings
from lamplighter.billing.queries.drafts import SegmentDraft
from lamplighter.billing.rules import CannotBill
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.operations import CannotPost, Sums
from lamplighter.platform.copying import NULL, alike, copy_lines, escaped, fields, next_ids
from lamplighter.platform.numbering import next_numbers
from lamplighter.platform.operations.events import record_alike
from lamplighter.platform.transactions import in_transaction
from lamplighter.rating.bill import PricedLine
from lamplighter.rating.tariff import Kind

TWICE = ("no_day_billed_twice", "one_cycle_bill_a_window")


MARK = "SELECT coalesce(max(id), 0) FROM ledger_entry"
ROOM = """
SELECT set_config('work_mem', '32MB', true) WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('32MB')
"""
"""What a batch adds is looked at by triggers in memory: beyond PostgreSQL's own 4 MB it is written to a file first."""
BILLS = (
    "billing_bill (id, number, account_id, previous, received, corrected, charges, due, kind, window_id, issued_on, "
    "due_on, origin, mark, issued_at, issued_by)"
)
SEGMENTS = (
    "billing_segment (id, bill_id, agreement_id, entry_id, rebills_id, period, statement, sha256, kwh, total, kind, "
    "month, schedule, estimated, revision, cancel_reason)"
)
LINES = "billing_billline (segment_id, place, quantity, amount, price, code, label, kind, unit, gl)"
_Posted: TypeAlias = tuple[str, str]
"""A distribution code and a component."""


class BillDraft(NamedTuple):
    """A bill of one account before it is owed. `ages` maps a segment's place to the day from which its charges age,
    where that is not the bill's (a rebill keeps the day of what it replaces); `rebills` to the segment so replaced."""

    account: Account
    kind: str
    segments: tuple[SegmentDraft, ...]
    issued_on: date
    due_on: date
    window: CycleWindow | None = None
    ages: Mapping[int, date] = MappingProxyType({})
    accounting_on: date | None = None
    rebills: Mapping[int, int] = MappingProxyType({})

    @property
    def cents(self) -> int:
        return sum([segment.priced.total.cents for segment in self.segments])

    @property
    def total(self) -> Money:
        return Money(self.cents)


class Issued(NamedTuple):
    """A bill that is owed now; `then` is where its account stood before, `cents` what its segments come to and `due`
    what is owed with them."""

    draft: BillDraft
    pk: int
    number: str
    then: Standing
    cents: int
    due: int
    mark: int
    at: datetime
    by: Actor

    def bill(self) -> Bill:
        """As it is read; of a run's bills only those are made that somebody looks at."""
        draft, then = self.draft, self.then
        return Bill(
            pk=self.pk, number=self.number, account=draft.account, kind=draft.kind, window=draft.window,
            issued_on=draft.issued_on, due_on=draft.due_on, previous=Money(then.previous),
            received=Money(then.received), corrected=Money(then.corrected), charges=Money(self.cents + then.adjusted),
            due=Money(self.due), mark=self.mark, issued_at=self.at, issued_by=self.by,
        )  # fmt: skip


class _Frozen(NamedTuple):
    """A segment on its way into the database: which bill's, its place there and, unless it moves nothing, its entry."""

    bill: int
    place: int
    segment: SegmentDraft
    entry: Sums | None


@in_transaction
def issue(*, drafts: Sequence[BillDraft], at: datetime, by: Actor) -> list[Issued]:
    """Make drafts owed. Raises CannotBill when a day is billed already or the books of its month are closed."""
    if not drafts:
        return []
    numbers, lines = next_numbers("bill", len(drafts)), _Lines()
    with connection.cursor() as cursor:
        bills = next_ids(cursor, "billing_bill", len(drafts))
        ids = next_ids(cursor, "billing_segment", sum([len(draft.segments) for draft in drafts]))
        frozen = _frozen(drafts, numbers, ids, lines)
        try:
            before = standings([draft.account for draft in drafts])
            entries = [one.entry for one in frozen if one.entry]
            posted = iter(ledger.post_sums(entries=entries, kind="bill", at=at, by=by))
            cursor.execute(ROOM)
            cursor.execute(MARK)
            ((mark,),) = cursor.fetchall()
            issued = list[Issued]()
            for draft, pk, number in zip(drafts, bills, numbers, strict=True):
                then, cents = before[draft.account.id], draft.cents
                issued.append(Issued(draft, pk, number, then, cents, then.current + cents, mark, at, by))
            copy_lines(cursor, BILLS, _bills(issued))
            copy_lines(cursor, SEGMENTS, _segments(frozen, ids, issued, posted))
            copy_lines(cursor, LINES, lines.written)
        except CannotPost as refused:
            raise CannotBill("billing.books", str(refused)) from refused
        except IntegrityError as refused:
            raise _refusal(refused) from refused
    record_alike("billing.bill.issued", map(_told, issued), by=by, at=at)
    return issued


def _refusal(refused: IntegrityError) -> Exception:
    if any(name in str(refused) for name in TWICE):
        return CannotBill("billing.twice", "These days were billed already; nothing was billed again.")
    return refused


class _Lines:
    """Lines of bills as they are `written`. How a line is, and where it is posted, is found once for those alike."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self._ways: dict[tuple[str, str], dict[int, tuple[_Posted, str]]] = {}

    def add(self, segment: SegmentDraft, customer_class: str, pk: int) -> dict[_Posted, int]:
        """Write those of a segment of this key; what they come to in cents, as credits."""
        premise = segment.occasion.agreement.premise
        jurisdiction = premise.jurisdiction_id if premise else ""
        ways = self._ways.setdefault((customer_class, jurisdiction), {})
        sums: dict[_Posted, int] = {}
        for place, line in enumerate(segment.priced.lines):
            said = line.said
            if id(said) not in ways:  # the drafts keep it, so that no other takes its id
                ways[id(said)] = _way(line, customer_class, jurisdiction)
            posted, text = ways[id(said)]
            quantity, cents = line.quantity, line.amount.cents
            assert quantity.is_finite(), line
            self.written.append(f"{pk}\t{place}\t{quantity!s}\t{cents}\t{text}")
            sums[posted] = sums.get(posted, 0) - cents
        return sums


def _way(line: PricedLine, customer_class: str, jurisdiction: str) -> tuple[_Posted, str]:
    code = code_for(line, customer_class=customer_class)
    component = jurisdiction if line.kind is Kind.TAX else line.code
    return (code, component), fields(line.price, line.code, line.label[:160], line.kind, line.unit, code)


def _frozen(drafts: Sequence[BillDraft], numbers: Sequence[str], ids: Sequence[int], lines: _Lines) -> list[_Frozen]:
    frozen = list[_Frozen]()
    for bill, (draft, number) in enumerate(zip(drafts, numbers, strict=True)):
        for place, segment in enumerate(draft.segments):
            sums = lines.add(segment, draft.account.customer_class, ids[len(frozen)])
            frozen.append(_Frozen(bill, place, segment, _entry(draft, place, number, sums)))
    return frozen


def _entry(draft: BillDraft, place: int, number: str, sums: Mapping[_Posted, int]) -> Sums | None:
    """The books' side of a segment: the receivable against every line's own distribution code."""
    segment = draft.segments[place]
    agreement, owed = segment.occasion.agreement, segment.priced.total.cents
    if not owed and not any(sums.values()):
        return None
    return Sums(
        f"bill:{number}:{place}", draft.issued_on, draft.accounting_on or draft.issued_on, sums,
        agreement.type.control_code, agreement.subledger_id, owed, draft.ages.get(place, draft.issued_on), "bill",
    )  # fmt: skip


def _bills(issued: Sequence[Issued]) -> list[str]:
    first = issued[0]
    stamp = fields(Bill.Origin.OWN, first.mark, first.at, first.by)
    written = []
    for pk, one, draft, then in ((one.pk, one, one.draft, one.then) for one in issued):
        told = alike(draft.kind, draft.window and draft.window.id, draft.issued_on, draft.due_on)
        money = f"{then.previous}\t{then.received}\t{then.corrected}\t{one.cents + then.adjusted}\t{one.due}"
        written.append(f"{pk}\t{one.number}\t{draft.account.id}\t{money}\t{told}\t{stamp}")
    return written


def _segments(
    frozen: Sequence[_Frozen], ids: Sequence[int], issued: Sequence[Issued], posted: Iterator[int]
) -> list[str]:
    written = []
    for pk, (bill, place, segment, entry) in zip(ids, frozen, strict=True):
        occasion, of = segment.occasion, issued[bill]
        days, kwh, rebills = occasion.period, segment.kwh, of.draft.rebills.get(place)
        told = alike(occasion.kind, occasion.month, segment.schedule, segment.estimated, segment.revision, "")
        assert kwh is None or kwh.is_finite(), kwh
        written.append(
            f"{pk}\t{of.pk}\t{occasion.agreement.id}\t{next(posted) if entry else NULL}\t"
            f"{NULL if rebills is None else rebills}\t[{days.start},{days.closed_end})\t{escaped(segment.canonical)}\t"
            f"{segment.sha256}\t{NULL if kwh is None else str(kwh)}\t{segment.priced.total.cents}\t{told}"
        )
    return written


def _told(issued: Issued) -> tuple[str, int, str]:
    draft, segments = issued.draft, issued.draft.segments
    days = [segment.occasion.period for segment in segments]
    count = (max([d.closed_end for d in days]) - min([d.start for d in days])).days if days else 0
    estimated = "true" if any(segment.estimated for segment in segments) else "false"
    data = (
        f'{{"cents":{issued.cents},"due":{issued.due},"due_on":"{draft.due_on.isoformat()}",'
        f'"kwh":"{sum([segment.kwh or 0 for segment in segments])!s}","days":{count},"estimated":{estimated},'
        f'"kind":"{draft.kind!s}"}}'
    )
    return f"bill:{issued.number}", draft.account.id, data
