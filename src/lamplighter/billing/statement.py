"""The statement of a segment: everything that it was computed from and what came out, as canonical JSON.

The same statement always has the same bytes and so the same SHA-256; recomputing a bill means making its statement
again. docs/algorithms/statements.md tells what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from lamplighter.billing.canonical import (
    Kept,
    Statement,
    canonical,
    days_written,
    list_written,
    number,
    number_written,
    object_written,
    period_of,
    quoted,
)
from lamplighter.billing.lines_kept import lines_written
from lamplighter.kernel.periods import Period
from lamplighter.rating.bill import BillInput, PastBill, PricedBill
from lamplighter.rating.determinants import Ask
from lamplighter.rating.tariff import BillKind
from lamplighter.tariffs.queries import InForce
from lamplighter.usage.measuring import Measured

FORMAT = 2
_kept = Kept()


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
        remeasured = f'"measured_again":{list_written(map(_again, again))},'
    if true_up is not None:
        settlement = f'"true_up":{canonical(true_up)},'
    facts = {name: quoted(str(value)) for name, value in bill.attributes.items()}
    tariff = tariffs[0].tariff.version if tariffs else ""
    lines = lines_written(priced.lines, period=bill.period, tariff=tariff)
    since = f'"{bill.since.isoformat()}"' if bill.since else "null"
    return (
        f'{{"banks":{_numbers(priced.banks)},"banks_before":{_numbers(bill.banks)},{billed}'
        f'"cents":{priced.total.cents},{closes}"determinants":{_determinants(measured.values)},'
        f'"exact":"{number(priced.exact)}","facts":{object_written(facts)},"format":{FORMAT},"kind":{quoted(bill.kind)},'
        f'"lines":{lines},{remeasured}"month":"{bill.month.isoformat()}",'
        f'"past":{list_written(map(_past, bill.past)) if bill.past else "[]"},"peaks":{_numbers(priced.peaks)},'
        f'"period":{days_written(bill.period)},"rounding":{quoted(priced.rounding)},'
        f'"settles":{"true" if bill.settles else "false"},"since":{since},"tariffs":{_kept.of(tariffs, _tariffs)},'
        f'{settlement}"usage":{_usage(measured)}}}'
    )


def measured_again(kept: Statement) -> list[MeasuredAgain]:
    """Which past peaks a kept statement measured itself."""
    return [
        MeasuredAgain(
            date.fromisoformat(one["month"]), period_of(one["period"]),
            {key: Decimal(value) for key, value in one["peaks"].items()}, one["revision"],
        )
        for one in kept.get("measured_again", ())
    ]  # fmt: skip


def bill_input(kept: Statement) -> BillInput:
    """The input of a kept statement, as it was."""
    return BillInput(
        period=period_of(kept["period"]),
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


def _past(past: PastBill) -> str:
    return f'{{"month":"{past.month.isoformat()}","peaks":{_numbers(past.peaks)}}}'


def _again(one: MeasuredAgain) -> str:
    return (
        f'{{"month":"{one.month.isoformat()}","peaks":{_numbers(one.peaks)},"period":{days_written(one.period)},'
        f'"revision":{one.revision}}}'
    )


def _tariffs(tariffs: tuple[InForce, ...]) -> str:
    return list_written(map(_tariff, tariffs))


def _tariff(one: InForce) -> str:
    rider = "true" if one.tariff.rider else "false"
    return (
        f'{{"code":{quoted(one.tariff.code)},"period":{days_written(one.tariff.valid)},"rider":{rider},'
        f'"sha256":{quoted(one.sha256)}}}'
    )


def _usage(measured: Measured) -> str:
    band = f'"band_kwh":{number_written(measured.band_kwh)},' if measured.band_kwh else ""
    return (
        f'{{{band}"estimated_kwh":{number_written(measured.estimated_kwh)},"method":{quoted(measured.method)},'
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
    key, days = ask.determinant.key, days_written(ask.period)
    return key, days, f'{{"determinant":{quoted(key)},"period":{days}'


def _numbers(values: Mapping[str, Decimal]) -> str:
    return object_written({name: number_written(value) for name, value in values.items()}) if values else "{}"


def _iso(period: Period) -> tuple[str, str | None]:
    return period.start.isoformat(), period.end.isoformat() if period.end else None
