"""Measure determinants plainly and exactly from a sequence of intervals, one ask at a time.

Slow and obvious on purpose: the columnar engine is checked against it. Energy is summed; demand is the highest
mean over whole windows inside the hours asked for. Time is the meter's: a 23-hour day has no 2 to 3 a.m., a
25-hour day has 1 to 2 a.m. twice, and each is measured (docs/algorithms/demand.md).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import assert_never

from lamplighter.kernel.energy import Flow
from lamplighter.kernel.instants import span_of
from lamplighter.rating.determinants import Ask, DemandWindow, Determinant, What
from lamplighter.rating.exact import decimal
from lamplighter.rating.hours import DAY_MINUTES, Timetable
from lamplighter.rating.load import EXACT, Load, Slot
from lamplighter.rating.refusals import CannotMeasure

ENERGY = {What.KW: What.KWH, What.KVA: What.KVAH, What.KVAR: What.KVARH}


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measured value; `at` is the start of the window that set a demand.

    `missing` counts minutes of the period without a reading: they are not zero, and a bill is refused on them.
    `estimated` counts minutes that rest on estimates. `coarse`: the meter's interval is longer than the window
    asked for, so that the mean over its interval stands for the peak.
    """

    value: Decimal
    at: datetime | None = None
    missing: int = 0
    estimated: int = 0
    coarse: bool = False


def measure_all(load: Load, asks: Iterable[Ask]) -> dict[Ask, Decimal]:
    """The values that `price` takes. Raises CannotMeasure where a reading is missing."""
    values = {}
    for ask in asks:
        measured = measure(load, ask)
        if measured.missing:
            raise CannotMeasure(
                "load.missing", f"{measured.missing} minutes of {ask.period} have no reading of {ask.determinant.what}."
            )
        values[ask] = measured.value
    return values


def measure(load: Load, ask: Ask) -> Measurement:
    """Measure one determinant over service days.

    Raises CannotMeasure when the load has no such channel, or when a reading runs over the edge of a TOU period
    or of the asked days, so that no one can say how much lay on either side.
    """
    asked = ask.determinant
    match asked.what:
        case What.KWH | What.KVARH | What.KVAH:
            slots = _netted(load, asked, ask)
            return _covering(_energy(slots, asked), load, ask, slots)
        case What.KW | What.KVAR | What.KVA:
            return _demand(load, ask)
        case What.POWER_FACTOR:
            return _power_factor(load, ask)
        case _:
            assert_never(asked.what)


def _energy(slots: list[Slot], asked: Determinant) -> Measurement:
    inside = list(_in_scope(slots, asked))
    if asked.band is None:
        return Measurement(_kwh(sum_of(inside)))
    band, wanted = asked.band, {slot.at for slot in inside}
    running = within = Fraction(0)
    upper = None if band.upper is None else Fraction(band.upper)
    for slot in slots:
        if asked.season is not None and slot.day not in asked.season:
            continue
        before, running = running, running + Fraction(slot.hours) / 60
        if slot.at in wanted:
            top = running if upper is None else min(running, upper)
            within += max(Fraction(0), top - max(before, Fraction(band.lower)))
    return Measurement(decimal(within))


def _demand(load: Load, ask: Ask) -> Measurement:
    """The highest mean over a window that lies whole inside the scope; of several equal ones the first."""
    asked = ask.determinant
    assert asked.window is not None
    slots = _power_slots(load, ask)
    scope = list(_in_scope(slots, asked))
    coarse = bool(asked.window.minutes) and any(slot.minutes > asked.window.minutes for slot in scope)
    means = list(_means(scope, asked.window))
    if asked.daily:
        highest = [max(mean for mean, _ in day) for _, day in groupby(means, lambda found: found[1].day)]
        return _covering(Measurement(decimal(sum(highest, Fraction(0))), coarse=coarse), load, ask, slots)
    peak = max(means, key=lambda found: found[0], default=None)
    value, at = (Fraction(0), None) if peak is None or peak[0] <= 0 else (peak[0], peak[1].at)
    return _covering(Measurement(decimal(value), at, coarse=coarse), load, ask, slots)


def _means(scope: list[Slot], window: DemandWindow) -> Iterator[tuple[Fraction, Slot]]:
    """Mean power of every whole window, with its first slot."""
    if not window.minutes:
        yield from ((Fraction(slot.hours) / slot.minutes, slot) for slot in scope)
    elif window.sliding:
        yield from _sliding(scope, window)
    else:
        longer = [slot for slot in scope if slot.minutes > window.minutes]
        yield from ((Fraction(slot.hours) / slot.minutes, slot) for slot in longer)
        fitting = (slot for slot in scope if slot.minutes <= window.minutes)
        for _, group in groupby(fitting, lambda slot: (slot.offset, slot.block // window.minutes)):
            together = list(group)
            if sum(slot.minutes for slot in together) == window.minutes:
                yield Fraction(sum_of(together)) / window.minutes, together[0]


def _sliding(scope: list[Slot], window: DemandWindow) -> Iterator[tuple[Fraction, Slot]]:
    """Every run of adjoining slots that fills the window, starting at each multiple of the step."""
    for first, start in enumerate(scope):
        if start.minutes > window.minutes:
            yield Fraction(start.hours) / start.minutes, start
            continue
        if start.block % window.step:
            continue
        minutes, hours, end = 0, Decimal(0), start.at
        for slot in scope[first:]:
            if slot.at != end or minutes >= window.minutes:
                break
            minutes, hours, end = minutes + slot.minutes, EXACT.add(hours, slot.hours), slot.at + _length(slot)
        if minutes == window.minutes:
            yield Fraction(hours) / minutes, start


def _power_slots(load: Load, ask: Ask) -> list[Slot]:
    """The energy whose mean is the demand. kVA comes from kVAh, or per interval from kWh and kVArh at right angles."""
    asked = ask.determinant
    energy = ENERGY[asked.what]
    if asked.what is not What.KVA or load.has((energy, asked.flow)):
        return _netted(load, replace(asked, what=energy, window=None, daily=False), ask)
    active = _channel(load, What.KWH, asked.flow, ask)
    reactive = {slot.at: slot for slot in _channel(load, What.KVARH, asked.flow, ask)}
    pairs = [(slot, reactive[slot.at]) for slot in active if slot.at in reactive]
    return [replace(p, hours=_hypotenuse(p.hours, q.hours)) for p, q in pairs if p.minutes == q.minutes]


def _power_factor(load: Load, ask: Ask) -> Measurement:
    """kWh / sqrt(kWh^2 + kVArh^2); of a load that used nothing, 1."""
    asked = ask.determinant
    active = _channel(load, What.KWH, asked.flow, ask)
    reactive = _channel(load, What.KVARH, asked.flow, ask)
    kwh = sum_of(_in_scope(active, asked))
    apparent = _hypotenuse(kwh, sum_of(_in_scope(reactive, asked)))
    value = EXACT.divide(kwh, apparent) if apparent else Decimal(1)
    return _covering(Measurement(value), load, ask, active)


def _hypotenuse(active: Decimal, reactive: Decimal) -> Decimal:
    return EXACT.sqrt(EXACT.add(EXACT.multiply(active, active), EXACT.multiply(reactive, reactive)))


def _netted(load: Load, asked: Determinant, ask: Ask) -> list[Slot]:
    """The slots of the flow asked for, after setting off delivered and received within each netting window."""
    match asked.flow:
        case Flow.DELIVERED | Flow.RECEIVED if not asked.netting:
            return _channel(load, asked.what, asked.flow, ask)
        case Flow.NET | Flow.DELIVERED | Flow.RECEIVED:
            net = _net(load, asked.what, ask)
            if not asked.netting:
                return net
            sign = -1 if asked.flow is Flow.RECEIVED else 1
            return [_clipped(slot, sign, asked.flow) for slot in _merged(net, asked.netting)]
        case _:
            raise CannotMeasure("load.flow", f"{asked.what} {asked.flow} is not measured: give delivered and received.")


def _net(load: Load, what: What, ask: Ask) -> list[Slot]:
    """Delivered less received, interval by interval; a load that sends nothing back has only the first."""
    delivered = _channel(load, what, Flow.DELIVERED, ask)
    if not load.has((what, Flow.RECEIVED)):
        return delivered
    received = {(slot.at, slot.minutes): slot.hours for slot in _channel(load, what, Flow.RECEIVED, ask)}
    return [
        replace(slot, hours=EXACT.subtract(slot.hours, received[slot.at, slot.minutes]))
        for slot in delivered
        if (slot.at, slot.minutes) in received
    ]


def _merged(slots: list[Slot], minutes: int) -> Iterator[Slot]:
    for _, group in groupby(slots, lambda slot: (slot.offset, slot.block // minutes)):
        together = list(group)
        length = sum(slot.minutes for slot in together)
        yield replace(together[0], minutes=length, hours=sum_of(together))


def _clipped(slot: Slot, sign: int, flow: Flow) -> Slot:
    hours = EXACT.multiply(slot.hours, Decimal(sign))
    return replace(slot, hours=hours if flow is Flow.NET or hours > 0 else Decimal(0))


def _channel(load: Load, what: What, flow: Flow, ask: Ask) -> list[Slot]:
    """The slots of one channel on the asked days."""
    none_sent = flow is Flow.RECEIVED and not load.has((what, flow)) and load.has((what, Flow.DELIVERED))
    slots = load.channels.get((what, Flow.DELIVERED if none_sent else flow))
    if slots is None:
        raise CannotMeasure("load.channel", f"The tariff needs {what} {flow}, which the load does not have.")
    span = span_of(ask.period, load.zone)
    assert span.end is not None, "a measurement has an end"
    first = bisect_right(slots, span.start, key=lambda slot: slot.at)
    if first and slots[first - 1].at + _length(slots[first - 1]) > span.start:
        first -= 1
    inside = list(slots[first : bisect_left(slots, span.end, key=lambda slot: slot.at)])
    for edge in inside[:1] + inside[-1:]:
        if edge.at < span.start or edge.at + _length(edge) > span.end:
            raise CannotMeasure("load.edge", f"A reading of {edge.minutes} minutes runs over the edge of {ask.period}.")
    return [replace(slot, hours=Decimal(0)) for slot in inside] if none_sent else inside


def _in_scope(slots: Iterable[Slot], asked: Determinant) -> Iterator[Slot]:
    """The slots in the season and TOU periods asked for. A slot belongs to one period or the load is refused."""
    table = None if asked.clock is None else Timetable(asked.clock)
    for slot in slots:
        if asked.season is not None and slot.day not in asked.season:
            continue
        if table is None or _period(table, slot) in asked.periods:
            yield slot


def _period(table: Timetable, slot: Slot) -> str:
    for start, end, name in table(slot.day):
        if start <= slot.minute < end:
            if slot.minute + slot.minutes > end and not _runs_on(table, slot, end, name):
                raise CannotMeasure(
                    "load.coarse",
                    f"A reading of {slot.minutes} minutes from {slot.minute // 60}:{slot.minute % 60:02} on {slot.day} "
                    f"crosses the end of {name} at {end // 60}:{end % 60:02}: shorter intervals are needed.",
                )
            return name
    raise AssertionError("a clock covers the day")


def _runs_on(table: Timetable, slot: Slot, end: int, name: str) -> bool:
    """Whether the same period runs on to the slot's end; a slot of a whole day may be of 23 or 25 hours."""
    last = slot.minute + slot.minutes
    within_day = last <= DAY_MINUTES or (slot.minute == 0 and slot.minutes <= DAY_MINUTES + 60)
    return within_day and all(other == name for start, _, other in table(slot.day) if end <= start < last)


def _covering(measured: Measurement, load: Load, ask: Ask, slots: list[Slot]) -> Measurement:
    """With the minutes of the asked days that have no reading, and those on estimates."""
    wanted = span_of(ask.period, load.zone).seconds // 60
    read = sum(slot.minutes for slot in slots)
    estimated = sum(slot.minutes for slot in slots if slot.estimated)
    return replace(measured, missing=wanted - read, estimated=estimated)


def sum_of(slots: Iterable[Slot]) -> Decimal:
    total = Decimal(0)
    for slot in slots:
        total = EXACT.add(total, slot.hours)
    return total


def _kwh(hours: Decimal) -> Decimal:
    return decimal(Fraction(hours) / 60)


def _length(slot: Slot) -> timedelta:
    return timedelta(minutes=slot.minutes)
