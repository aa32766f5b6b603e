"""Print what was priced: JSON whose numbers are exactly the decimals, or a table for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from lamplighter.kernel.findings import Finding
from lamplighter.kernel.money import total
from lamplighter.rating.exact import plain
from lamplighter.rating.tariff import Kind
from lamplighter.rating.year import BilledMonth

Answer: TypeAlias = "Mapping[str, Answer] | Sequence[Answer] | Decimal | int | str | bool | None"

COLUMNS = {
    "energy": (Kind.ENERGY, Kind.EXPORT),
    "fixed": (Kind.FIXED,),
    "demand_flat": (Kind.DEMAND,),
    "demand_tou": (Kind.TOU_DEMAND,),
    "minimum_adj": (Kind.MINIMUM,),
    "other": (Kind.RIDER, Kind.DISCOUNT, Kind.TAX, Kind.CREDIT),
}


def as_json(tariff: str, calendar: str, months: Sequence[BilledMonth], *, exact: bool) -> str:
    """`exact`: before rounding; else whole cents as billed."""
    rows = [_month(month, exact=exact) for month in months]
    whole = sum((row["bill"] for row in rows if isinstance(row["bill"], Decimal)), Decimal(0))
    return "".join(written({"tariff": tariff, "calendar": calendar, "months": rows, "total": plain(whole)}))


def refusal_as_json(findings: Sequence[Finding]) -> str:
    listed: list[Answer] = [
        {
            "code": finding.code,
            "severity": finding.severity.name.lower(),
            "file": finding.place.file,
            "line": finding.place.line,
            "field": finding.place.field,
            "message": finding.message,
            "remedy": finding.remedy,
        }
        for finding in findings
    ]
    return "".join(written({"refused": listed}))


def as_table(tariff: str, months: Sequence[BilledMonth], *, exact: bool) -> str:
    heads = ["month", *COLUMNS, "bill", "kwh", "peak_kw"]
    rows = [[_cell(_month(month, exact=exact)[head]) for head in heads] for month in months]
    whole = sum(((m.bill.exact if exact else m.bill.total.dollars) for m in months), Decimal(0))
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [heads, *rows]]
    return "\n".join([tariff, *lines, f"total {plain(whole)}"])


def _month(month: BilledMonth, *, exact: bool) -> dict[str, Answer]:
    bill = month.bill
    row: dict[str, Answer] = {
        "month": bill.period.last_day.month,
        "from": bill.period.start.isoformat(),
        "to": bill.period.last_day.isoformat(),
    }
    for name, kinds in COLUMNS.items():
        shown = total(line.amount for line in bill.lines if line.kind in kinds).dollars
        row[name] = plain(bill.of(*kinds) if exact else shown)
    row["bill"] = plain(bill.exact if exact else bill.total.dollars)
    return {**row, "kwh": plain(month.kwh), "peak_kw": plain(month.peak_kw)}


def _cell(value: Answer) -> str:
    return f"{value:,.2f}" if isinstance(value, Decimal) else str(value)


def written(value: Answer) -> Iterator[str]:
    """JSON text in which a Decimal stands digit for digit, which `json` cannot write."""
    match value:
        case Decimal():
            yield format(value, "f")
        case Mapping():
            yield "{"
            for i, (name, item) in enumerate(value.items()):
                yield f"{', ' if i else ''}{json.dumps(name)}: "
                yield from written(item)
            yield "}"
        case str() | int() | bool() | None:
            yield json.dumps(value)
        case _:
            yield "["
            for i, item in enumerate(value):
                yield ", " if i else ""
                yield from written(item)
            yield "]"
