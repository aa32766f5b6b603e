"""Lines in a statement: told in few bytes, since every bill has some, for ever.

Format 2 tells a line as a list, in the order of `NAMES`; what a line nearly always is goes untold, and stands in an
object at the end where it is otherwise (`_unless_told`). Format 1 told each as an object with all its names. Whoever
reads lines gets them so, whichever format they were written in (docs/algorithms/statements.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from lamplighter.billing.canonical import (
    Kept,
    Statement,
    days_written,
    list_written,
    number,
    number_written,
    period_of,
    quoted,
)
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import PricedLine, Said, Step
from lamplighter.rating.charges import Per

NAMES = ("cents", "exact", "quantity", "code", "label", "kind", "unit", "price", "gl", "citation")
CITATION = ("source", "clause")
STEP = ("words", "value", "unit")
ONE = Decimal(1)
RUNS = 100  # of days and tariffs whose lines are kept as text
Line = dict[str, Any]


def lines_told(kept: Statement) -> list[Line]:
    """The lines of a statement of either format, each with all its names."""
    if kept["format"] == 1:
        lines: list[Line] = kept["lines"]
        return lines
    usual = _unless_told(kept)
    return [_line(row, usual) for row in kept["lines"]]


def _unless_told(kept: Statement) -> Line:
    """What a line is that doesn't say otherwise: a charge for each unit, without steps, components and fund, over the
    days of the statement, of the first of its tariffs."""
    return {
        "components": [], "days": period_of(kept["period"]).days, "fund": "", "per": Per.UNIT.value,
        "period": kept["period"], "steps": [], "tariff": tariff_of(kept), "times": "1",
    }  # fmt: skip


def tariff_of(kept: Statement) -> str:
    """The version of a tariff that a line is of which names none."""
    return next((f"{one['code']} of {one['period'][0]}" for one in kept["tariffs"]), "")


def _line(row: Sequence[Any], usual: Line) -> Line:
    line = usual | dict(zip(NAMES, row, strict=False))
    if len(row) > len(NAMES):
        line |= row[-1]
    line["citation"] = dict(zip(CITATION, line["citation"], strict=True))
    line["steps"] = [dict(zip(STEP, step, strict=True)) for step in line["steps"]]
    return line


def lines_written(lines: Iterable[PricedLine], *, period: Period, tariff: str) -> str:
    """The lines of a bill over `period`, nearly all of one version of a `tariff`, as canonical JSON of format 2."""
    key = period.start, period.end, tariff
    alike = _alike.get(key)
    if alike is None:
        if len(_alike) >= RUNS:
            _alike.clear()
        alike = _alike[key] = Kept()

    def said(line: Said) -> tuple[str, str, str]:
        return _said(line, period, tariff)

    return list_written([_written(line, *alike.of(line.said, said)) for line in lines])


_alike: dict[tuple[date, date | None, str], Kept] = {}
_steps_kept = Kept()


def _written(line: PricedLine, same: str, before: str, after: str) -> str:
    """`same` is what all such lines say, `before` and `after` what is not as usual with them, in the order of names
    around their steps."""
    quantity, exact, amount, steps, _, components = line
    parts = f'"components":{_components(components)},' if components else ""
    parts += before
    if steps:
        parts += f'"steps":{_steps_kept.of(steps, _steps)},'
    parts += after
    besides = f",{{{parts[:-1]}}}" if parts else ""
    return f'[{amount.cents},"{number(exact)}","{number(quantity)}",{same}{besides}]'


def _said(line: Said, period: Period, tariff: str) -> tuple[str, str, str]:
    before = f'"days":{line.days},' if line.days != period.days else ""
    before += f'"fund":{quoted(line.fund)},' if line.fund else ""
    before += f'"per":{quoted(line.per)},' if line.per is not Per.UNIT else ""
    before += f'"period":{days_written(line.period)},' if line.period != period else ""
    after = f'"tariff":{quoted(line.tariff)},' if line.tariff != tariff else ""
    after += f'"times":{number_written(line.times)},' if line.times != ONE else ""
    words = [line.code, line.label, line.kind, line.unit, number(line.price), line.gl]
    cited = [line.citation.source, line.citation.clause]
    return f"{','.join(map(quoted, words))},{list_written(map(quoted, cited))}", before, after


def _components(components: tuple[tuple[str, Decimal], ...]) -> str:
    return list_written([f'[{quoted(tag)},"{number(dollars)}"]' for tag, dollars in components])


def _steps(steps: tuple[Step, ...]) -> str:
    return list_written(map(_step, steps))


def _step(step: Step) -> str:
    value = "null" if step.value is None else number_written(step.value)
    return list_written((quoted(step.words), value, quoted(step.unit)))
