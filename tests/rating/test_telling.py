"""The prices of a rate book in words: what the file says, and nothing left out."""

from __future__ import annotations

from importlib.resources import files

import pytest

from lamplighter.rating import parse
from lamplighter.rating.telling import told_condition, told_prices

BOOKS = files("lamplighter.tariffs") / "books"

D1_BASELINE = (
    "211 (gas or other, summer), 253 (gas or other, winter), 258 (permanent electric, summer), 473 (permanent electric,"
    " winter)"
)


def tariff(name: str):
    return parse((BOOKS / name).read_text(encoding="utf-8"), name).tariff


@pytest.mark.parametrize(
    ("book", "code", "told"),
    [
        ("alameda-municipal-power/d-1_2026-07-01.toml", "customer", ["$24.27 a month"]),
        ("alameda-municipal-power/d-1_2026-07-01.toml", "energy", [
            f"baseline, up to {D1_BASELINE} kWh a month: $0.13934 a kWh",
            "excess, above: $0.26723 a kWh",
        ]),
        ("alameda-municipal-power/d-1_2026-07-01.toml", "assistance", ["25 % off Customer charge, Energy"]),
        ("alameda-municipal-power/d-1_2026-07-01.toml", "medical", [
            "medical discount: not told by the source", "no medical discount: 0 % off Customer charge, Energy",
        ]),
        ("marisol-bay-power/gs-3_2026-07-01.toml", "peak_demand", [
            "summer: $14.80 a kW", "winter: $6.20 a kW",
        ]),
        ("marisol-bay-power/gs-3_2026-07-01.toml", "power_factor", [
            "below a power factor of 0.90, (0.90 / power factor - 1) of all lines of demand",
        ]),
        ("alameda-municipal-power/a-3_2026-07-01.toml", "power_factor", [
            "0.1 % for each hundredth of the power factor below 0.95 of Energy, Demand; above it as much off",
        ]),
        ("marisol-bay-power/gs-1_2026-07-01.toml", "minimum", ["at least $45 a month for Customer charge, Energy"]),
        ("marisol-bay-power/sl_2026-07-01.toml", "lamps_led_40", ["$5.45 a lamp"]),
        ("snohomish-county-pud/24_2017-10-01.toml", "minimum", [
            "at least $0.54 a day for Customer charge, Demand above 100 kW, Energy",
            "at least $0.02425 a kW a day for Customer charge, Demand above 100 kW, Energy",
        ]),
    ],
)  # fmt: skip
def test_a_line_tells_its_prices(book, code, told):
    found = tariff(book)
    assert list(told_prices(found.line(code), found)) == told


@pytest.mark.parametrize(
    ("book", "code", "whom"),
    [
        ("marisol-bay-power/r-1_2026-07-01.toml", "customer", ""),
        ("marisol-bay-power/r-1_2026-07-01.toml", "power_assist", "power assist"),
        ("alameda-municipal-power/a-1_2026-07-01.toml", "primary", "primary"),
    ],
)
def test_a_line_tells_whom_it_is_for(book, code, whom):
    assert told_condition(tariff(book).line(code).when) == whom


@pytest.mark.parametrize(
    "book", sorted(f"{utility.name}/{book.name}" for utility in BOOKS.iterdir() for book in utility.iterdir())
)
def test_every_line_of_the_books_says_something(book):
    found = tariff(book)
    assert all(told_prices(line, found) for line in found.lines)
