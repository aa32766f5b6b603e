"""Times as senders write them, understood once for each that is different."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import numpy as np

from lamplighter.formats.grids import each_once
from lamplighter.formats.mapped.mapping import EPOCH, ISO, CsvMapping, Layout
from lamplighter.formats.meterdata import Ints
from lamplighter.formats.textlines import text
from lamplighter.formats.walltime import Marks, WallClock

SAMPLED = 1_000
WRONG = np.iinfo(np.int64).min
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Times:
    """Turns the texts of one file into labels of the clock of its mapping.

    Texts with an offset are instants, for which that clock is UTC; the first text decides for the whole file.
    """

    def __init__(self, mapping: CsvMapping, first: Any, zone: tzinfo) -> None:
        self._format = mapping.time_format
        written = (_parsed(text(raw), self._format) for raw in first.slice(0, SAMPLED).unique().to_pylist())
        parsed = next((time for time in written if time is not None), None)
        self.absolute = parsed is not None and parsed.tzinfo is not None
        marks = Marks.BEGIN if mapping.layout is Layout.DAY else mapping.marks
        self.clock = WallClock(UTC if self.absolute else zone, marks)

    def labels(self, cells: Any) -> Ints:
        """Labels in seconds; WRONG where the text is no time, or has an offset where others have none."""
        labels: Ints = each_once(cells, self._label, np.int64)
        return labels

    def _label(self, raw: bytes) -> int:
        parsed = _parsed(text(raw), self._format)
        if parsed is None or (parsed.tzinfo is not None) != self.absolute:
            return int(WRONG)
        since = (parsed if self.absolute else parsed.replace(tzinfo=UTC)) - BEGINNING
        return since.days * 86_400 + since.seconds


def _parsed(written: str, format_: str) -> datetime | None:
    try:
        if format_ == EPOCH:
            return BEGINNING + timedelta(seconds=int(written))
        if format_ == ISO:
            return datetime.fromisoformat(written)
        return datetime.strptime(written, format_)  # noqa: DTZ007  the zone is the mapping's
    except (ValueError, OverflowError):
        return _midnight(written, format_)


def _midnight(written: str, format_: str) -> datetime | None:
    """24:00 is the end of the day."""
    if "24:00" not in written:
        return None
    earlier = _parsed(written.replace("24:00", "00:00", 1), format_)
    return None if earlier is None else earlier + timedelta(days=1)
