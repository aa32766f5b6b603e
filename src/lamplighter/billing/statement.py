"""The statement of a segment: everything that it was computed from and what came out, as canonical JSON.

The same statement always has the same bytes and so the same SHA-256; recomputing a bill means making its statement
again. Numbers are decimal strings, days are ISO dates, keys are sorted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, PastBill, PricedBill, PricedLine
from lamplighter.rating.determinants import Ask
from lamplighter.rating.tariff import BillKind
from lamplighter.tariffs.queries import InForce
from lamplighter.usage.measuring import Measured

FORMAT = 1
CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)
Statement = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MeasuredAgain:
    """Peaks that an earlier bill did not keep, since its rate looked at none: measured from the stored readings, as
    of `revision`, for a bill that looks back at them."""

    month: date
    period: Period
    peaks: Mapping[str, Decimal]
    revision: int


def statement(
    *,
    tariffs: Sequence[InForce],
    bill: BillInput,
    measured: Measured,
    priced: PricedBill,
    again: Sequence[MeasuredAgain] = (),
    true_up: Statement | None = None,
) -> Statement:
    """What a segment keeps; `again` tells which of the bill's past peaks no earlier bill had kept, and `true_up` what
    the bill says of the year's settlement. What a bill knows of its year stands there only where it has one."""
    made: Statement = {
        "format": FORMAT,
        "period": _days(bill.period),
        "kind": str(bill.kind),
        "month": bill.month.isoformat(),
        "tariffs": [
            {"code": t.tariff.code, "sha256": t.sha256, "period": _days(t.tariff.valid), "rider": t.tariff.rider}
            for t in tariffs
        ],
        "facts": {name: str(value) for name, value in bill.attributes.items()},
        "since": bill.since.isoformat() if bill.since else None,
        "past": [{"month": p.month.isoformat(), "peaks": _numbers(p.peaks)} for p in bill.past],
        "banks_before": _numbers(bill.banks),
        "settles": bill.settles,
        "usage": {
            "method": measured.method,
            "revision": measured.revision,
            "reads": list(measured.reads),
            "estimated_kwh": number(measured.estimated_kwh),
            **({"band_kwh": number(measured.band_kwh)} if measured.band_kwh else {}),
        },
        "determinants": _determinants(measured.values),
        "rounding": str(priced.rounding),
        "lines": [line_statement(line) for line in priced.lines],
        "exact": number(priced.exact),
        "cents": priced.total.cents,
        "banks": _numbers(priced.banks),
        "peaks": _numbers(priced.peaks),
    }
    if bill.closes_year:
        made |= {"closes_year": True, "billed_this_year": number(bill.billed_this_year)}
    if true_up is not None:
        made["true_up"] = true_up
    if again:
        made["measured_again"] = [
            {
                "month": one.month.isoformat(), "period": _days(one.period), "peaks": _numbers(one.peaks),
                "revision": one.revision,
            }
            for one in again
        ]  # fmt: skip
    return made


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
    return {ask: values[(ask.determinant.key, *_days(ask.period))] for ask in asked}


def number(value: Decimal) -> str:
    """Plain digits without an exponent or trailing zeros, so that equal values are written alike."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


often = lru_cache(maxsize=4096)(number)
"""The same of what comes again on every bill; equal numbers are written alike."""


def _determinants(values: Mapping[Ask, Decimal]) -> list[Statement]:
    rows = [
        {"determinant": ask.determinant.key, "period": _days(ask.period), "value": number(value)}
        for ask, value in values.items()
    ]
    return sorted(rows, key=lambda row: (str(row["determinant"]), str(row["period"])))


def line_statement(line: PricedLine) -> Statement:
    return {
        "code": line.code,
        "label": line.label,
        "kind": str(line.kind),
        "quantity": number(line.quantity),
        "unit": line.unit,
        "price": often(line.price),
        "times": often(line.times),
        "per": str(line.per),
        "exact": number(line.exact),
        "cents": line.amount.cents,
        "period": _days(line.period),
        "days": line.days,
        "tariff": line.tariff,
        "citation": {"source": line.citation.source, "clause": line.citation.clause},
        "steps": [{"words": s.words, "value": number(s.value) if s.value is not None else None, "unit": s.unit}
                  for s in line.steps],
        "components": [[tag, number(dollars)] for tag, dollars in line.components],
        "gl": line.gl,
        "fund": line.fund,
    }  # fmt: skip


def _numbers(values: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: number(value) for name, value in values.items()}


def _days(period: Period) -> list[str | None]:
    return [period.start.isoformat(), period.end.isoformat() if period.end else None]


def _period(days: Sequence[str | None]) -> Period:
    start, end = days
    assert start is not None
    return Period(date.fromisoformat(start), date.fromisoformat(end) if end else None)
