"""The statement of a segment: everything that it was computed from and what came out, as canonical JSON.

The same statement always has the same bytes and so the same SHA-256; recomputing a bill means making its statement
again. Numbers are decimal strings, days are ISO dates, keys are sorted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, PastBill, PricedBill, PricedLine, Said, Step
from lamplighter.rating.determinants import Ask
from lamplighter.rating.tariff import BillKind, Citation
from lamplighter.tariffs.queries import InForce
from lamplighter.usage.measuring import Measured

FORMAT = 1
CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)
quoted: Callable[[str], str] = json.encoder.encode_basestring
Statement = dict[str, Any]
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class MeasuredAgain:
    """Peaks that an earlier bill did not keep, since its rate looked at none: measured from the stored readings, as
    of `revision`, for a bill that looks back at them."""

    month: date
    period: Period
    peaks: Mapping[str, Decimal]
    revision: int


def written(
    *,
    tariffs: tuple[InForce, ...],
    bill: BillInput,
    measured: Measured,
    priced: PricedBill,
    again: Sequence[MeasuredAgain] = (),
    true_up: Statement | None = None,
) -> str:
    """What a segment keeps, as canonical JSON; `again` tells which of the bill's past peaks no earlier bill had kept,
    and `true_up` what the bill says of the year's settlement. What a bill knows of its year stands there only where it
    has one. The text is put together here, in the order of its keys."""
    billed = closes = remeasured = settlement = ""
    if bill.closes_year:
        billed, closes = f'"billed_this_year":"{number(bill.billed_this_year)}",', '"closes_year":true,'
    if again:
        remeasured = f'"measured_again":{_list(map(_again, again))},'
    if true_up is not None:
        settlement = f'"true_up":{canonical(true_up)},'
    facts = _object({name: quoted(str(value)) for name, value in bill.attributes.items()}) if bill.attributes else "{}"
    since = f'"{bill.since.isoformat()}"' if bill.since else "null"
    return (
        f'{{"banks":{_numbers(priced.banks)},"banks_before":{_numbers(bill.banks)},{billed}'
        f'"cents":{priced.total.cents},{closes}"determinants":{_determinants(measured.values)},'
        f'"exact":"{number(priced.exact)}","facts":{facts},"format":{FORMAT},"kind":{quoted(bill.kind)},'
        f'"lines":{_list(map(line_written, priced.lines))},{remeasured}"month":"{bill.month.isoformat()}",'
        f'"past":{_list(map(_past, bill.past)) if bill.past else "[]"},"peaks":{_numbers(priced.peaks)},'
        f'"period":{_days(bill.period)},"rounding":{quoted(priced.rounding)},'
        f'"settles":{"true" if bill.settles else "false"},"since":{since},"tariffs":{_kept_of(tariffs, _tariffs)},'
        f'{settlement}"usage":{_usage(measured)}}}'
    )


def measured_again(kept: Statement) -> list[MeasuredAgain]:
    """Which past peaks a kept statement measured itself."""
    return [
        MeasuredAgain(
            date.fromisoformat(one["month"]), _period(one["period"]),
            {key: Decimal(value) for key, value in one["peaks"].items()}, one["revision"],
        )
        for one in kept.get("measured_again", ())
    ]  # fmt: skip


def canonical(made: Statement) -> str:
    return CANONICAL.encode(made)


def read(text: str) -> Statement:
    found: Statement = json.loads(text)
    return found


def digest(made: Statement) -> str:
    return digest_of(canonical(made))


def digest_of(text: str) -> str:
    """The SHA-256 of a statement that is canonical JSON already."""
    return hashlib.sha256(text.encode()).hexdigest()


def bill_input(kept: Statement) -> BillInput:
    """The input of a kept statement, as it was."""
    return BillInput(
        period=_period(kept["period"]),
        attributes=dict(kept["facts"]),
        cycle=date.fromisoformat(kept["month"]),
        kind=BillKind(kept["kind"]),
        past=tuple(
            PastBill(date.fromisoformat(p["month"]), {key: Decimal(v) for key, v in p["peaks"].items()})
            for p in kept["past"]
        ),
        since=date.fromisoformat(kept["since"]) if kept["since"] else None,
        banks={name: Decimal(value) for name, value in kept["banks_before"].items()},
        settles=kept["settles"],
        billed_this_year=Decimal(kept.get("billed_this_year", 0)),
        closes_year=kept.get("closes_year", False),
    )


def quantities(kept: Statement, asked: Iterable[Ask]) -> dict[Ask, Decimal]:
    """The measured values of a kept statement for the asks that pricing makes again."""
    values = {(d["determinant"], *d["period"]): Decimal(d["value"]) for d in kept["determinants"]}
    return {ask: values[(ask.determinant.key, *_iso(ask.period))] for ask in asked}


def number(value: Decimal) -> str:
    """Plain digits without an exponent or trailing zeros, so that equal values are written alike."""
    text = str(value)
    if "E" in text:
        text = f"{value:f}"
    if text[-1] == "0":  # as of few
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    return text


def line_written(line: PricedLine) -> str:
    """A line of a bill, as canonical JSON."""
    quantity, exact, amount, steps, said, components = line
    one, two, three, four = _kept_of(said, _said)
    parts = ",".join([f'[{quoted(tag)},"{number(dollars)}"]' for tag, dollars in components]) if components else ""
    return (
        f'{{"cents":{amount.cents},{one},"components":[{parts}],{two},"exact":"{number(exact)}",{three},'
        f'"quantity":"{number(quantity)}","steps":{_kept_of(steps, _steps) if steps else "[]"},{four}}}'
    )


_kept: dict[int, tuple[object, Any]] = {}
KEPT = 4096  # at most


def _kept_of(shared: T, write: Callable[[T], R]) -> R:
    """The text of what many bills share, the very same tuple. It is kept with it, so that no other can
    take its id; and it never changes."""
    found = _kept.get(id(shared))
    if found is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        found = _kept[id(shared)] = shared, write(shared)
    text: R = found[1]
    return text


def _said(line: Said) -> tuple[str, str, str, str]:
    """In the four places where it stands."""
    return (
        f'"citation":{_citation(line.citation)},"code":{quoted(line.code)}',
        f'"days":{line.days}',
        (
            f'"fund":{quoted(line.fund)},"gl":{quoted(line.gl)},"kind":{quoted(line.kind)},'
            f'"label":{quoted(line.label)},"per":{quoted(line.per)},"period":{_days(line.period)},'
            f'"price":{_number(line.price)}'
        ),
        f'"tariff":{quoted(line.tariff)},"times":{_number(line.times)},"unit":{quoted(line.unit)}',
    )


def _steps(steps: tuple[Step, ...]) -> str:
    return _list(map(_step, steps))


def _step(step: Step) -> str:
    value = "null" if step.value is None else _number(step.value)
    return f'{{"unit":{quoted(step.unit)},"value":{value},"words":{quoted(step.words)}}}'


def _citation(citation: Citation) -> str:
    return f'{{"clause":{quoted(citation.clause)},"source":{quoted(citation.source)}}}'


def _past(past: PastBill) -> str:
    return f'{{"month":"{past.month.isoformat()}","peaks":{_numbers(past.peaks)}}}'


def _again(one: MeasuredAgain) -> str:
    return (
        f'{{"month":"{one.month.isoformat()}","peaks":{_numbers(one.peaks)},"period":{_days(one.period)},'
        f'"revision":{one.revision}}}'
    )


def _tariffs(tariffs: tuple[InForce, ...]) -> str:
    return _list(map(_tariff, tariffs))


def _tariff(one: InForce) -> str:
    rider = "true" if one.tariff.rider else "false"
    return (
        f'{{"code":{quoted(one.tariff.code)},"period":{_days(one.tariff.valid)},"rider":{rider},'
        f'"sha256":{quoted(one.sha256)}}}'
    )


def _usage(measured: Measured) -> str:
    band = f'"band_kwh":{_number(measured.band_kwh)},' if measured.band_kwh else ""
    return (
        f'{{{band}"estimated_kwh":{_number(measured.estimated_kwh)},"method":{quoted(measured.method)},'
        f'"reads":[{",".join(map(str, measured.reads))}],"revision":{measured.revision}}}'
    )


def _determinants(values: Mapping[Ask, Decimal]) -> str:
    """In order of their keys and days."""
    rows = [(_ask(ask), value) for ask, value in values.items()]
    if len(rows) > 1:
        rows.sort()
    return "[" + ",".join([f'{begun},"value":"{number(value)}"}}' for (_, _, begun), value in rows]) + "]"


@lru_cache(maxsize=4096)
def _ask(ask: Ask) -> tuple[str, str, str]:
    """The key of a determinant, its days, and how it begins to be told, which bills of a cycle have alike."""
    key, days = ask.determinant.key, _days(ask.period)
    return key, days, f'{{"determinant":{quoted(key)},"period":{days}'


def _numbers(values: Mapping[str, Decimal]) -> str:
    return _object({name: _number(value) for name, value in values.items()}) if values else "{}"


def _number(value: Decimal) -> str:
    return f'"{number(value)}"'


def _days(period: Period) -> str:
    end = f'"{period.end.isoformat()}"' if period.end else "null"
    return f'["{period.start.isoformat()}",{end}]'


def _object(parts: Mapping[str, str]) -> str:
    return "{" + ",".join([f"{quoted(name)}:{parts[name]}" for name in sorted(parts)]) + "}"


def _list(items: Iterable[str]) -> str:
    return "[" + ",".join(items) + "]"


def _iso(period: Period) -> tuple[str, str | None]:
    return period.start.isoformat(), period.end.isoformat() if period.end else None


def _period(days: Sequence[str | None]) -> Period:
    start, end = days
    assert start is not None
    return Period(date.fromisoformat(start), date.fromisoformat(end) if end else None)
