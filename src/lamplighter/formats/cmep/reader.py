"""Reads CMEP: lines of 14 fields and N triplets of time (end of interval), data quality and value."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal

from lamplighter.formats.cmep.codes import (
    COMMODITIES,
    FIELDS,
    FIXED,
    OTHER_READINGS,
    PURPOSES,
    READ,
    Units,
    interval_of,
    units_named,
)
from lamplighter.formats.cmep.triplets import Head, Triplets
from lamplighter.formats.digits import factor_of, number
from lamplighter.formats.gathering import Gathering, Series
from lamplighter.formats.measures import measures
from lamplighter.formats.meterdata import Format, Identity, MeterFile, ReadKind
from lamplighter.formats.refusals import Findings, refusal
from lamplighter.formats.settings import DEFAULT_SETTINGS, Settings
from lamplighter.formats.sources import Delivery
from lamplighter.formats.textlines import Lines, lines, text
from lamplighter.formats.walltime import Marks, WallClock
from lamplighter.kernel.energy import Commodity, Unit

HEADS_KEPT = 200_000
SHIFTED = PURPOSES - {""}
Key = tuple[bytes, ...]


def read_cmep(delivery: Delivery, settings: Settings = DEFAULT_SETTINGS) -> MeterFile:
    """Read a whole file. Times are UTC unless `settings.zone` says otherwise. Raises Unreadable when it is empty."""
    found = Findings(delivery.name, settings.limits.findings)
    reader = Cmep(found, WallClock(settings.zone or UTC, Marks.END))
    for block in lines(delivery, found):
        reader.take(block)
    if not reader.records:
        raise refusal("cmep.empty", "the file holds no record of CMEP.", file=delivery.name)
    return MeterFile(Format.CMEP, reader.gathering.channels(), found.findings(), delivery.name)


class Wrong(Exception):
    """A field of a record that makes it useless; `field` counts from 1 as the protocol does."""

    def __init__(self, field: int, message: str, remedy: str = "The record is left out.") -> None:
        super().__init__(message)
        self.field, self.message, self.remedy = FIELDS[field - 1], message, remedy


class Unmeant(Wrong):
    """A record that is right, but holds no readings to bill."""


class Cmep:
    """Reads blocks of lines. Rows of equally many readings go through one parser together."""

    def __init__(self, found: Findings, clock: WallClock) -> None:
        self.found = found
        self.clock = clock
        self.gathering = Gathering(found, clock)
        self.records = 0
        self._heads: dict[Key, Head] = {}
        self._meant: dict[Key, Meaning] = {}

    def take(self, block: Lines) -> None:
        groups: dict[int, Triplets] = {}
        for at, line in enumerate(block.data.split(b"\n"), block.first):
            if not line or line.isspace():
                continue
            self.records += 1
            fields = line.split(b",", FIXED) if b'"' not in line else _unquoted(line)
            if fields[0] != b"MEPMD01" and not self._is_read(text(fields[0]), at):
                continue
            if fields[7:8] == [b""] and len(fields) > FIXED and text(fields[9]).upper() in SHIFTED:
                fields = self._unshifted(fields, at)
            size = self._size(fields, at)
            head = self._head(fields, at) if size else None
            if head is not None:
                group = groups.setdefault(size, Triplets(size))
                group.add(fields[FIXED].rstrip(b", \t\0\x1a") if _padded(fields, size) else fields[FIXED], head, at)
        for group in groups.values():
            group.gather(self.gathering, self.clock, self.found)

    def _is_read(self, record: str, at: int) -> bool:
        """Whether this is a record of readings that this reader knows; says so if not."""
        code = record.upper().lstrip("\ufeff")
        if code == READ:
            return True
        if code in OTHER_READINGS:
            self.found.error(
                "cmep.unread", f"{code} readings by time of use are not read.", line=at, field=FIELDS[0],
                remedy="Ask the sender for MEPMD01 records.",
            )  # fmt: skip
        elif code.startswith(("MEP", "MLA")) and len(code) < 10:
            self.found.info("cmep.other", f"{code} records hold no readings.", line=at, field=FIELDS[0])
        else:
            self.found.error(
                "cmep.record", f"{code[:20]!r} begins no record of CMEP.", line=at, field=FIELDS[0],
                remedy="Records of readings begin with MEPMD01.",
            )  # fmt: skip
        return False

    def _unshifted(self, fields: list[bytes], at: int) -> list[bytes]:
        """Some senders leave an empty field before the meter's number, and all that follows stands one too far."""
        if not self.found.total("cmep.shifted"):
            self.found.warning(
                "cmep.shifted", "an empty field stands before the meter id; the fields after it were moved.", line=at,
                field=FIELDS[7],
            )  # fmt: skip
        last, *body = fields[FIXED].split(b",", 1)
        return [*fields[:7], *fields[8:FIXED], last, *body]

    def _size(self, fields: list[bytes], at: int) -> int:
        """N, when the record has its 14 + 3N fields; otherwise 0, with a finding unless N is 0."""
        count = text(fields[FIXED - 1]) if len(fields) >= FIXED else ""
        size = int(count) if count.isascii() and count.isdigit() and len(count) < 8 else -1
        if size == 0 and not b"".join(fields[FIXED:]).strip(b", "):
            return 0
        if size < 0 and len(fields) >= FIXED:
            self.found.error(
                "cmep.quantity", f"{count[:20]!r} is no number of readings.", line=at, field=FIELDS[FIXED - 1],
                remedy="The record is left out.",
            )  # fmt: skip
            return 0
        body = fields[FIXED] if len(fields) > FIXED else b""
        has = len(fields[:FIXED]) + (body.count(b",") + 1 if len(fields) > FIXED else 0)
        if size > 0 and (has == FIXED + 3 * size or _padded(fields, size)):
            return size
        expected = f"{FIXED} + 3 x {size} = {FIXED + 3 * size} fields" if size >= 0 else f"at least {FIXED} fields"
        self.found.error(
            "cmep.length", f"the record has {has} fields; {expected} are expected.", line=at, field=FIELDS[FIXED - 1],
            remedy="The record is left out. Ask the sender to send it again.",
        )  # fmt: skip
        return 0

    def _head(self, fields: list[bytes], at: int) -> Head | None:
        """Whose readings a record holds and how they are meant; the same fields are understood once."""
        key = (*fields[4:6], *fields[7:13])
        head = self._heads.get(key)
        if head is None:
            try:
                head = self._understood(fields)
            except Unmeant as left:
                self.found.warning("cmep.purpose", left.message, line=at, field=left.field, remedy=left.remedy)
                return None
            except Wrong as wrong:
                self.found.error("cmep.field", wrong.message, line=at, field=wrong.field, remedy=wrong.remedy)
                return None
            if len(self._heads) >= HEADS_KEPT:
                self._heads.clear()
            self._heads[key] = head
        return head

    def _understood(self, fields: list[bytes]) -> Head:
        words = tuple(fields[8:13])
        meant = self._meant.get(words)
        if meant is None:
            meant = self._meant[words] = _meaning(*(text(word).upper() for word in words))
        receiver, customer, meter = text(fields[4]), text(fields[5]), text(fields[7])
        name = meter or customer or receiver
        if not name:
            raise Wrong(8, "the record names no meter.", "It belongs to nobody and is left out.")
        units = meant.units
        series = Series(
            Identity(f"{name}/{meant.name}", name, customer if meter else "", meant.name),
            meant.commodity,
            units.flow,
            units.scale.unit,
            units.scale.power,
            ReadKind.REGISTER if meant.register else ReadKind.INTERVAL,
            0 if meant.register or meant.months else meant.seconds,
        )
        number_ = self.gathering.series(series)
        return Head(number_, meant.factor, meant.places, meant.months, meant.seconds, meant.register)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Fields 9 to 13, which many records have in common."""

    name: str
    commodity: Commodity
    units: Units
    factor: int
    places: int
    months: int
    seconds: int
    register: bool


def _meaning(purpose: str, commodity: str, unit: str, constant: str, interval: str) -> Meaning:
    if purpose not in PURPOSES:
        raise Unmeant(9, f"a transmission of purpose {purpose[:20]} holds no readings to bill.")
    if commodity not in COMMODITIES:
        raise Wrong(10, f"{commodity[:20]!r} is no commodity.", "It is E, G, W or S. The record is left out.")
    units, step = units_named(unit), interval_of(interval)
    if units is None:
        raise Wrong(11, f"the units {unit[:20]!r} are not known.")
    if not measures(units.scale.unit, COMMODITIES[commodity]):
        raise Wrong(11, f"{COMMODITIES[commodity].value} is not measured in {unit[:20]}.")
    if step is None:
        raise Wrong(13, f"{interval[:20]!r} is no interval.", "Write MMDDHHMM: 00000015 is 15 minutes.")
    factor, places = _factor(constant, units.scale.factor, pulses=units.scale.unit is Unit.COUNT)
    register = units.kind is ReadKind.REGISTER or (bool(interval) and step == (0, 0))
    return Meaning(unit, COMMODITIES[commodity], units, factor, places, *step, register)


def _factor(constant: str, factor: int, *, pulses: bool) -> tuple[int, int]:
    """The calculation constant (field 12) and the unit's own factor, as an integer and decimal places.

    Pulses are counted as they are: which unit the constant makes of them is not said.
    """
    if not constant or pulses:
        return factor, 0
    try:
        value = number(constant)
        return factor_of(max(value, Decimal(0)), factor)
    except ValueError:
        raise Wrong(12, f"{constant[:20]!r} is no constant to multiply with.") from None


def _padded(fields: list[bytes], size: int) -> bool:
    """Some senders end a line with a comma."""
    body = fields[FIXED] if len(fields) > FIXED else b""
    return body.count(b",") + 1 > 3 * size and body.rstrip(b", \t\0\x1a").count(b",") + 1 == 3 * size


def _unquoted(line: bytes) -> list[bytes]:
    """The fields of a line in which some are in quotes, cut as `split` would cut it; commas inside become spaces."""
    try:
        row = next(csv.reader([line.decode("latin-1").replace("\0", "")], strict=False), [""])
    except csv.Error:
        return [b""]
    fields = [field.replace(",", " ").strip().encode("latin-1") for field in row]
    return [*fields[:FIXED], b",".join(fields[FIXED:])] if len(fields) > FIXED else fields
