"""Price a shipped schedule by both calculators, from quantities that a test writes down or from a flat load."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import lamplighter
from lamplighter.kernel.periods import Period
from lamplighter.rating import BillInput, PricedBill, Tariff, asks, parse
from lamplighter.rating.files import bills as worked
from lamplighter.rating.load import load_of_kw
from lamplighter.rating.measure import measure_all
from lamplighter.rating.tariff import WorkedBill
from tests.rating.columnar.both import both
from tests.rating.writing import exact

BOOKS = Path(lamplighter.__file__).parent / "tariffs" / "books"
PACIFIC = ZoneInfo("America/Los_Angeles")
D = Decimal

__all__ = ["BOOKS", "D", "billed", "exact", "flat", "read"]


def read(book: str) -> Tariff:
    """`seattle-city-light/r_2025-01-01`."""
    path = BOOKS / f"{book}.toml"
    parsed = parse(path.read_text(encoding="utf-8"), path.name)
    assert parsed.tariff is not None, "\n".join(map(str, parsed.findings))
    return parsed.tariff


def billed(
    book: str,
    days: str,
    used: Mapping[str, str | int],
    *,
    past: Mapping[str, int] | None = None,
    since: str = "",
    cycle: str = "",
    **attributes: object,
) -> PricedBill:
    """The bill for `days` ("2019-07-01..2019-08-01", the last not billed), on which both calculators agree.

    `used` is written as in tariff files: kWh, kWh peak, kW, kVArh base, power factor. `past` are months with their kW.
    """
    period = Period(*map(date.fromisoformat, days.split("..")))
    quantities = tuple((name, D(str(value))) for name, value in used.items())
    bill = WorkedBill(
        book,
        period,
        ((period, quantities),),
        tuple((name, str(value)) for name, value in attributes.items()),
        date.fromisoformat(cycle) if cycle else None,
        past=tuple((date.fromisoformat(month), D(kw)) for month, kw in (past or {}).items()),
        since=date.fromisoformat(since) if since else None,
    )
    return worked.work(read(book), bill)


def flat(book: str, days: str, kw: int = 1, **attributes: object) -> PricedBill:
    """The bill of a load that never changes, measured hour by hour in Pacific time; both calculators agree on it."""
    period = Period(*map(date.fromisoformat, days.split("..")))
    load = load_of_kw(PACIFIC, period.start, 60, [D(kw)] * (24 * period.days + 1))
    given = BillInput(period, attributes, since=period.start)
    tariff = read(book)
    return both(tariff, given, measure_all(load, asks(tariff, given)))
