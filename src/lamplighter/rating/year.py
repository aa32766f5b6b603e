"""Price a run of bills on one load: each month measured, then priced with the peaks of the months before it.

A synthetic year may be cyclic, as SAM and REopt take it: January looks back at the December of the same year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, PastBill, PricedBill
from lamplighter.rating.determinants import AS_METERED, Ask, Determinant, What
from lamplighter.rating.load import Load
from lamplighter.rating.measure import Measurement, measure
from lamplighter.rating.needs import needed, of_line, to_keep
from lamplighter.rating.price import gathered, price
from lamplighter.rating.refusals import CannotMeasure, CannotPrice
from lamplighter.rating.tariff import BillKind, Tariff

DELIVERED = Determinant(What.KWH)
PEAK = Determinant(What.KW, window=AS_METERED)


@dataclass(frozen=True, slots=True)
class BilledMonth:
    """A bill with the energy delivered and the highest mean of a meter interval, as metered."""

    bill: PricedBill
    kwh: Decimal
    peak_kw: Decimal


@dataclass(frozen=True, slots=True)
class Year:
    """`coarse`: a demand window was shorter than the meter's interval, whose mean stands for the peak."""

    months: tuple[BilledMonth, ...]
    coarse: bool


def price_months(
    versions: Sequence[Tariff],
    load: Load,
    periods: Sequence[Period],
    attributes: Mapping[str, object],
    *,
    kinds: Sequence[BillKind] = (),
    cyclic: bool = False,
) -> Year:
    """Price a load over periods, one bill each, in order of time.

    `kinds` tells opening and closing bills. Ratchets look back no further than the first period, unless the year is
    cyclic. Banks of credit are carried on from bill to bill. Raises CannotPrice or CannotMeasure by name.
    """
    refuse_unpriced_flow(versions, load)
    meter = _Meter(load, _who_asks(versions))
    peaks = [_peaks(versions, period, meter) for period in periods]
    months: list[BilledMonth] = []
    banks: Mapping[str, Decimal] = {}
    billed: dict[int, Decimal] = {}
    for i, period in enumerate(periods):
        year = period.start.year
        given = BillInput(
            period,
            attributes,
            kind=kinds[i] if kinds else BillKind.REGULAR,
            past=tuple(_past(periods, peaks, i, cyclic=cyclic)),
            since=None if cyclic else periods[0].start,
            banks=banks,
            billed_this_year=billed.get(year, Decimal(0)),
            closes_year=i == len(periods) - 1 or periods[i + 1].start.year != year,
        )
        bill = price(versions, given, gathered(versions, given, meter.all))
        banks = bill.banks
        billed[year] = billed.get(year, Decimal(0)) + bill.exact
        months.append(BilledMonth(bill, meter(Ask(DELIVERED, period)), meter(Ask(PEAK, period))))
    return Year(tuple(months), meter.coarse)


def refuse_unpriced_flow(versions: Sequence[Tariff], load: Load) -> None:
    """Refuse a load that sends energy back on a tariff that has no word for it."""
    sent = load.channels.get((What.KWH, Flow.RECEIVED), ())
    refuse_unpriced_flow_of(versions, sends=any(slot.hours for slot in sent))


def refuse_unpriced_flow_of(versions: Sequence[Tariff], *, sends: bool) -> None:
    """The same, where it is known whether energy is sent back."""
    if not sends:
        return
    flows = {own.flow for version in versions for own in needed(version)}
    if not flows & {Flow.RECEIVED, Flow.NET}:
        code = versions[0].code
        raise CannotPrice("load.export", f"The load sends energy back, which {code} says nothing about.")


@dataclass(slots=True)
class _Meter:
    """Measures each ask once."""

    load: Load
    asking: Mapping[What, str]
    known: dict[Ask, Measurement] = field(default_factory=dict)
    coarse: bool = False

    def all(self, asks: Iterable[Ask]) -> dict[Ask, Decimal]:
        return {ask: self(ask) for ask in asks}

    def __call__(self, ask: Ask) -> Decimal:
        if ask not in self.known:
            try:
                found = measure(self.load, ask)
            except CannotMeasure as fault:
                line = self.asking.get(ask.determinant.what, "")
                raise CannotMeasure(fault.code, f"{line}: {fault}" if line else str(fault)) from fault
            if found.missing:
                message = f"{found.missing} minutes of {ask.period} have no reading of {ask.determinant.what}."
                raise CannotMeasure("load.missing", message)
            self.coarse = self.coarse or found.coarse
            self.known[ask] = found
        return self.known[ask].value


def _who_asks(versions: Sequence[Tariff]) -> dict[What, str]:
    """For each unit the lines that need it, to name them where the load does not have it."""
    found: dict[What, list[str]] = {}
    for line in versions[-1].lines:
        clause = f" ({line.citation.clause})" if line.citation.clause else ""
        for what in {own.what for own in of_line(line, versions[-1])}:
            found.setdefault(what, []).append(line.label + clause)
    return {what: ", ".join(lines) for what, lines in found.items()}


def _peaks(versions: Sequence[Tariff], period: Period, meter: _Meter) -> dict[str, Decimal]:
    bill = BillInput(period)
    kept = [pair for version in versions if version.valid.overlaps(period) for pair in to_keep(version, bill)]
    return {key: meter(Ask(own, period)) for key, own in kept}


def _past(
    periods: Sequence[Period], peaks: Sequence[Mapping[str, Decimal]], at: int, *, cyclic: bool
) -> Iterator[PastBill]:
    for i, period in enumerate(periods):
        month = period.last_day.replace(day=1)
        if i < at:
            yield PastBill(month, peaks[i])
        elif cyclic:
            yield PastBill(month.replace(year=month.year - 1), peaks[i])
