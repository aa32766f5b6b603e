"""Post balanced entries, one or many thousand; reverse one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, connection
from django.db.backends.utils import CursorWrapper

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger.chart import chart
from lamplighter.ledger.models import Code, Entry, Posting, Subledger
from lamplighter.ledger.rules import MATCH
from lamplighter.platform.copying import alike, copy_in, copy_lines, escaped, fields, next_ids
from lamplighter.platform.transactions import in_transaction

ENTRIES_OF_A_RUN = "ledger_entry (id, source, effective_on, accounting_on, legs, kind, posted_at, posted_by)"
POSTINGS_OF_A_RUN = "ledger_posting (entry_id, code_id, component, payoff, current, subledger_id, owed_on)"


class CannotPost(Exception):
    """The books refuse an entry; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry. `current=None`: the sub-ledger's current balance moves as its payoff does."""

    code: str
    payoff: Money
    subledger: int | None = None
    current: Money | None = None
    owed_on: date | None = None
    component: str = ""

    @property
    def current_cents(self) -> int:
        if self.subledger is None:
            assert not self.current, "only a sub-ledger has a current balance"
            return 0
        return (self.payoff if self.current is None else self.current).cents


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it is posted. `accounting_on` is the day of the books, `effective_on` unless said."""

    source: str
    kind: str
    effective_on: date
    legs: tuple[Leg, ...]
    accounting_on: date | None = None
    reverses: int | None = None

    def __post_init__(self) -> None:
        assert self.legs, "an entry has legs"
        assert total(leg.payoff for leg in self.legs) == ZERO, f"{self.source} does not balance: {self.legs}"


class Sums(NamedTuple):
    """An entry of a run, in whole cents: so much `owed` on one sub-ledger, of its `control` code, against what codes
    and their components come to. None of either need move."""

    source: str
    effective_on: date
    accounting_on: date
    sums: Mapping[tuple[str, str], int]
    control: str
    subledger: int
    owed: int
    owed_on: date
    component: str


Watcher = Callable[[Collection[int], date, Actor, datetime], object]
_watchers: list[Watcher] = []


def on_posting(watcher: Watcher) -> Watcher:
    """Have the sub-ledgers that entries moved told, in the same transaction: by whichever way they were posted."""
    _watchers.append(watcher)
    return watcher


@in_transaction
def post(*, draft: Draft, at: datetime, by: Actor) -> int:
    """Post one entry; its id. Posting the same source twice is refused, as is a closed month."""
    return post_many(drafts=[draft], at=at, by=by)[0]


@in_transaction
def post_many(*, drafts: Sequence[Draft], at: datetime, by: Actor, drawn: Sequence[int] | None = None) -> list[int]:
    """Post entries by COPY, all or none; their ids in order, which may have been `drawn` from the table's sequence
    with other ones. Three statements whatever the number."""
    if not drafts:
        return []
    with connection.cursor() as cursor:
        ids = next_ids(cursor, "ledger_entry", len(drafts)) if drawn is None else list(drawn)
        try:
            with connection.wrap_database_errors:  # COPY goes past Django's own wrapping
                _copy(cursor, ids, drafts, at, by)
        except IntegrityError as refused:
            raise refusal(refused) from refused
    told = [draft for draft in drafts if not draft.kind.startswith(MATCH)]
    moved = {leg.subledger for draft in told for leg in draft.legs if leg.subledger is not None}
    _tell(moved, [draft.accounting_on or draft.effective_on for draft in told], by, at)
    return ids


@in_transaction
def post_sums(*, entries: Sequence[Sums], kind: str, at: datetime, by: Actor) -> list[int]:
    """`post_many` for the entries of a run, which are of one kind and of like legs."""
    if not entries:
        return []
    for one in entries:
        assert one.owed + sum(one.sums.values()) == 0, f"{one.source} does not balance: {one}"
    stamp = fields(kind, at, by)
    with connection.cursor() as cursor:
        ids = next_ids(cursor, "ledger_entry", len(entries))
        written, postings = list[str](), list[str]()
        for entry, one in zip(ids, entries, strict=True):
            legs = [f"{entry}\t{alike(*key)}\t{cents}\t0\t\\N\t\\N" for key, cents in one.sums.items() if cents]
            if one.owed:
                owed = alike(one.control, one.component)
                legs.append(f"{entry}\t{owed}\t{one.owed}\t{one.owed}\t{one.subledger}\t{one.owed_on}")
            assert legs, f"{one.source} has legs"
            days = alike(one.effective_on, one.accounting_on)
            written.append(f"{entry}\t{escaped(one.source)}\t{days}\t{len(legs)}\t{stamp}")
            postings += legs
        try:
            copy_lines(cursor, ENTRIES_OF_A_RUN, written)
            copy_lines(cursor, POSTINGS_OF_A_RUN, postings)
        except IntegrityError as refused:
            raise refusal(refused) from refused
    _tell({one.subledger for one in entries if one.owed}, {one.accounting_on for one in entries}, by, at)
    return ids


@in_transaction
def reverse(*, entry: Entry, source: str, effective_on: date, accounting_on: date, at: datetime, by: Actor) -> int:
    """The opposite of an entry, once. Ages are repeated, so that debts come back, or go, at their own age."""
    legs = tuple(
        Leg(p.code_id, -p.payoff, p.subledger_id, -p.current if p.subledger_id else None, p.owed_on, p.component)
        for p in Posting.objects.filter(entry=entry).order_by("id")
    )
    draft = Draft(source, f"{entry.kind}-reversal", effective_on, legs, accounting_on, reverses=entry.pk)
    return post(draft=draft, at=at, by=by)


@in_transaction
def open_subledgers(*, code: str, count: int = 1) -> list[Subledger]:
    return Subledger.objects.bulk_create(Subledger(code_id=code) for _ in range(count))


@in_transaction
def define_codes(codes: Iterable[Code]) -> None:
    """Set up the chart of accounts; a code that exists takes the new name and number, never another kind."""
    wanted = {code.key: code for code in codes}
    there = Code.objects.select_for_update().in_bulk(list(wanted))
    for key, found in there.items():
        code = wanted[key]
        if (found.kind, found.control) != (code.kind, code.control):
            raise CannotPost(f"Code {key} has postings as {found.kind}; give {code.name} a code of its own.")
    Code.objects.bulk_create(code for key, code in wanted.items() if key not in there)
    for key, found in there.items():
        code = wanted[key]
        if (found.number, found.name, found.fund) != (code.number, code.name, code.fund):
            code.save(force_update=True)


@in_transaction
def complete_chart() -> None:
    """Add the codes that a new version of the program posts to, where books have begun; none is changed."""
    there = set(Code.objects.values_list("key", flat=True))
    if there:
        define_codes(code for code in chart() if code.key not in there)


def _copy(cursor: CursorWrapper, ids: list[int], drafts: Sequence[Draft], at: datetime, by: Actor) -> None:
    moving = [_moving(draft) for draft in drafts]
    copy_in(
        cursor,
        "ledger_entry (id, source, kind, effective_on, accounting_on, posted_at, posted_by, legs, reverses_id)",
        (
            (entry, draft.source, draft.kind, draft.effective_on, draft.accounting_on or draft.effective_on, at, by,
             len(legs), draft.reverses)
            for entry, draft, legs in zip(ids, drafts, moving, strict=True)
        ),
    )  # fmt: skip
    copy_in(
        cursor,
        "ledger_posting (entry_id, code_id, subledger_id, payoff, current, owed_on, component)",
        (
            (entry, leg.code, leg.subledger, leg.payoff.cents, leg.current_cents, leg.owed_on, leg.component)
            for entry, legs in zip(ids, moving, strict=True)
            for leg in legs
        ),
    )


def _tell(moved: Collection[int], days: Iterable[date], by: Actor, at: datetime) -> None:
    if moved:
        newest = max(days)
        for watcher in _watchers:
            watcher(moved, newest, by, at)


def _moving(draft: Draft) -> tuple[Leg, ...]:
    return tuple(leg for leg in draft.legs if leg.payoff or leg.current_cents)


def refusal(refused: IntegrityError) -> CannotPost:
    """What the database refused about entries, in words; for entries that are written together with other rows."""
    text = str(refused).splitlines()[0]
    if "ledger_entry_source" in text:
        return CannotPost("This was already posted; nothing was posted again.")
    if "reverses_id" in text:
        return CannotPost("This entry was already reversed.")
    return CannotPost(text[:1].upper() + text[1:])
