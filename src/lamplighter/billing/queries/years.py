"""What a bill knows of its year: whether it settles the banks, and what an annual minimum has been billed already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.billing.canonical import Statement
from lamplighter.billing.lines_kept import lines_told
from lamplighter.billing.models import Segment
from lamplighter.billing.queries.reading_tariffs import versions_of
from lamplighter.billing.rules import CannotBill
from lamplighter.billing.years import Year, year_of
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.rating.charges import Minimum, Settle
from lamplighter.rating.reach import members
from lamplighter.rating.tariff import Line, PartYear, RoundingRule, Tariff
from lamplighter.tariffs.queries import as_written

NO_YEAR = (
    "{code} has a minimum for the year, and nothing says when its year closes. State true_up_month, or put [true_up]"
    " into the rate."
)
PART_YEAR = (
    "{code} was served for a part of its year only, and does not say what its annual minimum then is. Write part_year"
    " in the rate's [true_up]."
)
TWO = "{code} has more than one annual minimum, which one bill cannot add up. Charge them as an invoice."


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """What of its year goes into the price of a bill; `ends` is the month of the next true-up, or of this one."""

    settles: bool = False
    closes: bool = False
    billed: Decimal = Decimal(0)
    ends: date | None = None


NO_YEAR_NEEDED = YearSoFar()


def year_so_far(
    versions: Sequence[Tariff], *, told: object, since: date, period: Period, month: date, leaves: bool,
    earlier: Sequence[Segment],
) -> YearSoFar:  # fmt: skip
    """The year of a bill of these days. `told` is the agreement's own month, `since` when it came onto the tariff,
    `earlier` its live segments, newest first. Raises CannotBill where a minimum asks for what nobody states."""
    last = versions[-1]
    minimums = [line for version in versions for line in version.lines if is_annual(line)]
    settling = any(isinstance(line.charge, Settle) for version in versions for line in version.lines)
    if not minimums and not settling:
        return NO_YEAR_NEEDED
    if len({line.code for line in minimums}) > 1:
        raise CannotBill("billing.annual-minimum", TWO.format(code=last.code))
    before = [segment for segment in earlier if segment.period.closed_end <= period.start]
    year = year_of(
        last.true_up, own=told, since=since, month=month, before=before[0].month if before else None, leaves=leaves
    )
    if not minimums:
        return YearSoFar(leaves) if year is None else YearSoFar(year.closes, ends=year.ends)
    if year is None:
        raise CannotBill("billing.annual-minimum", NO_YEAR.format(code=last.code))
    closes = year.closes and _asked_for(year, last, leaves=leaves)
    billed = _billed(before, year.after) if closes else Decimal(0)
    return YearSoFar(settling and year.closes, closes, billed, year.ends)


def has_year(versions: Sequence[Tariff]) -> bool:
    """Whether bills know of their year: some minimum is for the year, or banks are settled."""
    return any(is_annual(line) or isinstance(line.charge, Settle) for version in versions for line in version.lines)


def is_annual(line: Line) -> bool:
    return isinstance(line.charge, Minimum) and line.charge.annual


def _asked_for(year: Year, tariff: Tariff, *, leaves: bool) -> bool:
    """Whether the minimum is asked for in this year; of a part of one, as the tariff says."""
    if year.begun is None and not leaves:
        return True
    said = tariff.true_up.part_year if tariff.true_up else None
    if said is None:
        raise CannotBill("billing.annual-minimum", PART_YEAR.format(code=tariff.code))
    return said is PartYear.WHOLE


def _billed(before: Iterable[Segment], after: date) -> Decimal:
    """What the lines that a minimum covers came to on the bills of the year, newest first, back to the last close."""
    found = Decimal(0)
    for segment in before:
        if segment.month <= after or segment.statement.get("closes_year"):
            break
        found += _covered(segment.statement)
    return found


def _covered(kept: Statement) -> Decimal:
    """What the lines under the annual minimum of a bill's own tariffs came to."""
    texts = {one["sha256"]: as_written(one["sha256"]) for one in kept["tariffs"]}
    found = Decimal(0)
    codes = {code for version in versions_of(kept, texts) for code in _under_minimum(version)}
    in_cents = any(v.rounding.rule is RoundingRule.EACH_LINE and v.rounding.tax_on_rounded for v in texts.values())
    for line in lines_told(kept):
        if line["code"] in codes:
            found += Money.nearest(Decimal(line["exact"])).dollars if in_cents else Decimal(line["exact"])
    return found


def _under_minimum(version: Tariff) -> set[str]:
    """Codes of the lines that the annual minimum of a tariff is held against."""
    return {code for line in version.lines if is_annual(line) for code in members(version.lines, line)}
