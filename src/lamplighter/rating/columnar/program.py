"""Compile a tariff once; price thousands of bills with it, those of one plan together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

import numpy as np

from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, Quantities
from lamplighter.rating.columnar.asking import AskingSource
from lamplighter.rating.columnar.bills import BillSource
from lamplighter.rating.columnar.book import Book
from lamplighter.rating.columnar.cutting import cut
from lamplighter.rating.columnar.evaluation import evaluate
from lamplighter.rating.columnar.groups import ArraySource, Group
from lamplighter.rating.columnar.plan import Plan
from lamplighter.rating.columnar.priced import Place, Priced, PricedGroup
from lamplighter.rating.columnar.refusals import CannotCompile, Refusal
from lamplighter.rating.columnar.scaled import places_of
from lamplighter.rating.columnar.selection import Selection
from lamplighter.rating.columnar.slots import PastSlot, Slot
from lamplighter.rating.columnar.source import Source
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import BillKind, Tariff

# bills with longer quantities than these are priced apart, so that they slow no others down
USUAL_PLACES, USUAL = 6, Decimal(10**9)
BEYOND = "tariff.beyond_columns"
Ready: TypeAlias = tuple[Plan, Selection]


def compile(versions: Tariff | Sequence[Tariff], *, tried: bool = True) -> Program:
    """The columnar calculator of a schedule's versions. Raises CannotCompile, by name, for what it cannot express; some
    of that is told only by the first bill that has it, where it is not `tried` on each season."""
    program = Program(Book((versions,) if isinstance(versions, Tariff) else versions))
    if tried:
        program.try_out()
    return program


class Program:
    """Prices bills on the versions of one schedule; exact to the cent, by other means than `rating.price`."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._plans: dict[tuple[Period, date, BillKind], Ready | Refusal] = {}
        self._alike: dict[Plan, Ready] = {}

    def price(self, bills: Sequence[BillInput], quantities: Sequence[Quantities]) -> Priced:
        """Price bills, each with its own quantities; a bill that cannot be priced is refused and stops no other."""
        assert len(bills) == len(quantities), "quantities for each bill"
        refused: dict[int, Refusal] = {}
        together: dict[tuple[int, bool], tuple[Ready, list[int]]] = {}
        seen: dict[tuple[date, date | None, date | None, BillKind], Ready | Refusal] = {}
        for i, bill in enumerate(bills):
            cut_alike = bill.period.start, bill.period.end, bill.cycle, bill.kind
            ready = seen.get(cut_alike)
            if ready is None:
                ready = seen[cut_alike] = self._ready(bill.period, bill.month, bill.kind)
            if isinstance(ready, Refusal):
                refused[i] = ready
            else:
                key = id(ready), _unusual(quantities[i])
                together.setdefault(key, (ready, []))[1].append(i)
        totals = np.zeros(len(bills), dtype=np.int64)
        places: list[Place | None] = [None] * len(bills)
        for ready, rows in together.values():
            source = BillSource([bills[i] for i in rows], [quantities[i] for i in rows])
            group = _or_refused(self._book, ready, source)
            for row, i in enumerate(rows):
                reason = group if isinstance(group, Refusal) else group.refusal(row)
                if reason is not None:
                    refused[i] = reason
                elif isinstance(group, PricedGroup):
                    places[i] = Place(group, row)
            if isinstance(group, PricedGroup):
                totals[rows] = group.totals
        return Priced(totals, refused, places)

    def price_arrays(self, group: Group) -> PricedGroup:
        """Price bills that are held as arrays. Raises CannotPrice where no bill of the period can be priced."""
        ready = self._ready(group.period, group.month, group.kind)
        if isinstance(ready, Refusal):
            raise CannotPrice(ready.code, ready.message)
        return _priced(self._book, ready, ArraySource(group))

    def asks(
        self, period: Period, cycle: date | None = None, kind: BillKind = BillKind.REGULAR
    ) -> tuple[tuple[Slot, ...], tuple[PastSlot, ...]]:
        """The quantities and past peaks that a group of bills over a period is priced from. Raises CannotPrice."""
        ready = self._ready(period, (cycle or period.last_day).replace(day=1), kind)
        if isinstance(ready, Refusal):
            raise CannotPrice(ready.code, ready.message)
        asking = AskingSource()
        _priced(self._book, ready, asking)
        return tuple(asking.slots), tuple(asking.peaks)

    def try_out(self) -> None:
        """Price an imaginary bill in each season of each version, and where a line begins. Raises CannotCompile."""
        days = sorted({day for version in self._book.versions for day in _occasions(version)})
        tried = {
            id(ready): ready
            for day in days
            for ready in [self._ready(Period(day, day + timedelta(days=1)), day.replace(day=1), BillKind.REGULAR)]
        }
        for ready in tried.values():
            if not isinstance(ready, Refusal):
                _priced(self._book, ready, AskingSource())
            elif ready.code == BEYOND:
                raise CannotCompile(ready.message)

    def _ready(self, period: Period, month: date, kind: BillKind) -> Ready | Refusal:
        key = (period, month, kind)
        if key not in self._plans:
            self._plans[key] = self._prepared(period, month, kind)
        return self._plans[key]

    def _prepared(self, period: Period, month: date, kind: BillKind) -> Ready | Refusal:
        try:
            plan = cut(self._book, period, month, kind)
        except CannotPrice as refusal:
            return Refusal(refusal.code, str(refusal))
        if plan not in self._alike:
            try:
                self._alike[plan] = plan, Selection(self._book, plan)
            except CannotCompile as beyond:  # versions that only together go in a circle
                return Refusal(BEYOND, str(beyond))
        return self._alike[plan]


def _occasions(version: Tariff) -> set[date]:
    """The first day of a version, of each of its seasons, and of each line that begins later."""
    start = version.valid.start
    first = [next((day for day in _year_from(start) if day in season), start) for season in version.seasons]
    begins = [line.valid.start for line in version.lines if line.valid is not None]
    return {day for day in (start, *first, *begins) if day in version.valid}


def _year_from(day: date) -> Iterator[date]:
    return (day + timedelta(days=i) for i in range(366))


def _or_refused(book: Book, ready: Ready, source: Source) -> PricedGroup | Refusal:
    try:
        return _priced(book, ready, source)
    except CannotCompile as beyond:
        return Refusal(BEYOND, str(beyond))


def _priced(book: Book, ready: Ready, source: Source) -> PricedGroup:
    return PricedGroup(*evaluate(book, *ready, source))


def _unusual(quantities: Quantities) -> bool:
    return any(places_of(value) > USUAL_PLACES or abs(value) > USUAL for value in quantities.values())
