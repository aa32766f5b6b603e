"""Reads NEM12: a day of 5, 15 or 30 minute intervals a line, with quality by day or by range of intervals."""

from __future__ import annotations

from lamplighter.formats.gathering import Gathering, Series
from lamplighter.formats.measures import Scale
from lamplighter.formats.meterdata import Channel, Format, Identity, MeterFile, ReadKind
from lamplighter.formats.nem.codes import INDICATORS_12, MARKET_TIME, VARIABLE, flow_of, quality_named, unit_of
from lamplighter.formats.nem.days import UNSAID, Days
from lamplighter.formats.nem.records import check_header, fields_of
from lamplighter.formats.refusals import Findings, refusal
from lamplighter.formats.settings import DEFAULT_SETTINGS, Settings
from lamplighter.formats.sources import Delivery
from lamplighter.formats.textlines import Lines, lines, text
from lamplighter.formats.walltime import WallClock, time_label
from lamplighter.kernel.energy import Commodity

MINUTES = 1440
CARRY = 16 << 20
WRAPPED = 1 << 16


def read_nem12(delivery: Delivery, settings: Settings = DEFAULT_SETTINGS) -> MeterFile:
    """Read a whole file. Raises Unreadable when it does not begin with a 100 record."""
    found = Findings(delivery.name, settings.limits.findings)
    reader = Nem12(found, settings)
    for block in lines(delivery, found):
        reader.take(block)
    reader.finish()
    return MeterFile(Format.NEM12, reader.channels(), found.findings(), delivery.name)


class Nem12:
    """Reads blocks of lines in order. Days go by the hundreds through one parser; records that differ, one by one."""

    def __init__(self, found: Findings, settings: Settings) -> None:
        self.found = found
        self.gathering = Gathering(found, WallClock(settings.zone or MARKET_TIME))
        self.begun = False
        self.ended = False
        self.stream: int | None = None  # the series that 300 records belong to
        self.rejected = False  # the last 200 record could not be used, and what belongs to it is left out with it
        self.intervals = 0
        self.groups: dict[int, Days] = {}
        self.day: tuple[Days, int] | None = None  # the last 300 record that was accepted, for its 400 records
        self.day_rejected = False
        self.wrapped = b""
        self.wrapped_line = 0
        self.carry = Lines(1, b"")
        self.dates: dict[bytes, int | None] = {}
        self.flags: dict[bytes, int | None] = {}
        self.meant: dict[tuple[str, str, str], tuple[Scale | None, int]] = {}

    def take(self, block: Lines) -> None:
        """Read a block, but for the last day, whose 400 records may stand in the next one."""
        data = self.carry.data + block.data
        first = self.carry.first if self.carry.data else block.first
        cut = data.rfind(b"\n300,") + 1
        if len(data) - cut > CARRY:
            cut = len(data)
        self._read(Lines(first, data[:cut]))
        self.carry = Lines(first + data.count(b"\n", 0, cut), data[cut:])

    def finish(self) -> None:
        self._read(self.carry)
        self._wrap_ends()
        if not self.begun:
            raise refusal("nem12.empty", "the file holds no record.", file=self.found.file)
        if not self.ended:
            self.found.error(
                "nem12.end", "the file has no 900 record at its end: it may have been cut short.",
                line=self.carry.first, field="RecordIndicator", remedy="Ask the sender to send it again.",
            )  # fmt: skip

    def channels(self) -> tuple[Channel, ...]:
        return self.gathering.channels()

    def _read(self, block: Lines) -> None:
        for at, line in enumerate(block.data.split(b"\n"), block.first):
            if line.startswith(b"300,") and self.begun and not self.wrapped:
                self._day(line, at)
            elif line and not line.isspace():
                self._record(line, at)
        for days in self.groups.values():
            days.gather(self.gathering, self.found)
        self.groups, self.day = {}, None

    def _record(self, line: bytes, at: int) -> None:
        fields = fields_of(line)
        indicator = fields[0]
        if not self.begun:
            check_header(fields, "NEM12", self.found.file, at)
            self.begun = True
            return
        if self.wrapped and self._unwrapped(line, indicator):
            return
        if self.ended and indicator in INDICATORS_12 and not self.found.total("nem12.after-end"):
            self.found.warning("nem12.after-end", "records follow the 900 record; several files were joined.", line=at)
        match indicator:
            case "100":
                self.stream, self.rejected, self.ended = None, False, False
            case "200":
                self._stream(fields, at)
            case "300":
                self._day(line, at)
            case "400":
                self._range(fields, at)
            case "500":
                pass
            case "900":
                self.ended = True
            case _:
                self.found.error(
                    "nem12.record", f"{indicator[:20]!r} begins no record of NEM12.", line=at,
                    field="RecordIndicator", remedy="Records begin with 100, 200, 300, 400, 500 or 900.",
                )  # fmt: skip

    def _stream(self, fields: list[str], at: int) -> None:
        """A 200 record: whose readings follow, in which unit and interval."""
        self.stream, self.rejected, self.day, self.day_rejected = None, True, None, False
        fields += [""] * (10 - len(fields))
        nmi, register, suffix, serial, uom, length = (fields[i] for i in (1, 3, 4, 6, 7, 8))
        words = (uom, suffix, length)
        if words not in self.meant:
            self.meant[words] = unit_of(uom, suffix), _minutes(length)
        scale, minutes = self.meant[words]
        if not minutes:
            self.found.error(
                "nem12.interval", f"{length[:20]!r} minutes is no interval length that divides a day.", line=at,
                field="IntervalLength", remedy="It must be 5, 15 or 30. The readings of this record are left out.",
            )  # fmt: skip
        elif scale is None:
            self.found.error(
                "nem12.unit", f"the unit {uom[:20]!r} is not known.", line=at, field="UOM",
                remedy="Units are kWh, Wh, MWh, kVArh and the like. The readings of this record are left out.",
            )  # fmt: skip
        elif not nmi:
            self.found.error(
                "nem12.nmi", "the record names no NMI.", line=at, field="NMI",
                remedy="Its readings belong to nobody and are left out.",
            )  # fmt: skip
        else:
            identity = Identity(f"{nmi}/{suffix or register}", serial or nmi, nmi, suffix or register)
            series = Series(
                identity, Commodity.ELECTRICITY, flow_of(suffix), scale.unit, scale.power, ReadKind.INTERVAL,
                minutes * 60,
            )  # fmt: skip
            self.stream, self.rejected, self.intervals = self.gathering.series(series), False, MINUTES // minutes

    def _day(self, line: bytes, at: int) -> None:
        """A 300 record: date, the values of the day, quality."""
        self.day, self.day_rejected = None, True
        if self.stream is None:
            if not self.rejected:
                self.found.error(
                    "nem12.order", "readings stand before any 200 record says whose they are.", line=at,
                    field="RecordIndicator", remedy="They are left out.",
                )  # fmt: skip
            return
        after = line.count(b",") - self.intervals - 1
        if after < 1 and line.rstrip().endswith(b",") and not self.wrapped:
            self.wrapped, self.wrapped_line = line, at
            return
        values, *rest = line.rsplit(b",", after) if after > 0 else [line]
        label = self._date(values[4:12]) if values[12:13] == b"," else None
        quality = self._flag(rest[0]) if rest else None
        if label is None or quality is None:
            self._tell_day(line, at)
            return
        days = self.groups.setdefault(self.intervals, Days(self.intervals))
        row = days.add(values[13:], series=self.stream, label=label, line=at, quality=quality)
        self.day, self.day_rejected = (days, row), False

    def _tell_day(self, line: bytes, at: int) -> None:
        fields = fields_of(line)
        flag = next((i for i, part in enumerate(fields) if i > 1 and part[:1].isalpha()), len(fields))
        if self._date(fields[1].encode() if len(fields) > 1 else b"") is None:
            self.found.error(
                "nem12.date", f"{''.join(fields[1:2])[:20]!r} is no date.", line=at, field="IntervalDate",
                remedy="Dates are written 20250131. The day is left out.",
            )  # fmt: skip
        elif flag - 2 != self.intervals:
            minutes = MINUTES // self.intervals
            self.found.error(
                "nem12.values", f"the day has {flag - 2} values; {minutes} minute intervals make {self.intervals}.",
                line=at, field="IntervalValue", remedy="The day is left out. Ask the sender for it again.",
            )  # fmt: skip
        else:
            self.found.error(
                "nem12.quality", f"{''.join(fields[flag : flag + 1])[:20]!r} is no quality method.", line=at,
                field="QualityMethod", remedy="It is A, or E, F, S with two digits, or N or V. The day is left out.",
            )  # fmt: skip

    def _range(self, fields: list[str], at: int) -> None:
        """A 400 record: the quality of a range of intervals of the day before it."""
        if self.day is None:
            if not (self.day_rejected or self.rejected):
                self.found.error("nem12.order", "a 400 record follows no 300 record.", line=at)
            return
        days, row = self.day
        bounds = [int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 0 for part in fields[1:3]]
        quality = quality_named(fields[3]) if len(fields) > 3 else None
        if len(bounds) < 2 or not 1 <= bounds[0] <= bounds[1] <= days.intervals:
            self.found.error(
                "nem12.range", f"intervals {' to '.join(fields[1:3])[:30]} do not lie within 1 to {days.intervals}.",
                line=at, field="StartInterval", remedy="The day is left out.",
            )  # fmt: skip
            days.spoilt.add(row)
        elif quality is None:
            self.found.error(
                "nem12.quality", f"{''.join(fields[3:4])[:20]!r} is no quality method of a range.", line=at,
                field="QualityMethod", remedy="It is A, or E, F, S with two digits, or N. The day is left out.",
            )  # fmt: skip
            days.spoilt.add(row)
        else:
            days.ranges.append((row, bounds[0] - 1, bounds[1], int(quality)))

    def _unwrapped(self, line: bytes, indicator: str) -> bool:
        """A 300 record whose values go on in the next line, as some senders' mail programs leave it."""
        joined = self.wrapped + line
        if indicator in INDICATORS_12 or len(joined) > WRAPPED:
            self._wrap_ends()
            return False
        if joined.count(b",") < self.intervals + 2:
            self.wrapped = joined
            return True
        self.found.warning(
            "nem12.wrapped", "the record is broken over several lines; they were joined.", line=self.wrapped_line
        )
        self._day(joined, self.wrapped_line)
        self.wrapped = b""
        return True

    def _wrap_ends(self) -> None:
        if self.wrapped:
            self._tell_day(self.wrapped, self.wrapped_line)
            self.wrapped = b""

    def _date(self, raw: bytes) -> int | None:
        if raw not in self.dates:
            self.dates[raw] = time_label(text(raw)) if len(raw) == 8 else None
        return self.dates[raw]

    def _flag(self, raw: bytes) -> int | None:
        if raw not in self.flags:
            flag = text(raw).strip('" ')
            quality = quality_named(flag)
            self.flags[raw] = int(UNSAID) if flag == VARIABLE else None if quality is None else int(quality)
        return self.flags[raw]


def _minutes(length: str) -> int:
    """An interval length that divides a day; 0 for any other."""
    minutes = int(length) if length.isascii() and length.isdigit() and len(length) < 5 else 0
    return minutes if minutes and MINUTES % minutes == 0 else 0
