"""Worked bills inside a tariff file: read them, and work them to see whether the tariff says what its sources say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.findings import Finding, Place
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, PastBill, PricedBill
from lamplighter.rating.determinants import Ask, Band, Determinant
from lamplighter.rating.exact import decimal, plain
from lamplighter.rating.files.lines import citation
from lamplighter.rating.files.tables import Table
from lamplighter.rating.needs import to_record
from lamplighter.rating.price import gathered, price
from lamplighter.rating.refusals import CannotPrice
from lamplighter.rating.tariff import BillKind, Expected, Rounding, RoundingRule, Tariff, WorkedBill


def worked_bill(table: Table) -> WorkedBill:
    """One `[[bill]]`: inputs, and expected lines and totals."""
    first, end = table.day("from", needed=True), table.day("to", needed=True)
    period = Period(first or date.min, end or date.max) if first is None or end is None or first < end else None
    if period is None:
        table.wrong("to", f"The bill ends on {end}, before it begins.", "to is the first day that is not billed.")
        period = Period(date.min, date.max)
    used = [(period, _used(table))]
    used += [(_part(part, period), _used(part)) for part in table.tables("part")]
    expected = table.table("lines")
    found = WorkedBill(
        table.text("name"),
        period,
        tuple(used),
        _attributes(table),
        table.day("cycle"),
        table.word("kind", BillKind, BillKind.REGULAR),
        _past(table),
        table.day("since"),
        _numbers(table, "banks"),
        table.truth("settles"),
        () if expected is None else tuple(Expected(code, expected.number(code)) for code in expected.values),
        table.number("exact_total") if "exact_total" in table else None,
        _money(table, "total_once"),
        _money(table, "total_each_line"),
        citation(table),
    )
    table.close()
    return found


def verify(tariff: Tariff, file: str = "", base: Tariff | None = None) -> tuple[Finding, ...]:
    """Work the tariff's own bills; a finding for each figure that comes out otherwise.

    A rider's bills are worked on top of `base`.
    """
    return tuple(
        Finding("tariff.bill", f"“{bill.name}”: {message}", place=Place(file, field=bill.name))
        for bill in tariff.bills
        for message in _faults(base or tariff, bill)
    )


def work(tariff: Tariff, bill: WorkedBill) -> PricedBill:
    """Price a worked bill on a tariff."""
    peaks = [PastBill(month.replace(day=1), {own.key: kw for own in to_record(tariff)}) for month, kw in bill.past]
    given = BillInput(
        bill.period,
        dict(bill.attributes),
        bill.cycle,
        bill.kind,
        tuple(peaks),
        bill.since,
        dict(bill.banks),
        settles=bill.settles,
    )
    return price(tariff, given, gathered(tariff, given, lambda asked: {ask: _quantity(ask, bill) for ask in asked}))


def name_of(determinant: Determinant) -> str:
    """How a worked bill names a quantity: `kWh`, `kWh received`, `kWh peak`, `kW peak`, `kWh peak from 100 to 250`."""
    flow = "" if determinant.flow is Flow.DELIVERED else str(determinant.flow)
    parts = (str(determinant.what), flow, "+".join(determinant.periods), _step(determinant.band))
    return " ".join(part for part in parts if part)


def _step(band: Band | None) -> str:
    """Of tiers in order of time, the one whose kWh are meant."""
    if band is None:
        return ""
    return f"from {plain(band.lower)}" + ("" if band.upper is None else f" to {plain(band.upper)}")


def _faults(tariff: Tariff, bill: WorkedBill) -> Iterator[str]:
    try:
        priced = work(tariff, bill)
    except CannotPrice as refusal:
        yield str(refusal)
        return
    for expected in bill.lines:
        exact = decimal(sum((Fraction(row.exact) for row in priced.line(expected.code)), Fraction(0)))
        if tariff.line(expected.code) is None:
            yield f"the tariff has no line “{expected.code}”."
        elif exact != expected.exact:
            yield f"{expected.code} comes to {exact}, expected {expected.exact}."
    if bill.exact_total is not None and priced.exact != bill.exact_total:
        yield f"the total comes to {priced.exact} before rounding, expected {bill.exact_total}."
    for rule, wanted in ((RoundingRule.ONCE, bill.total_once), (RoundingRule.EACH_LINE, bill.total_each_line)):
        rounded = work(replace(tariff, rounding=Rounding(rule, stated=False)), bill).total
        if wanted is not None and rounded != wanted:
            yield f"rounded {rule}, the total is {rounded}, expected {wanted}."


def _quantity(ask: Ask, bill: WorkedBill) -> Decimal:
    """What the bill says was used; of a part that it does not tell, by average daily use."""
    for period, used in reversed(bill.used):
        if period == ask.period:
            found = _named(ask.determinant, dict(used))
            if found is not None:
                return _of_season(found, ask)
    whole = _named(ask.determinant, dict(bill.used[0][1]))
    if whole is None:
        raise CannotPrice("bill.used", f"The bill does not tell {name_of(ask.determinant)}.")
    share = Fraction(ask.period.days, bill.period.days) if ask.determinant.what.adds_up else Fraction(1)
    return _of_season(decimal(Fraction(whole) * share), ask)


def _of_season(value: Decimal, ask: Ask) -> Decimal:
    season = ask.determinant.season
    if season is None or not ask.determinant.what.adds_up:
        return value
    return decimal(Fraction(value) * sum(day in season for day in ask.period) / ask.period.days)


def _named(determinant: Determinant, used: Mapping[str, Decimal]) -> Decimal | None:
    """By its name; all hours as the sum (of demand: the highest) of the TOU periods told."""
    name = name_of(determinant)
    if name in used or determinant.band is not None:
        return used.get(name)
    parts = [
        value for key, value in used.items() if key.startswith(f"{name} ") and key.count(" ") == name.count(" ") + 1
    ]
    if determinant.periods or not parts:
        clock = determinant.clock
        every = clock is not None and set(determinant.periods) == set(clock.names)
        return used.get(str(determinant.what)) if every else None
    return sum(parts, Decimal(0)) if determinant.what.adds_up else max(parts)


def _used(table: Table) -> tuple[tuple[str, Decimal], ...]:
    """`used = { kWh = 744 }` or `used.kWh = { peak = 100, off = 644 }`."""
    inner = table.table("used")
    if inner is None:
        return ()
    found: list[tuple[str, Decimal]] = []
    for name, value in inner.values.items():
        if isinstance(value, Mapping):
            parts = Table(value, (*inner.path, name), inner.notes)
            found += [(f"{name} {part}", parts.number(part)) for part in value]
        else:
            found.append((name, inner.number(name)))
    return tuple(found)


def _part(table: Table, whole: Period) -> Period:
    first, end = table.day("from", needed=True), table.day("to", needed=True)
    table.raw("used")
    table.close()
    return Period(first, end) if first is not None and end is not None and first < end else whole


def _attributes(table: Table) -> tuple[tuple[str, str], ...]:
    inner = table.table("attributes")
    if inner is None:
        return ()
    return tuple((name, _word(value)) for name, value in inner.values.items())


def _word(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _past(table: Table) -> tuple[tuple[date, Decimal], ...]:
    found = []
    for inner in table.tables("past"):
        found.append((inner.day("month", needed=True) or date.min, inner.number("kW")))
        inner.close()
    return tuple(found)


def _numbers(table: Table, name: str) -> tuple[tuple[str, Decimal], ...]:
    inner = table.table(name)
    return () if inner is None else tuple((key, inner.number(key)) for key in inner.values)


def _money(table: Table, name: str) -> Money | None:
    if name not in table:
        return None
    try:
        return Money.exactly(table.number(name))
    except ValueError:
        table.wrong(name, f"{table.number(name)} is not a whole number of cents.")
        return None
