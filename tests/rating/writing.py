"""Write small tariffs as an analyst would, in the words of the file format, and price them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from lamplighter.kernel.periods import Period
from lamplighter.rating import BillInput, PricedBill, Tariff, asks, parse, price
from lamplighter.rating.files.bills import name_of
from lamplighter.rating.proration import whole

HEAD = """
[tariff]
utility = "Test City"
code = "{code}"
name = "Test"
valid_from = {start}
{end}
[[source]]
id = "book"
title = "Written for a test"

[rounding]
rule = "{rounding}"
stated = true
"""
AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))


def text_of(
    body: str, *, code: str = "T", start: str = "2020-01-01", end: str = "", rounding: str = "each line", head: str = ""
) -> str:
    written = HEAD.format(code=code, start=start, end=f"valid_to = {end}" if end else "", rounding=rounding)
    return written.replace("[[source]]", f"{head}\n[[source]]", 1) + body


def tariff(body: str, **head: str) -> Tariff:
    parsed = parse(text_of(body, **head), "test.toml")
    assert parsed.tariff is not None, "\n".join(map(str, parsed.findings))
    return parsed.tariff


def findings(body: str, **head: str) -> list[str]:
    return [
        f"{f.place.line}: {f.message} {f.remedy}".strip() for f in parse(text_of(body, **head), "test.toml").findings
    ]


def bill(
    versions: Tariff | list[Tariff],
    used: Mapping[str, str | int],
    *,
    period: Period = AUGUST,
    given: BillInput | None = None,
    **attributes: object,
) -> PricedBill:
    """Price from quantities named as people name them: kWh, kWh received, kW peak. Parts go by average daily use."""
    wanted = given or BillInput(period, attributes)
    answers = {}
    for ask in asks(versions, wanted):
        total = Decimal(str(used[name_of(whole(ask.determinant))]))
        season = ask.determinant.season
        days = sum(season is None or day in season for day in ask.period)
        answers[ask] = total * days / wanted.period.days if ask.determinant.what.adds_up else total
    return price(versions, wanted, answers)


def exact(priced: PricedBill, code: str) -> Decimal:
    return sum((line.exact for line in priced.line(code)), Decimal(0))
