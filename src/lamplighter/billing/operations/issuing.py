"""Issue drafts: bills, frozen segments, lines, books and events, all or nothing, in a handful of statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Max

from lamplighter.accounts.models import Account
from lamplighter.billing.distribution import code_for
from lamplighter.billing.models import Bill, CycleWindow
from lamplighter.billing.queries.accounts import Standing, standings
from lamplighter.billing.queries.drafts import SegmentDraft
from lamplighter.billing.rules import CannotBill
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money, total
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.models import Entry
from lamplighter.ledger.operations import CannotPost, Draft, Leg
from lamplighter.platform.copying import copy_in, next_ids
from lamplighter.platform.numbering import next_numbers
from lamplighter.platform.operations.events import Happening, record_many
from lamplighter.platform.transactions import in_transaction
from lamplighter.rating.tariff import Kind

TWICE = ("no_day_billed_twice", "one_cycle_bill_a_window")


@dataclass(frozen=True, slots=True)
class BillDraft:
    """A bill of one account before it is owed. `ages` maps a segment's place to the day from which its charges age,
    where that is not the bill's (a rebill keeps the day of what it replaces); `rebills` to the segment so replaced."""

    account: Account
    kind: str
    segments: tuple[SegmentDraft, ...]
    issued_on: date
    due_on: date
    window: CycleWindow | None = None
    ages: Mapping[int, date] = field(default_factory=dict)
    accounting_on: date | None = None
    rebills: Mapping[int, int] = field(default_factory=dict)

    @property
    def total(self) -> Money:
        return total(segment.total for segment in self.segments)


@dataclass(frozen=True, slots=True)
class _Frozen:
    """A segment on its way into the database: its bill, its place there and, unless it moves nothing, its entry."""

    draft: BillDraft
    place: int
    number: str
    entry: Draft | None

    @property
    def segment(self) -> SegmentDraft:
        return self.draft.segments[self.place]


@in_transaction
def issue(*, drafts: Sequence[BillDraft], at: datetime, by: Actor) -> list[Bill]:
    """Make drafts owed. Raises CannotBill when a day is billed already or the books of its month are closed."""
    if not drafts:
        return []
    numbers = next_numbers("bill", len(drafts))
    frozen = [
        _Frozen(draft, place, number, _entry(draft, place, number))
        for draft, number in zip(drafts, numbers, strict=True)
        for place in range(len(draft.segments))
    ]
    try:
        before = standings([draft.account for draft in drafts])
        posted = ledger.post_many(drafts=[one.entry for one in frozen if one.entry], at=at, by=by)
        bills = _bills(drafts, numbers, before, at, by)
        with connection.cursor() as cursor:
            _copy_bills(cursor, bills.values())
            ids = _segments(cursor, frozen, bills, iter(posted))
            _lines(cursor, frozen, ids)
    except CannotPost as refused:
        raise CannotBill("billing.books", str(refused)) from refused
    except IntegrityError as refused:
        if any(name in str(refused) for name in TWICE):
            raise CannotBill("billing.twice", "These days were billed already; nothing was billed again.") from refused
        raise
    record_many((_issued(draft, bills[number]) for draft, number in zip(drafts, numbers, strict=True)), by=by, at=at)
    return [bills[number] for number in numbers]


def _entry(draft: BillDraft, place: int, number: str) -> Draft | None:
    """The books' side of a segment: the receivable against every line's own distribution code."""
    segment = draft.segments[place]
    agreement = segment.occasion.agreement
    jurisdiction = agreement.premise.jurisdiction_id if agreement.premise else ""
    sums: dict[tuple[str, str], int] = {}
    for line in segment.priced.lines:
        code = code_for(line, customer_class=draft.account.customer_class)
        key = (code, jurisdiction if line.kind is Kind.TAX else line.code)
        sums[key] = sums.get(key, 0) - line.amount.cents
    legs = [Leg(code, Money(cents), component=component) for (code, component), cents in sums.items() if cents]
    if segment.total:
        code, age = agreement.type.control_code, draft.ages.get(place, draft.issued_on)
        legs.append(Leg(code, segment.total, agreement.subledger_id, owed_on=age, component="bill"))
    if not legs:
        return None
    return Draft(f"bill:{number}:{place}", "bill", draft.issued_on, tuple(legs), draft.accounting_on)


def _bills(
    drafts: Sequence[BillDraft], numbers: Sequence[str], before: Mapping[int, Standing], at: datetime, by: Actor
) -> dict[str, Bill]:
    """`before` is where the accounts stood before the bills' own entries, which the mark includes."""
    mark = Entry.objects.aggregate(mark=Max("id"))["mark"] or 0
    rows = []
    for draft, number in zip(drafts, numbers, strict=True):
        then = before[draft.account.pk]
        rows.append(
            Bill(
                number=number, account=draft.account, kind=draft.kind, window=draft.window,
                issued_on=draft.issued_on, due_on=draft.due_on, previous=then.previous, received=then.received,
                corrected=then.corrected, charges=draft.total + then.adjusted, due=then.current + draft.total,
                mark=mark, issued_at=at, issued_by=by,
            )
        )  # fmt: skip
    return {bill.number: bill for bill in rows}


def _copy_bills(cursor: CursorWrapper, bills: Collection[Bill]) -> None:
    """Write bills, and give them their ids."""
    for bill, pk in zip(bills, next_ids(cursor, "billing_bill", len(bills)), strict=True):
        bill.pk = pk
    copy_in(
        cursor,
        "billing_bill (id, number, account_id, origin, kind, window_id, issued_on, due_on, previous, received, "
        "corrected, charges, due, mark, issued_at, issued_by)",
        (
            (b.pk, b.number, b.account_id, b.origin, b.kind, b.window_id, b.issued_on, b.due_on, b.previous.cents,
             b.received.cents, b.corrected.cents, b.charges.cents, b.due.cents, b.mark, b.issued_at, b.issued_by)
            for b in bills
        ),
    )  # fmt: skip


def _segments(
    cursor: CursorWrapper, frozen: Sequence[_Frozen], bills: Mapping[str, Bill], posted: Iterator[int]
) -> list[int]:
    ids = next_ids(cursor, "billing_segment", len(frozen))
    copy_in(
        cursor,
        "billing_segment (id, bill_id, agreement_id, period, kind, month, schedule, estimated, revision, statement, "
        "sha256, kwh, total, entry_id, rebills_id, cancel_reason)",
        (
            (pk, bills[one.number].pk, segment.occasion.agreement.pk, segment.occasion.period, segment.occasion.kind,
             segment.occasion.month, segment.schedule, segment.estimated, segment.revision, segment.canonical,
             segment.sha256, segment.kwh, segment.total.cents, next(posted) if one.entry else None,
             one.draft.rebills.get(one.place), "")
            for pk, one, segment in ((pk, one, one.segment) for pk, one in zip(ids, frozen, strict=True))
        ),
    )  # fmt: skip
    return ids


def _lines(cursor: CursorWrapper, frozen: Sequence[_Frozen], ids: Sequence[int]) -> None:
    copy_in(
        cursor,
        "billing_billline (segment_id, place, code, label, kind, quantity, unit, price, amount, gl)",
        (
            (pk, place, line.code, line.label[:160], line.kind, line.quantity, line.unit, line.price,
             line.amount.cents, code_for(line, customer_class=one.draft.account.customer_class))
            for pk, one in zip(ids, frozen, strict=True)
            for place, line in enumerate(one.segment.priced.lines)
        ),
    )  # fmt: skip


def _issued(draft: BillDraft, bill: Bill) -> Happening:
    days = [segment.occasion.period for segment in draft.segments]
    data = {
        "cents": draft.total.cents,
        "due": bill.due.cents,
        "due_on": draft.due_on.isoformat(),
        "kwh": str(sum(segment.kwh or 0 for segment in draft.segments)),
        "days": (max(d.closed_end for d in days) - min(d.start for d in days)).days if days else 0,
        "estimated": any(segment.estimated for segment in draft.segments),
        "kind": draft.kind,
    }
    return Happening("billing.bill.issued", bill.subject, draft.account.pk, data)
