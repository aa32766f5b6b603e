"""Tariffs as data: the determinants that they need, exact prices, explanations, and a columnar second calculator.

Pure: no Django, no files, no clock. See docs/algorithms/.

The model, from the bottom up: `figures` (a number, a table, a factor), `conditions` over `attributes` of an account,
`seasons` and `hours`, `quantities`, `charges`, and `tariff`: one version of a schedule as ordered lines.

    parse(text, file) -> Parsed            a tariff file into a Tariff, with findings that name file and line
    verify(tariff) -> findings             work the bills that the file holds as its own tests
    check(tariff) -> findings              what is amiss or cannot be priced, by name
    needed(tariff) -> determinants         what a rate lab measures, without dates
    asks(versions, bill) -> asks           what to measure for one bill: determinants over service days
    asks_after(..., quantities) -> asks    and what hangs on the demand measured: hours' use in order of time
    gathered(versions, bill, meter)        the answers of a meter to both
    measure_all(load, asks) -> quantities  plainly and exactly, from intervals
    spread(asks, period, totals)           the same from totals, by average daily use
    price(versions, bill, quantities)      one bill exactly: lines that foot to the total
    explain(bill) -> sentences             where each line came from
    price_months(versions, load, ...)      a run of bills on one load, with ratchets and banks carried on

URDB is an import format: `rating.urdb.read` and `convert` make a Tariff of it.
"""

from lamplighter.rating.bill import BillInput, PastBill, PricedBill, PricedLine, Quantities, Step
from lamplighter.rating.checks import check, check_book
from lamplighter.rating.determinants import Ask, Band, DemandWindow, Determinant, What
from lamplighter.rating.explain import explain, explain_line, explain_total
from lamplighter.rating.files import Parsed, parse, verify
from lamplighter.rating.load import Interval, Load, load_of, load_of_kw
from lamplighter.rating.measure import Measurement, measure, measure_all
from lamplighter.rating.needs import needed, to_record
from lamplighter.rating.price import asks, asks_after, gathered, price
from lamplighter.rating.proration import spread
from lamplighter.rating.refusals import CannotMeasure, CannotPrice
from lamplighter.rating.tariff import BillKind, Kind, Line, RoundingRule, Status, Tariff, with_riders
from lamplighter.rating.year import BilledMonth, Year, price_months

__all__ = [
    "Ask",
    "Band",
    "BillInput",
    "BillKind",
    "BilledMonth",
    "CannotMeasure",
    "CannotPrice",
    "DemandWindow",
    "Determinant",
    "Interval",
    "Kind",
    "Line",
    "Load",
    "Measurement",
    "Parsed",
    "PastBill",
    "PricedBill",
    "PricedLine",
    "Quantities",
    "RoundingRule",
    "Status",
    "Step",
    "Tariff",
    "What",
    "Year",
    "asks",
    "asks_after",
    "check",
    "check_book",
    "explain",
    "explain_line",
    "explain_total",
    "gathered",
    "load_of",
    "load_of_kw",
    "measure",
    "measure_all",
    "needed",
    "parse",
    "price",
    "price_months",
    "spread",
    "to_record",
    "verify",
    "with_riders",
]
