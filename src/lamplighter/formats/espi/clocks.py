"""A time zone as ESPI's LocalTimeParameters has it: an offset, and rules for the days on which clocks change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from lamplighter.formats.walltime import clock_changes

NO_RULE = "FFFFFFFF"
LAST = 7  # operator: the last such weekday of the month
YEAR = 366 * 86_400


@dataclass(frozen=True, slots=True)
class LocalTime:
    """Seconds from UTC in winter, seconds that summer adds, and both rules as eight hexadecimal digits."""

    offset: int
    dst_offset: int
    start_rule: str
    end_rule: str


def local_time(zone: tzinfo, epoch: int) -> LocalTime:
    """The parameters in force in the year after an instant. Rules are by weekday, as they are wherever ESPI is used."""
    changes = clock_changes(zone, epoch, epoch + YEAR)
    moves = list(zip(changes.instants.tolist(), changes.before.tolist(), changes.after.tolist(), strict=True))
    forward = next((move for move in moves if move[2] > move[1]), None)
    back = next((move for move in moves if move[2] < move[1]), None)
    if forward is None or back is None:
        offset = changes.first if not moves else moves[-1][2]
        return LocalTime(offset, 0, NO_RULE, NO_RULE)
    return LocalTime(forward[1], forward[2] - forward[1], _rule(zone, *forward[:2]), _rule(zone, *back[:2]))


def _rule(zone: tzinfo, epoch: int, before: int) -> str:
    """DstRuleType: seconds, hour, weekday (Monday is 1), no day, operator (2 first to 6 fifth, 7 last), month."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=epoch + before)
    nth = (moment.day - 1) // 7 + 1
    later = _same_month(zone, moment, before)
    operator = nth + 1 if later is None or (later.day - 1) // 7 + 1 == nth else LAST
    if nth == 5:
        operator = LAST
    seconds = moment.minute * 60 + moment.second
    bits = seconds | moment.hour << 12 | moment.isoweekday() << 17 | operator << 25 | moment.month << 28
    return f"{bits:08X}"


def _same_month(zone: tzinfo, moment: datetime, before: int) -> datetime | None:
    """The change of the same month in one of the following years that tells `fourth` from `last`."""
    for years in range(1, 7):
        begin = int(datetime(moment.year + years, moment.month, 1, tzinfo=UTC).timestamp())
        found = clock_changes(zone, begin - 86_400, begin + 32 * 86_400).instants.tolist()
        if found:
            later = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=found[0] + before)
            if (later.day - 1) // 7 != (moment.day - 1) // 7:
                return later
    return None
