"""Choose what each bill is compared with, as things stood when it was issued, and compare them, many at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from lamplighter.billing.models import Bill, Segment
from lamplighter.billing.queries.comparison import Charged, Side, asks_of_then, causes
from lamplighter.billing.queries.comparison_words import Told, in_words, sentence
from lamplighter.billing.queries.reading_tariffs import asked, likeness, texts_of, versions_of
from lamplighter.billing.queries.reading_use import Points
from lamplighter.billing.queries.reading_view import Compared, ComparisonView
from lamplighter.billing.rules import months_before
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.kernel.periods import Period
from lamplighter.rating.attributes import Flag, settle
from lamplighter.rating.bill import Quantities
from lamplighter.rating.determinants import Ask, What
from lamplighter.rating.tariff import Tariff
from lamplighter.usage.measuring import Wanted
from lamplighter.usage.queries.measured import measured

COMPARED_KINDS = frozenset({Bill.Kind.CYCLE, Bill.Kind.OFF_CYCLE, Bill.Kind.FINAL})
REACH_MONTHS = 14


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A segment of the account's history, before its statement is read."""

    id: int
    account: int
    bill: int
    month: date
    period: Period
    cancelled_at: datetime | None
    replaced_on: int | None  # the bill that has its replacement

    def stood_at(self, bill: Bill) -> bool:
        """Whether it was issued before a bill, and not yet taken back when that was issued."""
        if self.bill >= bill.pk:
            return False
        if self.replaced_on is not None:
            return self.replaced_on > bill.pk
        return self.cancelled_at is None or self.cancelled_at > bill.issued_at


@dataclass(frozen=True, slots=True)
class _Pair:
    """A bill and the segments of the earlier time that it is compared with."""

    bill: Bill
    now: tuple[Segment, ...]
    then: tuple[_Earlier, ...]
    last_year: bool


def comparisons(
    bills: Sequence[Bill], segments: Mapping[int, Sequence[Segment]], points: Points, *, year: bool = True
) -> dict[int, ComparisonView]:
    """The comparison of each bill that has one: not corrections, invoices and first bills. With the month of a year
    before where that was billed (not so without `year`), else with the bill before.

    `segments` are those of each bill, `points` those of each agreement. Queries do not grow with the number of
    bills, but with the number of interval revisions of bills whose earlier use must be measured in another way.
    """
    pairs = list(_pairs(bills, segments, year=year))
    if not pairs:
        return {}
    work = _Work(pairs, points)
    return {pair.bill.pk: work.compare(pair) for pair in pairs}


class _Work:
    """Everything that the comparisons share, read once."""

    def __init__(self, pairs: Sequence[_Pair], points: Points) -> None:
        ids = {row.id for pair in pairs for row in pair.then}
        self.segments = Segment.objects.in_bulk(ids)
        self.beside = _beside({row.bill for pair in pairs for row in pair.then})
        every = [*self.segments.values(), *(segment for pair in pairs for segment in pair.now)]
        texts = texts_of(segment.statement for segment in every)
        known: dict[Hashable, tuple[Ask, ...]] = {}
        self.charged = {segment.pk: _charged(segment, texts, known) for segment in every}
        self._measure_again(pairs, points)

    def compare(self, pair: _Pair) -> ComparisonView:
        then = [self.segments[row.id] for row in pair.then]
        sides = (
            _side(then, self.charged, total(self.beside.get(bill, ZERO) for bill in {row.bill for row in pair.then})),
            _side(pair.now, self.charged, pair.bill.charges - total(segment.total for segment in pair.now)),
        )
        found = causes(*sides)
        told = self._told(pair, then, sides)
        change = sides[1].total - sides[0].total
        return ComparisonView(told.now, told.then, pair.last_year, change, in_words(found, told), sentence(found, told))

    def _told(self, pair: _Pair, then: Sequence[Segment], sides: tuple[Side, Side]) -> Told:
        before, after = (self.charged[several[-1].pk] for several in (then, pair.now))
        return Told(
            then=_compared(then, sides[0].total),
            now=_compared(pair.now, sides[1].total),
            last_year=pair.last_year,
            month=f"{pair.now[-1].month:%B}",
            carried=bool(pair.bill.due - pair.bill.charges),
            rates_then=_rates(then),
            rates_now=_rates(pair.now),
            programs=tuple(_programs(before, after)),
            peak_then=_peak(before.quantities),
            peak_now=_peak(after.quantities),
            estimated=any(segment.estimated for segment in (*then, *pair.now)),
            by_hours=any(version.clocks for version in after.versions),
        )

    def _measure_again(self, pairs: Sequence[_Pair], points: Points) -> None:
        """Measure the earlier days for what the later rate asks and the earlier bill did not keep."""
        by_revision: dict[int, list[Wanted]] = {}
        alike: dict[Hashable, tuple[Ask, ...]] = {}
        for pair in pairs:
            now = {segment.agreement_id: segment for segment in pair.now}
            for row in pair.then:
                then = self.segments[row.id]
                after = now.get(then.agreement_id)
                if after is None:
                    continue
                key = (likeness(then.statement), likeness(after.statement))
                if key not in alike:
                    alike[key] = asks_of_then(self.charged[row.id], self.charged[after.pk])
                lacking = tuple(ask for ask in alike[key] if ask not in self.charged[row.id].quantities)
                if lacking:
                    wanted = Wanted(row.id, points[then.agreement_id], then.period, lacking)
                    by_revision.setdefault(after.revision, []).append(wanted)
        for revision, several in by_revision.items():
            for wanted, answer in zip(several, measured(several, as_of=revision or None), strict=True):
                assert isinstance(wanted.key, int)
                kept = self.charged[wanted.key]
                self.charged[wanted.key] = replace(kept, quantities={**kept.quantities, **answer.values})


def _pairs(bills: Sequence[Bill], segments: Mapping[int, Sequence[Segment]], *, year: bool) -> Iterable[_Pair]:
    alike = [bill for bill in bills if bill.kind in COMPARED_KINDS and _priced_here(segments.get(bill.pk, ()))]
    history = _history(alike, segments)
    for bill in alike:
        now = tuple(segments[bill.pk])
        stood = [row for row in history.get(bill.account_id, ()) if row.stood_at(bill)]
        a_year_ago = months_before(max(segment.month for segment in now), 12)
        first = min(segment.period.start for segment in now)
        before = [row for row in stood if row.period.closed_end <= first]
        then = [row for row in stood if row.month == a_year_ago] if year else []
        if not then and before:
            newest = max(before, key=lambda row: (row.period.closed_end, row.id))
            then = [row for row in before if row.month == newest.month]
        if then:
            ordered = tuple(sorted(then, key=lambda row: (row.period.start, row.id)))
            yield _Pair(bill, now, ordered, last_year=then[0].month == a_year_ago)


def _priced_here(segments: Sequence[Segment]) -> bool:
    return bool(segments) and all("determinants" in segment.statement for segment in segments)


def _history(bills: Sequence[Bill], segments: Mapping[int, Sequence[Segment]]) -> dict[int, list[_Earlier]]:
    """The segments of these bills' accounts from fourteen months before; one query."""
    if not bills:
        return {}
    first = months_before(min(segment.month for bill in bills for segment in segments[bill.pk]), REACH_MONTHS)
    rows = Segment.objects.filter(
        agreement__account__in={bill.account_id for bill in bills}, month__gte=first, bill__origin=Bill.Origin.OWN
    ).values_list("id", "agreement__account", "bill", "month", "period", "cancelled_at", "rebilled_by__bill")
    found: dict[int, list[_Earlier]] = {}
    for row in rows:
        found.setdefault(row[1], []).append(_Earlier(*row))
    return found


def _beside(bills: Iterable[int]) -> dict[int, Money]:
    """What these bills charged beside the rate; nothing for corrections, whose charges replace others."""
    rows = Bill.objects.filter(pk__in=set(bills), kind__in=COMPARED_KINDS).values_list("pk", "charges")
    left: dict[int, Money] = dict(rows)
    for bill, amount in Segment.objects.filter(bill__in=left).values_list("bill", "total"):
        left[bill] -= amount
    return left


def _charged(segment: Segment, texts: Mapping[str, Tariff], known: dict[Hashable, tuple[Ask, ...]]) -> Charged:
    versions = versions_of(segment.statement, texts)
    bill, quantities = asked(segment.statement, versions, known)
    return Charged(versions, bill, quantities, segment.total)


def _side(segments: Sequence[Segment], charged: Mapping[int, Charged], beside: Money) -> Side:
    agreements: dict[int, tuple[Charged, ...]] = {}
    for segment in segments:
        agreements[segment.agreement_id] = (*agreements.get(segment.agreement_id, ()), charged[segment.pk])
    return Side(agreements, beside)


def _compared(segments: Sequence[Segment], charges: Money) -> Compared:
    first = min(segment.period.start for segment in segments)
    end = max(segment.period.closed_end for segment in segments)
    metered = [segment.kwh for segment in segments if segment.kwh is not None]
    kwh = sum(metered, Decimal(0)) if metered else None
    return Compared(f"{segments[-1].month:%b %Y}", (end - first).days, kwh, charges)


def _rates(segments: Sequence[Segment]) -> tuple[str, ...]:
    codes = (one["code"] for segment in segments for one in segment.statement["tariffs"] if not one["rider"])
    return tuple(dict.fromkeys(codes))


def _programs(then: Charged, now: Charged) -> Iterable[str]:
    """What changed of the facts that the rate asks for: "Power Assist", "the end of Power Assist"."""
    for attribute in now.versions[-1].attributes:
        before, after = (charged.bill.attributes.get(attribute.name) for charged in (then, now))
        if before != after:
            begun = isinstance(attribute, Flag) and settle((attribute,), now.bill.attributes).get(attribute.name)
            ended = isinstance(attribute, Flag) and not begun
            yield attribute.label if begun else f"{'the end' if ended else 'a change'} of {attribute.label}"


def _peak(quantities: Quantities) -> Decimal | None:
    """The highest demand of all hours."""
    demands = [v for ask, v in quantities.items() if ask.determinant.what is What.KW and not ask.determinant.daily]
    return max(demands, default=None)
