"""Reads NEM13: what a register showed before and now, and the quantity between, one period a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from lamplighter.formats.digits import mantissa, number
from lamplighter.formats.gathering import MISSING, Gathering, Series
from lamplighter.formats.meterdata import Format, Identity, Ints, MeterFile, ReadKind
from lamplighter.formats.nem.codes import INDICATORS_13, MARKET_TIME, quality_named, unit_of
from lamplighter.formats.nem.records import check_header, fields_of
from lamplighter.formats.refusals import Findings, refusal
from lamplighter.formats.settings import DEFAULT_SETTINGS, Settings
from lamplighter.formats.sources import Delivery
from lamplighter.formats.textlines import lines
from lamplighter.formats.walltime import WallClock, time_label
from lamplighter.kernel.energy import Commodity, Flow

FIELDS = {
    1: "NMI", 4: "NMISuffix", 7: "DirectionIndicator", 8: "PreviousRegisterRead", 9: "PreviousRegisterReadDateTime",
    10: "PreviousQualityMethod", 13: "CurrentRegisterRead", 14: "CurrentRegisterReadDateTime",
    15: "CurrentQualityMethod", 18: "Quantity", 19: "UOM",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """One 250 record: labels of market time, numbers as written, quality codes; `None` where nothing was read."""

    used: int
    register: int
    line: int
    times: tuple[int, int]
    reads: tuple[Decimal | None, Decimal | None]
    quantity: Decimal | None
    qualities: tuple[int, int]


class Wrong(Exception):
    """A field of a record that makes it useless."""

    def __init__(self, field: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.field, self.message, self.remedy = FIELDS[field], message, remedy


def read_nem13(delivery: Delivery, settings: Settings = DEFAULT_SETTINGS) -> MeterFile:
    """Read a whole file. Raises Unreadable when it does not begin with a 100 record."""
    found = Findings(delivery.name, settings.limits.findings)
    gathering = Gathering(found)
    periods = list(_periods(delivery, gathering, found))
    _gather(periods, gathering, WallClock(settings.zone or MARKET_TIME))
    return MeterFile(Format.NEM13, gathering.channels(), found.findings(), delivery.name)


def _periods(delivery: Delivery, gathering: Gathering, found: Findings) -> Iterator[Period]:
    begun = ended = False
    at = 1
    for block in lines(delivery, found):
        for at, line in enumerate(block.data.split(b"\n"), block.first):
            if not line.strip():
                continue
            fields = fields_of(line)
            if not begun:
                check_header(fields, "NEM13", delivery.name, at)
                begun = True
                continue
            ended = ended or fields[0] == "900"
            if fields[0] == "250":
                try:
                    yield _period(fields, at, gathering, found)
                except Wrong as wrong:
                    found.error("nem13.field", wrong.message, line=at, field=wrong.field, remedy=wrong.remedy)
            elif fields[0] not in INDICATORS_13:
                found.error(
                    "nem13.record", f"{fields[0][:20]!r} begins no record of NEM13.", line=at,
                    field="RecordIndicator", remedy="Records begin with 100, 250, 550 or 900.",
                )  # fmt: skip
    if not begun:
        raise refusal("nem13.empty", "the file holds no record.", file=delivery.name)
    if not ended:
        found.error(
            "nem13.end", "the file has no 900 record at its end: it may have been cut short.", line=at,
            field="RecordIndicator", remedy="Ask the sender to send it again.",
        )  # fmt: skip


def _period(fields: list[str], at: int, gathering: Gathering, found: Findings) -> Period:
    fields += [""] * (20 - len(fields))
    nmi, register, suffix, serial = fields[1], fields[3], fields[4], fields[6]
    scale = unit_of(fields[19], suffix)
    if not nmi:
        raise Wrong(1, "the record names no NMI.", "It belongs to nobody and is left out.")
    if scale is None:
        raise Wrong(19, f"the unit {fields[19][:20]!r} is not known.", "Units are kWh and the like. It is left out.")
    times = _time(fields, 9), _time(fields, 14)
    if times[1] <= times[0]:
        raise Wrong(14, "the current read is not after the previous one.", "The record is left out.")
    quantity = _number(fields, 18)
    flow = Flow.RECEIVED if fields[7].upper() == "I" else Flow.DELIVERED
    if quantity is not None and quantity < 0 and not found.total("nem13.negative"):
        found.warning(
            "nem13.negative", "a quantity is negative; it is kept as it is written.", line=at, field="Quantity"
        )
    used, shown = (
        Series(
            Identity(f"{nmi}/{suffix or register}{mark}", serial or nmi, nmi, suffix or register),
            Commodity.ELECTRICITY,
            flow,
            scale.unit,
            scale.power,
            kind,
            interval_seconds=0,
        )
        for kind, mark in ((ReadKind.INTERVAL, ""), (ReadKind.REGISTER, " register"))
    )
    qualities = _quality(fields, 10), _quality(fields, 15)
    reads = _number(fields, 8), _number(fields, 13)
    return Period(gathering.series(used), gathering.series(shown), at, times, reads, quantity, qualities)


def _time(fields: list[str], field: int) -> int:
    label = time_label(fields[field])
    if label is None:
        raise Wrong(field, f"{fields[field][:20]!r} is no date and time.", "Times are written 20250131093000.")
    return label


def _number(fields: list[str], field: int) -> Decimal | None:
    if not fields[field]:
        return None
    try:
        value = number(fields[field])
        mantissa(value)
    except ValueError as error:
        raise Wrong(field, f"{error}.", "The record is left out. Ask the sender for it again.") from None
    return value


def _quality(fields: list[str], field: int) -> int:
    quality = quality_named(fields[field])
    if quality is None:
        raise Wrong(field, f"{fields[field][:20]!r} is no quality method.", "It is A, N, or E, F, S with two digits.")
    return int(quality)


def _gather(periods: list[Period], gathering: Gathering, clock: WallClock) -> None:
    """Quantities as intervals between the reads; the reads themselves as a register channel of their own."""
    if not periods:
        return
    begins, ends = (_instants(clock, [period.times[i] for period in periods]) for i in (0, 1))
    _add(gathering, begins, ends - begins, [(p.used, p.quantity, p.qualities[1], p.line) for p in periods])
    for i, times in enumerate((begins, ends)):
        readings = [(p.register, p.reads[i], p.qualities[i], p.line) for p in periods]
        _add(gathering, times, np.zeros_like(times), readings)


def _add(
    gathering: Gathering, starts: Ints, seconds: Ints, readings: list[tuple[int, Decimal | None, int, int]]
) -> None:
    series, values, qualities, lines_ = zip(*readings, strict=True)
    parts = [(0, 0) if value is None else mantissa(value) for value in values]
    quality = np.array([MISSING if value is None else q for value, q in zip(values, qualities, strict=True)], np.uint8)
    gathering.add(
        series,
        starts,
        seconds=seconds,
        values=np.where(quality == MISSING, 0, [value for value, _ in parts]),
        places=[places for _, places in parts],
        quality=quality,
        lines=lines_,
    )


def _instants(clock: WallClock, labels: list[int]) -> Ints:
    """The reads of different meters have no sequence, so each stands alone."""
    column = np.array(labels, np.int64)
    return clock.starts(column, np.zeros_like(column), np.arange(len(column)))[0]
